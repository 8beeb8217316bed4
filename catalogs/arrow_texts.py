"""Distinct values kept as Arrow texts: a million of them take their bytes, and become objects when asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from catalogs.arrow_arrays import codes_of, mask_of, places_of, strings_of, text_of, truths_of
from catalogs.arrow_reading import SPACES
from catalogs.coded import Coded, coded_column
from catalogs.credits import parse_approvals

_BLOCK = 8192
_NUMBERED = f"^(?P<approver>[^#@;{SPACES}]+)#[^#@;{SPACES}]+(?P<window>@[^#@;{SPACES}]+)?$"
"""One approval with a number, without any space."""


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


@dataclass(frozen=True, slots=True, eq=False)
class ApprovalTexts(Texts):
    """Hold the approvals of cells in their canonical text."""

    bare: pa.DictionaryArray
    """The same texts without numbers."""

    def value(self, text: str) -> Any:
        """Return the approvals of one cell."""
        return parse_approvals(text)

    def without_numbers(self) -> Coded:
        """Return for each text its approvals with no number, each once."""
        found = coded_column(list(map(self.value, strings_of(self.bare.dictionary))))
        return Coded(found.codes[codes_of(self.bare)], found.values)


def without_numbers(texts: pa.Array) -> tuple[pa.DictionaryArray, npt.NDArray[np.bool_]]:
    """Return the texts of approvals without their numbers, and which of them are one approval that has a number."""
    parts = pc.extract_regex(texts, _NUMBERED)
    numbered = truths_of(parts.is_valid())
    bare = pc.binary_join_element_wise(*parts.flatten(), text_of("", texts.type))
    others = mask_of(~numbered)  # several approvals, or none
    rest = pc.replace_substring_regex(texts.filter(others), "#[^@;]*", "")
    return pc.dictionary_encode(pc.replace_with_mask(bare, others, rest)), numbered
