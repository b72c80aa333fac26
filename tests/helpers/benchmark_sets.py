"""Small invented sets of papers with their truth, as benchmarks read them."""

import random

import pandas as pd

WORDS = """amber basalt cedar delta ember fjord gravel harbour island juniper kelp lagoon meadow
nectar orchard pebble quarry river summit tundra umbra valley willow yarrow zephyr lichen""".split()
FAMILIES = "Aalto Brandt Castro Duarte Eriksen Farkas Grieg Hoxha Ito Jansen Kovacs Lund".split()


def invented_papers(seed, n=45):
    """n papers, two thirds of them twice: the copy has initials and may lack venue or year."""
    rng = random.Random(seed)
    rows = []
    for number in range(n):
        title = f"On {' '.join(rng.sample(WORDS, 5))} under {rng.choice(WORDS)} conditions"
        authors = rng.sample(FAMILIES, 3)
        row = {
            "record_id": f"r{number}",
            "title": title,
            "authors": " and ".join(f"{name}, Maria" for name in authors),
            "year": str(rng.randint(1990, 2020)),
            "venue": f"Journal of {rng.choice(WORDS)} studies",
            "volume": str(rng.randint(1, 60)),
            "pages": str(rng.randint(1, 900)),
            "paper": f"p{number}",
        }
        rows.append(row)
        if number % 3:
            copy = row | {"record_id": f"copy{number}", "title": title.upper()}
            copy["authors"] = " and ".join(f"{name}, M." for name in authors)
            copy |= {rng.choice(["venue", "year", "pages"]): None}
            rows.append(copy)
    return pd.DataFrame(rows)


def write_clusters(folder, papers):
    folder.mkdir(parents=True)
    papers.drop(columns="paper").to_csv(folder / "records.csv", index=False)
    gold = papers[["record_id", "paper"]].rename(columns={"paper": "cluster_id"})
    gold.to_csv(folder / "gold.csv", index=False)


def write_split(folder, papers):
    """Each record with the two that follow it; every other one's to train, the rest to validate."""
    (folder / "splits").mkdir(parents=True)
    papers.drop(columns="paper").to_csv(folder / "records.csv", index=False)
    ids, paper = papers["record_id"].tolist(), papers["paper"].tolist()
    pairs = [
        (ids[k], ids[k + step], int(paper[k] == paper[k + step]))
        for k in range(len(ids) - 2)
        for step in (1, 2)
    ]
    table = pd.DataFrame(pairs, columns=["left_id", "right_id", "label"])
    table[table.index % 4 < 2].to_csv(folder / "splits" / "train.csv", index=False)
    table[table.index % 4 > 1].to_csv(folder / "splits" / "valid.csv", index=False)


def write_sets(folder):
    """Sets that number their records alike; "paired" and "shared" hold the very same records."""
    write_clusters(folder / "first", invented_papers(1))
    write_clusters(folder / "second", invented_papers(2))
    write_split(folder / "paired", invented_papers(3))
    write_clusters(folder / "shared", invented_papers(3))
    (folder / "notes").mkdir()
