"""Distinct values kept as Arrow texts: a million of them take their bytes, and become objects when asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from catalogs.arrow_arrays import codes_of, places_of, strings_of
from catalogs.coded import Coded, coded_column
from catalogs.credits import parse_approvals

_BLOCK = 8192


@dataclass(frozen=True, slots=True, eq=False)
class Texts(Sequence[Any]):
    """Hold texts."""

    texts: pa.Array

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> list[Any]: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return self.take(range(len(self))[place])
        return self.value(self.texts[int(place)].as_py())

    def __iter__(self) -> Iterator[Any]:
        for first in range(0, len(self), _BLOCK):
            yield from map(self.value, strings_of(self.texts[first : first + _BLOCK]))

    def take(self, places: Sequence[int]) -> list[Any]:
        """Return the values at these places."""
        return list(map(self.value, strings_of(self.texts.take(places_of(np.asarray(places, np.int64))))))

    def value(self, text: str) -> Any:
        """Return the value a text stands for."""
        return text


class ApprovalTexts(Texts):
    """Hold the approvals of cells in their canonical text."""

    __slots__ = ()

    def value(self, text: str) -> Any:
        """Return the approvals of one cell."""
        return parse_approvals(text)

    def without_numbers(self) -> Coded:
        """Return for each text its approvals with no number, each once."""
        bare = pc.dictionary_encode(pc.replace_substring_regex(self.texts, "#[^@;]*", ""))
        found = coded_column(list(map(self.value, strings_of(bare.dictionary))))
        return Coded(found.codes[codes_of(bare)], found.values)
