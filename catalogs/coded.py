"""A table of any size, column by column: each distinct value once, a code a row, a record when asked for."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, repeat
from operator import attrgetter
from typing import TYPE_CHECKING, Any, overload

from catalogs.records import Approval, Offering
from catalogs.schema import OFFERINGS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MOST_KEPT = 50_000
"""As many records are kept once they were made: making a million takes memory that nobody may have."""
_BLOCK = 8192
_FIELDS = {"hours": "minutes"}
"""Columns whose field of an `Offering` has another name."""


@dataclass(frozen=True, slots=True, eq=False)
class Coded(Sequence[Any]):
    """Hold a column: row n has the value `values[codes[n]]`.

    Rows of one code have one value; `values` are distinct, and each is some row's, unless `distinct` is false.
    """

    codes: "npt.NDArray[np.int32]"
    values: Sequence[Any]
    distinct: bool = True

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> list[Any]: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return self._of(self.codes[place])
        return self.values[self.codes[place]]

    def __iter__(self) -> Iterator[Any]:
        if len(self.values) == 1:
            return repeat(self.values[0], len(self))
        return chain.from_iterable(self[first : first + _BLOCK] for first in range(0, len(self), _BLOCK))

    def take(self, places: Sequence[int]) -> list[Any]:
        """Return the values of these rows."""
        import numpy as np

        return self._of(self.codes[np.asarray(places, dtype=np.int64)])

    def _of(self, codes: "npt.NDArray[np.int32]") -> list[Any]:
        return taken(self.values, codes.tolist())


def taken(values: Sequence[Any], places: Sequence[int]) -> list[Any]:
    """Return the values at these places; a column or another sequence with a faster way of its own is asked for it."""
    take: Callable[[Sequence[int]], list[Any]] | None = getattr(values, "take", None)
    return take(places) if take else [values[place] for place in places]


def coded_column(values: Sequence[Any]) -> Coded:
    """Return a column of hashable values with each distinct one once, in the order in which they appear."""
    import numpy as np

    known: dict[Any, int] = {}
    codes = [known.setdefault(value, len(known)) for value in values]
    return Coded(np.array(codes, dtype=np.int32), list(known))


class Offerings(Sequence[Offering]):
    """Hold offerings sorted by id, as columns; each record is made when it is asked for."""

    def __init__(
        self, values: Mapping[str, Sequence[Any]] | None, records: tuple[Offering, ...] | None = None
    ) -> None:
        self._columns_given, self._records = values, records

    @cached_property
    def _values(self) -> dict[str, Sequence[Any]]:
        if self._columns_given is not None:
            return {name: self._columns_given[name] for name in OFFERINGS.header}
        return {
            name: list(map(attrgetter(_FIELDS.get(name, name)), self._records or ()))
            for name in OFFERINGS.header
        }

    @cached_property
    def _ids(self) -> Sequence[str]:
        if self._records is None:
            return self._values[OFFERINGS.key]
        return [one.offering_id for one in self._records]

    @cached_property
    def columns(self) -> Mapping[str, Coded]:
        """Return the columns of the table by name, coded."""
        return {
            name: values if isinstance(values, Coded) else coded_column(values)
            for name, values in self._values.items()
        }

    @cached_property
    def approvals_without_numbers(self) -> Coded:
        """Return who approves each offering and when, but not under which number: of many offerings the same."""
        column = self.columns["approvals"]
        ask: Callable[[], Coded] | None = getattr(column.values, "without_numbers", None)
        bare = ask() if ask else coded_column([_without_numbers(value) for value in column.values])
        return Coded(bare.codes[column.codes], bare.values)

    def place(self, offering_id: str) -> int | None:
        """Return the row of an id, or None."""
        place = bisect_left(self._ids, offering_id)
        return place if place < len(self) and self._ids[place] == offering_id else None

    def take(self, places: Sequence[int]) -> tuple[Offering, ...]:
        """Return the records of these rows, in their order."""
        if self._records is not None:
            return tuple(self._records[place] for place in places)
        return tuple(map(Offering, *(taken(values, places) for values in self._values.values())))

    def with_records(self, records: Iterable[Offering]) -> "Offerings":
        """Return the same offerings with these among them, each in place of the one with its id if there is one."""
        changed = {one.offering_id: one for one in records}
        if not changed:
            return self
        if len(self) <= MOST_KEPT:
            kept = [changed.pop(one.offering_id, one) for one in self]
            return coded([*kept, *changed.values()])
        new = sorted(changed.values(), key=attrgetter("offering_id"))
        replaced = [place for one in new if (place := self.place(one.offering_id)) is not None]
        ids = self._ids
        # Where each new row goes among the rows that stay.
        before = [
            bisect_left(ids, one.offering_id) - bisect_left(replaced, bisect_left(ids, one.offering_id))
            for one in new
        ]
        return Offerings(
            {
                name: _with_values(
                    column, replaced, before, [getattr(one, _FIELDS.get(name, name)) for one in new]
                )
                for name, column in self.columns.items()
            }
        )

    @cached_property
    def _kept(self) -> tuple[Offering, ...]:
        return self._records if self._records is not None else tuple(map(Offering, *self._values.values()))

    def __len__(self) -> int:
        return len(self._values[OFFERINGS.key]) if self._records is None else len(self._records)

    @overload
    def __getitem__(self, place: int) -> Offering: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Offering, ...]: ...
    def __getitem__(self, place: int | slice) -> Offering | tuple[Offering, ...]:
        if isinstance(place, slice):
            return self.take(range(len(self))[place])
        if len(self) <= MOST_KEPT:
            return self._kept[place]
        return Offering(*(values[place] for values in self._values.values()))

    def __iter__(self) -> Iterator[Offering]:
        if len(self) <= MOST_KEPT:
            return iter(self._kept)
        return map(Offering, *self._values.values())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Offerings):
            return NotImplemented
        same = len(self) == len(other)
        return self is other or (same and all(one == two for one, two in zip(self, other, strict=True)))

    def __hash__(self) -> int:
        return hash((len(self), self[0].offering_id if self else ""))

    def __repr__(self) -> str:
        return f"<{len(self)} offerings>"


def _with_values(column: Coded, gone: Sequence[int], before: Sequence[int], more: Sequence[Any]) -> Coded:
    """Return a column without some rows and with others, each before a row that stays."""
    import numpy as np

    values = [*column.values, *more]
    first: dict[Any, int] = {}
    places = {value: first.setdefault(value, n) for n, value in enumerate(values)} if column.distinct else {}
    codes = [places.get(value, len(column.values) + n) for n, value in enumerate(more)]
    kept = np.delete(column.codes, list(gone))
    return Coded(np.insert(kept, list(before), codes).astype(np.int32), values, column.distinct)


def _without_numbers(approvals: tuple[Approval, ...]) -> tuple[Approval, ...]:
    return tuple(dict.fromkeys(replace(one, number="") for one in approvals))


def coded(offerings: Sequence[Offering]) -> Offerings:
    """Return records as columns, sorted by id."""
    if isinstance(offerings, Offerings):
        return offerings
    return Offerings(None, tuple(sorted(offerings, key=attrgetter("offering_id"))))
