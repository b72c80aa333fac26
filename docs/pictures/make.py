"""The pictures of README and site: pages of real runs on the demo's records, in light and dark.

Run `python docs/pictures/make.py` after a change of a page; it needs the extra `dev` and Chromium.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent
RECORDS = FOLDER.parents[1] / "gold" / "records.jsonl"
LINKAGE = [sys.executable, "-m", "linkage"]
# two records of one report, and the two circles of a person's co-authors
PAPERS = "left=003_b36c2fbe692e6225%3A2&right=001_625e3b3e8e8c199b%3A2"
PEOPLE = "left=002_4fc5f8e90c467f07%3A43%231&right=001_625e3b3e8e8c199b%3A33%230"


@contextmanager
def review(labels: Path, *words: str) -> Iterator[str]:
    """A review of the demo's records at work: its address."""
    command = [*LINKAGE, "review", str(RECORDS), "-o", str(labels), *words]
    process = subprocess.Popen(
        [*command, "--no-browser", "--reviewer", "Ada"], stderr=subprocess.PIPE, text=True
    )
    try:
        lines = process.stderr or ()
        yield next(found[0] for line in lines if (found := re.search(r"http://\S+", line)))
    finally:
        process.kill()
        process.wait()


def take(browser: Browser, name: str, address: str, size: tuple[int, int], hide: str = "") -> None:
    """Both pictures of a page, as large as it is at most; `hide` selects what is left out."""
    for scheme in ("light", "dark"):
        page: Page = browser.new_page(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        if address.startswith("http"):  # the other joins are questions, too
            page.goto(re.sub(r"question\?.*", "question?beyond=1", address))
        page.goto(address)
        if hide:
            page.add_style_tag(content=f"{hide} {{ display: none !important }}")
        page.evaluate("scrollTo(0, 0)")
        low = page.evaluate("Math.ceil(document.body.getBoundingClientRect().bottom)")
        path = FOLDER / f"{name}-{scheme}.png"
        clip = {"x": 0, "y": 0, "width": size[0], "height": min(low, size[1])}
        page.screenshot(path=path, clip=clip)
        Image.open(path).convert("RGB").quantize(128).save(path, optimize=True)
        page.close()


def main() -> None:
    """Link the demo's records in each way, and take the pictures of what comes out."""
    chromium = shutil.which("chromium")
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = Path(made)
        report, people = folder / "report.html", folder / "people.html"
        subprocess.run([*LINKAGE, "demo", "--report", str(report)], check=True)
        files = ["-o", str(folder / "a.csv"), "--profiles", str(people)]
        subprocess.run([*LINKAGE, "authors", str(RECORDS), *files], check=True)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take(browser, "report", report.as_uri(), (1180, 820), "section:not(:has(#groups)), header")
        take(browser, "people", f"{people.as_uri()}#person:jimmy-ba", (940, 820),
             "h1, body > p, .search, details:not([open])")  # fmt: skip
        with review(folder / "papers.csv") as address:
            take(browser, "review", f"{address}papers/question?{PAPERS}", (1120, 610))
        with review(folder / "people.csv", "--people") as address:
            take(browser, "review-people", f"{address}people/question?{PEOPLE}", (1120, 1300))
        browser.close()


if __name__ == "__main__":
    main()
