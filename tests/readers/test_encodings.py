"""Which encoding a file is in: Windows-1252 unless the letters of the whole file deny it."""

import random

import pytest

from linkage import InputError, read_records
from linkage.errors import Problem
from linkage.readers.encodings import decoded, encoding_of

PLAIN = [f"{n},Editorial {n},Smith A.,2001" for n in range(60)]
# codec: names and titles that were made up for it
WRITTEN = {
    "cp1252": "Åsa Lindström; José Muñoz; François Lefèvre; Søren Kjær; “Moss” – a review",
    "mac_roman": "Åsa Lindström; José Muñoz; François Lefèvre; Jörg Weiß; Søren Kjær; João Simões",
    "cp1250": "Jiří Dvořák; Łukasz Wójcik; Zdeněk Šťastný; Béla Szőke; Željko Kovačić",
    "cp1254": "Ayşe Yıldırım; Gökhan Çağlar; Işıl Şahin; Müge Doğan",
    "cp1251": "Иван Кузнецов; Мария Соколова; Рост мхов в Эстонии; Оксана Шевченко",
    "koi8_r": "Иван Кузнецов; Мария Соколова; Рост мхов в Эстонии; Методы оценки",
    "cp1253": "Γιώργος Παπαδόπουλος; Μαρία Νικολάου; Ανάπτυξη βρύων στην Εσθονία",
    "cp932": "佐藤 健; 鈴木 さくら; 森林の苔の成長について; 高橋 直美",
    "euc_jp": "佐藤 健; 鈴木 さくら; 森林の苔の成長について; 高橋 直美",
    "gb18030": "王伟; 李娜; 中国森林苔藓生长的研究; 张小明",
    "big5": "王志明; 陳美玲; 台灣森林苔蘚生長之研究; 張雅婷",
    "euc_kr": "김철수; 이영희; 한국 숲의 이끼 성장 연구; 박지성",
}


@pytest.mark.parametrize("codec", WRITTEN)
@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_few_names_among_plain_rows_tell_the_encoding(codec, count):
    chance = random.Random(count)
    parts = WRITTEN[codec].split("; ")
    if count == 1 and codec in ("cp1250", "cp1254"):
        parts = parts[:1]  # nearly each name alone would do; a word such as Moss would not
    for _ in range(10):
        rows = PLAIN + [
            f"9,Moss,{part},2001" for part in chance.sample(parts, min(count, len(parts)))
        ]
        chance.shuffle(rows)
        text = "\n".join(["id,title,authors,year", *rows])
        data = text.encode(codec)
        assert decoded(data, encoding_of(data).codec) == text


@pytest.mark.parametrize(
    "name",
    [
        "Castañeda",
        "Åström",
        "Kjær",
        "Peña",
        "Müller",
        "O’Neil",
        "naïve",
        "½ dose",
        "50 °C",
        "Quercus×rosa",
    ],
)
def test_one_word_is_no_strong_evidence_against_windows(name):
    data = "\n".join(["id,title", *PLAIN, f"7,{name}"]).encode("cp1252")
    assert encoding_of(data).codec == "cp1252"


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_unicode_is_told_without_a_word(tmp_path, codec):
    path = tmp_path / "x.csv"
    path.write_bytes("title,authors\nMoss,Żółkowska A; 佐藤 健\n".encode(codec))
    problems: list[Problem] = []
    (people,) = read_records(path, set_aside=problems)["authors"]
    assert [person["name"] for person in people] == ["Żółkowska A", "佐藤 健"]
    assert problems == []


def test_another_encoding_is_told_with_an_example(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(f"title,authors\nMoss,{WRITTEN['mac_roman']}\n".encode("mac_roman"))
    problems: list[Problem] = []
    records = read_records(path, set_aside=problems)
    assert records["authors"].iloc[0][0]["name"] == "Åsa Lindström"
    assert [problem.where for problem in problems] == ["line 2"]
    assert "mac_roman (such as 'Åsa')" in problems[0].found


def test_an_encoding_that_is_said_is_taken(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes("title,authors\nMoss,Łuś A\n".encode("iso8859_2"))
    problems: list[Problem] = []
    records = read_records(path, encoding="iso8859_2", set_aside=problems)
    assert records["authors"].iloc[0][0]["name"] == "Łuś A"
    assert problems == []
    read_records(path, encoding="utf-8", set_aside=problems)
    assert [problem.where for problem in problems] == ["line 2, column 6"]
    with pytest.raises(InputError, match=r"found the encoding 'nope', expected one such as"):
        read_records(path, encoding="nope")


def test_bytes_that_windows_does_not_define_stay(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"title,note\nM\xe4dchen und M\xfctter,a\x81b\n")
    assert read_records(path, set_aside=[])["title"].tolist() == ["Mädchen und Mütter"]


def test_stray_zeros_make_no_utf_16(tmp_path):
    path = tmp_path / "x.csv"
    row = " \0777777777\0," * 6
    path.write_bytes(f"title,a,b,c,d,e,f\nMoss,{row}\n".encode())
    assert read_records(path, set_aside=[])["title"].tolist() == ["Moss"]


@pytest.mark.parametrize("large", [False, True])
def test_xml_that_is_not_the_utf8_it_declares(tmp_path, monkeypatch, large):
    monkeypatch.setattr("linkage.readers.streams.LARGE", 1 if large else 1 << 24)
    mods = (
        '<?xml version="1.0" encoding="UTF-8"?><modsCollection><mods><titleInfo><title>Moose für'
        " Åsa</title></titleInfo></mods></modsCollection>"
    )
    (tmp_path / "x.xml").write_bytes(mods.encode("cp1252"))
    told: list[Problem] = []
    records = read_records(tmp_path / "x.xml", set_aside=told)
    assert records["title"].tolist() == ["Moose für Åsa"]
    assert ["Windows-1252" in problem.found for problem in told] == [True]
