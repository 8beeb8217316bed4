"""Arrow's arrays out of Python's and numpy's, and back; `pyarrow.array` and `to_numpy` would import pandas."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

type Codes = npt.NDArray[np.int32]


def texts_of(texts: Sequence[str], text_type: pa.DataType) -> pa.Array:
    """Return texts as an Arrow array of this type."""
    encoded = [text.encode() for text in texts]
    offsets = np.zeros(len(encoded) + 1, dtype=np.int64 if text_type == pa.large_string() else np.int32)
    np.cumsum(np.fromiter(map(len, encoded), dtype=offsets.dtype, count=len(encoded)), out=offsets[1:])
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(text_type, len(encoded), buffers)


def strings_of(texts: pa.Array) -> list[str]:
    """Return texts as Python's own, sooner than `to_pylist`, which makes a scalar of Arrow's of each first."""
    if not len(texts):
        return []
    kind = np.int64 if texts.type == pa.large_string() else np.int32
    offsets = np.frombuffer(texts.buffers()[1], dtype=kind)[
        texts.offset : texts.offset + len(texts) + 1
    ].tolist()
    data = bytes(memoryview(texts.buffers()[2] or b"")[offsets[0] : offsets[-1]])
    places = pairwise([offset - offsets[0] for offset in offsets])
    if data.isascii():
        whole = data.decode()
        return [whole[first:last] for first, last in places]
    return [data[first:last].decode() for first, last in places]


def text_of(text: str, text_type: pa.DataType) -> pa.Scalar:
    """Return one text as Arrow's functions take it beside an array."""
    return texts_of([text], text_type)[0]


def repeated(text: str, times: int, text_type: pa.DataType) -> pa.Array:
    """Return one text so many times."""
    return texts_of([text], text_type).take(places_of(np.zeros(times, dtype=np.int32)))


def places_of(places: npt.NDArray[np.integer]) -> pa.Array:
    """Return rows to take as an Arrow array of the same memory."""
    whole = np.ascontiguousarray(places)
    kind = pa.int32() if whole.dtype == np.int32 else pa.int64()
    return pa.Array.from_buffers(kind, len(whole), [None, pa.py_buffer(whole)])


def mask_of(truths: npt.NDArray[np.bool_]) -> pa.Array:
    """Return truths as an Arrow array."""
    bits = np.packbits(truths, bitorder="little")
    return pa.Array.from_buffers(pa.bool_(), len(truths), [None, pa.py_buffer(bits)])


def codes_of(coded: pa.DictionaryArray) -> Codes:
    """Return the codes of a column encoded by Arrow."""
    return codes_in(coded.indices)


def codes_in(codes: pa.Array) -> Codes:
    """Return codes without a null as numpy knows them."""
    return np.frombuffer(codes.buffers()[1], dtype=np.int32)[codes.offset : codes.offset + len(codes)]


def order_in(order: pa.Array) -> npt.NDArray[np.int64]:
    """Return the rows that a sort of Arrow's gives."""
    found = np.frombuffer(order.buffers()[1], dtype=np.uint64)
    return found[order.offset : order.offset + len(order)].astype(np.int64)


def truths_of(mask: pa.Array) -> npt.NDArray[np.bool_]:
    """Return truths as numpy knows them."""
    whole = mask.cast(pa.uint8())
    found = np.frombuffer(whole.buffers()[1], dtype=np.uint8)
    return found[whole.offset : whole.offset + len(whole)].astype(np.bool_)
