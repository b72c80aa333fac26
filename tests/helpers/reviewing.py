"""A review as a person holds it: the command in a process of its own, the page in Chromium."""

import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from unittest import mock

import pandas as pd
import pytest

from linkage.commands.review import review
from linkage.library.library import Library
from linkage.models import load_model
from linkage.review.server import Server
from tests.helpers.records import library, second_copy, table

CHROMIUM = shutil.which("chromium")
needs_browser = pytest.mark.skipif(
    not CHROMIUM or not find_spec("playwright"), reason="needs chromium and playwright"
)
TEAM = "Tamsin Qvarnström; Oddvar Blekastad"
NAMESAKES = [
    {"title": f"Herrings of the {place} coast", "authors": f"{name} Pszczelarz; {others}",
     "year": 2000 + k, "venue": "Invented Fish Letters", "record_id": f"fish{k}"}
    for k, (place, name, others) in enumerate([
        ("northern", "Jan", TEAM), ("southern", "J.", TEAM), ("eastern", "Jan", "Ewa Ostrowska"),
        ("western", "Jan", "Ewa Ostrowska; Ilse Mbeki"), ("outer", "J.", "Kofi Quintero"),
        ("inner", "Jan", "Per Lindqvist"), ("warm", "J.", "Siri Eskildsen"),
    ])
]  # fmt: skip


def records(n=24):
    """Papers, poor copies of them, and people of one name."""
    papers = library(n)
    copies = [second_copy(one) | {"year": 1950} for one in papers]
    return table(*papers, *copies, *NAMESAKES)


def wide(name):
    """A shipped model that finds every pair worth a look that it is not rather sure of."""
    return replace(load_model(name), review=(0.0, 0.9))


def new_library(path, made_of=None):
    """A library in which there is much to ask, whatever the shipped models say."""
    models = {"paper_model": wide("papers_publication"), "author_model": wide("authors")}
    with Library(path, **models) as opened:
        opened.update(records() if made_of is None else made_of, "one")
    return path


@contextmanager
def served(*words):
    """`linkage review WORDS` at work: its address and its process."""
    command = [sys.executable, "-m", "linkage", "review", *map(str, words), "--no-browser",
               "--reviewer", "Ada"]  # fmt: skip
    environment = os.environ | {"PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment,
        encoding="utf-8",
    )  # fmt: skip
    try:
        told = []
        for line in process.stderr:
            told.append(line)
            if found := re.search(r"http://127\.0\.0\.1:\d+/\S+/", line):
                break
        else:
            pytest.fail("".join(told))
        yield found[0], process.wait
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@contextmanager
def served_here(path, **options):
    """The same in a thread, which starts at once: its address and a function that waits for it."""
    servers = queue.Queue()

    class Known(Server):
        def run(self, opened):
            servers.put(self)
            super().run(opened)

    given = {"output": None, "people": False, "level": None, "model": None, "reviewer": "Ada",
             "port": 0, "no_browser": True, "encoding": None}  # fmt: skip
    at_work = threading.Thread(target=review, args=([path],), kwargs=given | options, daemon=True)
    with mock.patch("linkage.review.server.Server", Known):
        at_work.start()
        server = servers.get(timeout=60)
    try:
        yield server.address, at_work.join
    finally:
        server.stop()
        at_work.join(30)


def finish(page, address, wait):
    """End the review on its page, and wait until the command has done the rest."""
    page.goto(address + "finish")
    page.click("main form button")
    page.wait_for_selector("main[data-page=ended]")
    wait(60)


def answer(page, key):
    """Press one key on a question and wait for the next page."""
    page.evaluate("document.querySelector('main').dataset.old = 1")
    page.keyboard.press(key)
    page.wait_for_selector("main:not([data-old])")


def asked(page):
    """The two ids that the question on the screen is about."""
    return tuple(page.input_value(f".answers [name={side}]") for side in ("left", "right"))


def read_labels(path):
    """A file of verdicts: (left, right) -> 1, 0 or None."""
    rows = pd.read_csv(path, dtype={"left_id": str, "right_id": str}, encoding="utf-8-sig")
    same = [None if pd.isna(one) else int(one) for one in rows["same"]]
    return dict(zip(zip(rows["left_id"], rows["right_id"], strict=True), same, strict=True))
