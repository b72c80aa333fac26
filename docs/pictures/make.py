"""The pictures of the README: what `linkage demo --report` shows, in light and dark.

Run `python docs/pictures/make.py` after a change of the report; it needs Chromium.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).parent
# what was put together, without the sections around it
ONE_SECTION = "<style>section:not(:has(#groups)), header { display: none } </style>"
SCHEMES = {"dark": 0, "light": 1}  # Chromium's numbers for preferredColorScheme


def screenshot(page: Path, picture: Path, scheme: int) -> None:
    """Show the page in a headless browser and keep what it looks like, in 64 colours."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    options += [f"--blink-settings=preferredColorScheme={scheme}", "--window-size=1180,820"]
    words = ["chromium", *options, f"--screenshot={picture}", page.as_uri()]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    Image.open(picture).convert("RGB").quantize(64).save(picture, optimize=True)


def main() -> None:
    """Link the demo's records and take both pictures of the report."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        demo = [sys.executable, "-m", "linkage", "demo", "--report", str(page)]
        subprocess.run(demo, check=True)
        with page.open("a", encoding="utf-8") as stream:
            stream.write(ONE_SECTION)
        for name, scheme in SCHEMES.items():
            screenshot(page, FOLDER / f"report-{name}.png", scheme)


if __name__ == "__main__":
    main()
