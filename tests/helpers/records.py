"""Invented papers for every test."""

import random

import pandas as pd

SUBJECTS = "Moss Fern Lichen Heron Otter Glacier Lagoon Basalt Pollen Beetle Kelp Salmon".split()
METHODS = "tomography spectroscopy interviews radiocarbon telemetry genotyping simulation".split()
QUALITIES = "seasonal nocturnal hidden regional juvenile alpine coastal thermal magnetic".split()
THINGS = "migration diversity erosion feeding symbiosis decline acoustics transport memory".split()
PLACES = "Estonia Tasmania Patagonia Hokkaido Galicia Svalbard Yucatan Anatolia Zealand".split()
GIVEN = "Ana Boris Chiara Dmitri Esther Farid Greta Hiro Ines Jonas Kavita Lars".split()
FAMILY = (
    "Abendroth Brzezicki Castellanos Dimitrov Eskildsen Fonseca Gudmundsson Hasegawa Ivanenko "
    "Jankowiak Kowalczyk Lindqvist Mbeki Nakagawa Okonkwo Papadakis Quintero Rasmussen"
).split()
VENUES = (
    "Journal of Invented Ecology",
    "Annals of Imaginary Geology",
    "Letters on Fictional Zoology",
    "Transactions of the Nowhere Society",
)


def paper(record_id, title, authors="Ana Abendroth; Boris Brzezicki", **fields):
    """One record as a reader would give it; what is not named is missing."""
    return {"record_id": record_id, "title": title, "authors": authors, **fields}


def table(*papers):
    """Records as a DataFrame."""
    return pd.DataFrame(list(papers))


def invented(number, seed=0):
    """One complete paper, different from every other number's."""
    rng = random.Random(seed * 1_000_003 + number)
    words = [rng.choice(QUALITIES), rng.choice(SUBJECTS).lower(), rng.choice(THINGS)]
    title = f"{rng.choice(METHODS).capitalize()} of {' '.join(words)} in {rng.choice(PLACES)}"
    other = f"{rng.choice(QUALITIES)} {rng.choice(THINGS)} near {rng.choice(PLACES)}"
    names = rng.sample(FAMILY, rng.randint(1, 4))
    first = rng.randint(1, 900)
    return paper(
        f"p{number:03}",
        f"{title} and {other}",
        "; ".join(f"{rng.choice(GIVEN)} {family}" for family in names),
        year=rng.randint(1985, 2020),
        venue=rng.choice(VENUES),
        volume=str(rng.randint(1, 60)),
        number=str(rng.randint(1, 12)),
        pages=f"{first}-{first + rng.randint(3, 20)}",
        doi=f"10.5555/nowhere.{seed}.{number}",
    )


def library(n, seed=0):
    """`n` different papers."""
    return [invented(number, seed) for number in range(n)]


def second_copy(original):
    """The same paper from a poorer source: initials, capitals, short pages, no DOI."""
    names = [name.split() for name in original["authors"].split("; ")]
    return original | {
        "record_id": original["record_id"] + "-copy",
        "title": original["title"].upper() + ".",
        "authors": "; ".join(f"{given[0]}. {family}" for given, family in names),
        "pages": original["pages"].split("-")[0],
        "doi": None,
        "number": None,
    }
