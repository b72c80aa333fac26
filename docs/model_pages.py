"""The sums of the models that ship, by which a file can be told from another."""

import hashlib
from pathlib import Path

MODELS = sorted((Path(__file__).parents[1] / "models").glob("*.json"))


def write(path: Path) -> None:
    """Write the table: the name of each model's file, and its SHA-256."""
    sums = {model.name: hashlib.sha256(model.read_bytes()).hexdigest() for model in MODELS}
    rows = [f"| `{name}` | `{told}` |" for name, told in sums.items()]
    text = "\n".join(["| model | SHA-256 |", "| --- | --- |", *rows])
    path.write_text(text + "\n", encoding="utf-8")
