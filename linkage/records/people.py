"""Authors that take little room: of a plain name no more is kept than the name and its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from linkage.names.plain import plain_parts

Author = dict[str, Any]  # keys from schema.AUTHOR_FIELDS, "name" always there

_NOTHING = pa.array([], pa.string())


class People:
    """Authors, each a dict when it is asked for, which nobody may change.

    `plain`: name, given and family names (n,) of those of whom no more is said. All `others` are
    dicts by their place, in order; of these nothing that stands in `plain` counts.
    """

    def __init__(self, plain: Sequence[pa.StringArray], others: dict[int, Author]) -> None:
        self.plain = plain
        self.others = others

    @classmethod
    def of(cls, authors: Iterable[Author]) -> People:
        """Authors that are dicts already."""
        others = dict(enumerate(authors))
        return cls([pa.nulls(len(others), pa.string())] * 3, others)

    @classmethod
    def of_names(cls, names: pa.StringArray, read: Callable[[str], Author]) -> People:
        """Authors of whom the names are said; `read` is asked of those that are not plain."""
        given, family = plain_parts(names)
        places = np.flatnonzero(given.is_null())
        others = map(read, names.take(places).to_pylist())
        return cls([names, given, family], dict(zip(places.tolist(), others, strict=True)))

    @classmethod
    def concat(cls, parts: Sequence[People]) -> People:
        """The authors of all parts, one behind the other."""
        others: dict[int, Author] = {}
        before = 0
        for part in parts:
            others |= {before + place: author for place, author in part.others.items()}
            before += len(part)
        columns = zip([_NOTHING] * 3, *(part.plain for part in parts), strict=True)
        return cls([pa.concat_arrays(column) for column in columns], others)

    def __len__(self) -> int:
        return len(self.plain[0])

    def __getitem__(self, place: int) -> Author:
        if place in self.others:
            return self.others[place]
        return _author(*(column[place].as_py() for column in self.plain))

    def __iter__(self) -> Iterator[Author]:
        for place, parts in enumerate(zip(*(c.to_pylist() for c in self.plain), strict=True)):
            yield self.others[place] if place in self.others else _author(*parts)

    def texts(self, plain: pa.StringArray, read: Callable[[Author], str]) -> pa.StringArray:
        """A text of each (n,): what is said of a plain name, and what is read of the others."""
        read_texts = pa.array([read(author) for author in self.others.values()], pa.string())
        return pc.replace_with_mask(plain, self._is_other(), read_texts)

    def names(self) -> pa.StringArray:
        """Their names as printed."""
        return self.texts(self.plain[0], lambda author: author.get("name", ""))

    def those(self, test: Callable[[Author], bool]) -> NDArray[np.bool_]:
        """Which of them pass a test that no plain name does, a mask."""
        found = self._is_other()
        found[found] = [test(author) for author in self.others.values()]
        return found

    def some(self, kept: NDArray[np.bool_]) -> People:
        """Those that are kept, a mask."""
        is_other = self._is_other()
        places = np.flatnonzero(is_other[kept]).tolist()
        others = compress(self.others.values(), kept[is_other])
        plain = [column.filter(pa.array(kept)) for column in self.plain]
        return People(plain, dict(zip(places, others, strict=True)))

    def clear(self) -> None:
        """Let go of all."""
        self.plain, self.others = [_NOTHING] * 3, {}

    def _is_other(self) -> NDArray[np.bool_]:
        found = np.zeros(len(self), dtype=np.bool_)
        found[list(self.others)] = True
        return found


def _author(name: str, given: str, family: str) -> Author:
    return {"name": name, "given": given, "family": family}
