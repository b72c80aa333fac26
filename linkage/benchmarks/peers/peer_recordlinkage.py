"""recordlinkage with its ECM classifier (expectation conditional maximisation), without labels."""

import re
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd
import recordlinkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def cleaned(records: pd.DataFrame) -> pd.DataFrame:
    """Lower-case ASCII text without punctuation, and the parts that blocking needs."""
    clean = pd.DataFrame(index=records.index)
    for name in ("title", "authors", "venue"):
        clean[name] = records[name].map(_plain).replace("", None)
    for name, pattern in _PARTS.items():
        clean[name] = records[name].str.extract(pattern, expand=False)
    clean["doi"] = clean["doi"].str.lower()
    clean["title_start"] = clean["title"].str.replace(" ", "").str[:20]
    clean["first_author"] = clean["authors"].str.extract(r"([a-z]{3,})", expand=False)
    return clean


def candidate_pairs(records: pd.DataFrame) -> pd.MultiIndex:
    """Pairs by title start, neighbouring titles, DOI, first author with year, volume with page."""
    index = recordlinkage.Index()
    index.block("title_start")
    index.sortedneighbourhood("title", window=5)
    index.block("doi")
    index.block(["first_author", "year"])
    index.block(["volume", "pages"])
    pairs: pd.MultiIndex = index.index(records)
    return pairs


def compared(pairs: pd.MultiIndex, records: pd.DataFrame) -> pd.DataFrame:
    """Agreements of each pair; fields that no record has are left out."""
    compare = recordlinkage.Compare()
    for name, method, threshold in _TEXTS:
        if records[name].notna().any():
            compare.string(name, name, method=method, threshold=threshold, label=name)
    for name in ("year", "volume", "pages", "doi"):
        if records[name].notna().any():
            compare.exact(name, name, label=name)
    features: pd.DataFrame = compare.compute(pairs, records)
    return features[features.columns[features.nunique() > 1]]


def main(records_file: str, folder: str) -> None:
    """Write the connected components of the pairs that ECM takes for the same."""
    records = pd.read_csv(records_file, dtype=str, keep_default_na=False)
    clean = cleaned(records)
    features = compared(candidate_pairs(clean), clean)
    links = recordlinkage.ECMClassifier(binarize=0.5).fit_predict(features)
    left, right = (links.get_level_values(level).to_numpy() for level in (0, 1))
    graph = coo_array((np.ones(len(left)), (left, right)), shape=(len(records), len(records)))
    label = connected_components(graph, directed=False)[1]
    clusters = pd.DataFrame({"record_id": records["record_id"], "default": label})
    clusters.to_csv(Path(folder) / "clusters.csv", index=False)


_PARTS = {
    "year": r"((?:1[5-9]|20)\d\d)",
    "volume": r"(\d+)",
    "pages": r"([A-Za-z]?\d+)",
    "doi": r"(10\..*)",
}
_TEXTS = (
    ("title", "jarowinkler", 0.9),
    ("authors", "cosine", 0.6),
    ("venue", "jarowinkler", 0.85),
)


def _plain(text: str) -> str:
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall("[a-z0-9]+", ascii_text))


if __name__ == "__main__":
    main(*sys.argv[1:])
