"""Lists of names that take little memory: each text is kept once, a list is a row of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from linkage.features.arrays import distinct_rows, objects

Name = tuple[str, str]  # family, given
Names = tuple[Name, ...]

_MOST = np.iinfo(np.int32).max
_ROWS = 10_000  # unpacked together


class NameLists:
    """Lists of (family, given). `lists[row]` is a tuple of pairs, `lists[rows]` an array of such.

    List k is what stands from `ends[k]` to `ends[k + 1]` in `codes`, the numbers of its texts,
    family and given in turn.
    """

    def __init__(self, codes: NDArray[np.int32], ends: NDArray[Any], texts: NDArray[Any]) -> None:
        self.codes = codes
        self.ends = ends
        self.texts = texts

    @classmethod
    def of(cls, lists: Iterable[Names]) -> NameLists:
        """Code lists."""
        number: dict[str, int] = {}
        codes, ends = list[int](), [0]
        for names in lists:
            codes += [number.setdefault(text, len(number)) for name in names for text in name]
            ends.append(len(codes))
        return cls(np.array(codes, dtype=np.int32), _places(ends), objects(number))

    @classmethod
    def concat(cls, parts: Sequence[NameLists]) -> NameLists:
        """The lists of all parts, one behind the other."""
        number: dict[str, int] = {}
        known = [[number.setdefault(text, len(number)) for text in part.texts] for part in parts]
        return cls.stacked(parts, [np.array(new, dtype=np.int32) for new in known], objects(number))

    @classmethod
    def stacked(
        cls, parts: Sequence[NameLists], known: Sequence[NDArray[np.int32]], texts: NDArray[Any]
    ) -> NameLists:
        """The same, where it is `known` which of `texts` those of each part are."""
        new = [texts_of[part.codes] for texts_of, part in zip(known, parts, strict=True)]
        sizes = [np.diff(part.ends).astype(np.int64) for part in parts]
        ends = np.cumsum(np.concatenate([np.zeros(1, dtype=np.int64), *sizes]))
        return cls(np.concatenate([np.empty(0, dtype=np.int32), *new]), _places(ends), texts)

    def distinct(self) -> tuple[NDArray[np.int32], NameLists]:
        """For each list its number among the different ones, and those."""
        numbers, codes, ends = distinct_rows(self.codes, self.ends)
        return numbers, NameLists(codes, _places(ends), self.texts)

    @cached_property
    def initials(self) -> NDArray[np.int32]:
        """The first letter of each text as its code point, -1 of an empty one."""
        return np.array([ord(text[0]) if text else -1 for text in self.texts], dtype=np.int32)

    def sizes(self) -> NDArray[np.int64]:
        """How many names each list has."""
        return np.diff(self.ends).astype(np.int64) // 2

    def first_families(self) -> NDArray[Any]:
        """The family name that each list begins with."""
        families: NDArray[Any] = self.texts[self.codes[self.ends[:-1]]]
        return families

    def last_families(self) -> NDArray[Any]:
        """The family name that each list ends with."""
        families: NDArray[Any] = self.texts[self.codes[self.ends[1:] - 2]]
        return families

    def __len__(self) -> int:
        return len(self.ends) - 1

    @overload
    def __getitem__(self, rows: int) -> Names: ...
    @overload
    def __getitem__(self, rows: NDArray[Any]) -> NDArray[Any]: ...
    def __getitem__(self, rows: Any) -> Any:
        if isinstance(rows, np.ndarray):
            different, place = np.unique(rows, return_inverse=True)
            return objects(self._unpack(different))[place]
        return next(self._unpack(np.array([rows])))

    def __iter__(self) -> Iterator[Names]:
        for start in range(0, len(self), _ROWS):
            yield from self._unpack(np.arange(start, min(start + _ROWS, len(self))))

    def _unpack(self, rows: NDArray[Any]) -> Iterator[Names]:
        starts, ends = self.ends[rows], self.ends[rows + 1]
        sizes = ends - starts
        before = np.cumsum(sizes) - sizes
        places = np.repeat(starts - before, sizes) + np.arange(sizes.sum())
        texts = self.texts[self.codes[places]].tolist()
        names = list(zip(texts[::2], texts[1::2], strict=True))
        return (tuple(names[a:b]) for a, b in pairwise([0, *(np.cumsum(sizes) // 2).tolist()]))


class NameRows:
    """Some rows of lists of names, unpacked when one goes over them."""

    def __init__(self, lists: NameLists, rows: NDArray[Any]) -> None:
        self.lists = lists
        self.rows = rows
        self.compared: tuple[NameRows, NDArray[np.float32]] | None = None  # with what, last

    def spans(self) -> NDArray[np.int64]:
        """Where each list starts in `lists.codes`, and how many names it has: int64 (n, 2)."""
        starts, ends = self.lists.ends[self.rows], self.lists.ends[self.rows + 1]
        return np.stack([starts, (ends - starts) // 2], axis=1).astype(np.int64)

    def first_families(self) -> NDArray[Any]:
        """The family name that each list begins with."""
        families: NDArray[Any] = self.lists.texts[self.lists.codes[self.lists.ends[self.rows]]]
        return families

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, rows: int) -> Names:
        return self.lists[int(self.rows[rows])]

    def __iter__(self) -> Iterator[Names]:
        return iter(self._unpacked)

    @cached_property
    def _unpacked(self) -> NDArray[Any]:
        return self.lists[self.rows]


def _places(ends: Any) -> NDArray[Any]:
    return np.asarray(ends, dtype=np.int32 if ends[-1] < _MOST else np.int64)
