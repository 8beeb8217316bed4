"""Tables as DataFrames, for analysts: values in, values out. Nothing that plans needs them, or pays for pandas."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from catalogs.coded import Coded
from catalogs.forms import same_text
from catalogs.records import Offering
from catalogs.schema import OFFERINGS, PASSES, Column, Table, parse_cell
from catalogs.writing import csv_text, write_whole


def frame_of(table: Table, values: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """Return values, column by column, as a DataFrame with the declared types, sorted by id."""
    keys = list(values[table.key])
    order = np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)
    return pd.DataFrame(
        {column.name: _in_order(column, values[column.name], order) for column in table.columns}
    )


def _in_order(column: Column, values: Sequence[Any], order: npt.NDArray[np.int64]) -> Any:
    if isinstance(values, Coded):
        distinct = pd.Series(_array(column, list(values.values)))
        return distinct.take(values.codes[order]).array
    return _array(column, [values[place] for place in order.tolist()])


def _array(column: Column, values: list[Any]) -> Any:
    if column.form.dtype == "datetime64[s]":
        return np.array(values, dtype="datetime64[s]")
    if column.form.dtype == "str" and column.form.write is not same_text:
        texts = {value: _write(column, value) for value in set(values)}
        values = [texts[value] for value in values]
    dtype: Any = column.form.dtype
    return pd.Series(values, dtype=dtype)


def _write(column: Column, value: Any) -> str:
    return "" if value == column.form.unknown or value is None else column.form.write(value)


def values_of(frame: pd.DataFrame, column: Column) -> list[Any]:
    """Return one column of a table as exact values; one of plain text is parsed, one not there is unknown."""
    if column.name not in frame.columns:
        return [parse_cell(column, "")] * len(frame)
    cells = frame[column.name]
    if cells.dtype == "datetime64[s]":
        days: list[Any] = cells.to_numpy().astype("datetime64[D]").tolist()
        return days
    if not pd.api.types.is_string_dtype(cells.dtype):
        return [None if value is pd.NA else value for value in cells.tolist()]
    texts = cells.tolist()
    parsed = {text: parse_cell(column, text) for text in set(texts)}
    return [parsed[text] for text in texts]


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table of offerings or passes as canonical CSV; the file is replaced whole or not at all.

    A table of plain text is parsed first and raises `BadValue` for a cell that is not sound.
    """
    declared = PASSES if PASSES.key in table.columns else OFFERINGS
    values = {column.name: values_of(table, column) for column in declared.columns}
    write_whole(csv_text(declared, values), path)


def offerings_table(offerings: Iterable[Offering]) -> pd.DataFrame:
    """Return offerings as a table with the declared types, sorted by id."""
    records = list(offerings)
    fields = {"hours": "minutes"}
    values: dict[str, Sequence[object]] = {
        name: [getattr(record, fields.get(name, name)) for record in records] for name in OFFERINGS.header
    }
    return frame_of(OFFERINGS, values)
