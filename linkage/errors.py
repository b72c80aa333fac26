"""What can go wrong, said in one clear sentence, and what is kept aside instead of dropped."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import NamedTuple


class LinkageError(ValueError):
    """Base of every error this package raises for something the caller gave it.

    Examples
    --------
    >>> try:
    ...     linkage.load_model("otters")
    ... except linkage.LinkageError as error:
    ...     print(error)
    otters: no such model file; shipped models: authors, papers_publication, papers_work
    """


class InputError(LinkageError):
    """The input as a whole can't be used; the message names file, place, found and expected.

    Examples
    --------
    >>> try:
    ...     linkage.link_papers("otters.bib")
    ... except linkage.InputError as error:
    ...     print(error)
    found a str, expected a pandas DataFrame of records, a list of dicts or an Arrow table
    """


class ModelError(LinkageError):
    """A model file is damaged, or asks for features that this version does not have.

    Examples
    --------
    >>> try:
    ...     linkage.PaperLinker("authors").predict(records)
    ... except linkage.ModelError as error:
    ...     print(error)
    the model is for authors, expected one for papers
    """


class SetAsideWarning(UserWarning):
    """Some records were kept aside; the message says how many and why.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     _ = linkage.link_papers([{"title": "Otters", "year": 20244}])
    >>> told[0].category.__name__
    'SetAsideWarning'
    """


WHOLE_FILE = "the whole file"


class ColumnWarning(UserWarning):
    """Columns of a DataFrame were read by their usual names; the message says which as what."""


class Problem(NamedTuple):
    """One record (or one value of it) that could not be used as it stands.

    `source` is the file, `where` its line or row (or the record id, where there is no file),
    `found` what stood there, `expected` what should have. `kept` tells whether the record as such
    was kept. A file that is not read is a problem, too, or one of which only the first part was
    (`kept`): `where` is `WHOLE_FILE`.

    Examples
    --------
    >>> problem = linkage.Problem("otters.bib", "line 3", "year 20244", "a year", kept=True)
    >>> print(problem)
    otters.bib: line 3: found year 20244, expected a year; record kept
    """

    source: str
    where: str
    found: str
    expected: str
    kept: bool = False

    def __str__(self) -> str:
        place = "" if self.where == WHOLE_FILE else f" {self.where}:"
        return f"{self.source}:{place} found {self.found}, expected {self.expected}; {self.fate}"

    @property
    def fate(self) -> str:
        """What became of the record, or of the file."""
        if self.where == WHOLE_FILE:
            return "file read up to there" if self.kept else "file not read"
        return "record kept" if self.kept else "record set aside"


def report(problems: list[Problem], into: list[Problem] | None) -> None:
    """Hand problems to the caller's list or, if there is none, warn once with a summary."""
    if into is not None:
        into.extend(problems)
    elif problems:
        more = f" (and {len(problems) - 1:,} more)" if len(problems) > 1 else ""
        warnings.warn(f"{problems[0]}{more}", SetAsideWarning, stacklevel=3)


def summary(problems: list[Problem]) -> str:
    """How many problems there are of each fate: `12 problems: 9 × record kept, 3 × ...`."""
    fates = Counter(problem.fate for problem in problems)
    told = ", ".join(f"{number:,} × {fate}" for fate, number in sorted(fates.items()))
    return f"{len(problems):,} problem{'s' if len(problems) > 1 else ''}: {told}"
