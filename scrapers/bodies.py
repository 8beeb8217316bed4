"""The bytes of an answer → the text of a page, or why they are not one. Pure; nothing is guessed."""

import codecs
import re
import zlib

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)
_META_REACH = 1024
"""Bytes in which HTML must name its charset."""
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHARSETS = re.compile(r"ascii|utf-8(?:-sig)?|utf-16(?:-[lb]e)?|iso8859-[0-9]+|cp125[0-9]|mac-roman")
_KINDS = {
    "html": ("text/html", "application/xhtml+xml"),
    "json": ("application/json", "text/json", "application/javascript", "text/javascript"),
    "xml": ("application/xml", "text/xml"),
}


class Unreadable(Exception):
    """Refuse bytes that are no page; the message is a clause without a final stop."""


def unpacked(body: bytes, encoding: str, most: int) -> bytes:
    """Return a body as it was before it was packed for the way, of at most so many bytes."""
    encoding = encoding.strip().casefold()
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip"):
        msg = f'it came packed as "{encoding}", which was not asked for'
        raise Unreadable(msg)
    whole = bytearray()
    while body:
        member = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        try:
            whole += member.decompress(body, most + 1 - len(whole))
        except zlib.error:
            msg = "it says that it is gzip, and it is damaged"
            raise Unreadable(msg) from None
        if len(whole) > most:
            msg = f"unpacked, it is larger than {megabytes(most)}"
            raise Unreadable(msg)
        if not member.eof:
            msg = "it is gzip that ends too early"
            raise Unreadable(msg)
        body = member.unused_data
    return bytes(whole)


def megabytes(size: int) -> str:
    """Return a number of bytes for a message."""
    return f"{size / 1_000_000:.3g} MB"


def kind_fault(content_type: str, wanted: str) -> str:
    """Return what is wrong with an answer's content type where `html`, `json` or `xml` was asked for."""
    said = content_type.partition(";")[0].strip().casefold()
    fits = said in _KINDS[wanted] or said.endswith(f"+{wanted}")
    return "" if fits else f'{wanted} was asked for, and its content type is "{said or "not said"}"'


def text_of(body: bytes, content_type: str) -> str:
    """Return the text of a page in the one charset it states, UTF-8 where it states none."""
    stated = _stated_charset(body, content_type)
    try:
        codec = codecs.lookup(stated).name
        if not _CHARSETS.fullmatch(codec):  # Python also knows zlib and punycode by such names
            raise LookupError
        text = body.decode(codec)
    except LookupError:
        msg = f'its charset is "{stated}", which is not read here'
        raise Unreadable(msg) from None
    except UnicodeDecodeError:
        msg = f"its bytes are not {stated}, the charset it states or that holds where none is stated"
        raise Unreadable(msg) from None
    if codec not in ("utf-8", "utf-8-sig") and not body.isascii() and _is_utf8(body):
        # Nearly no text of another charset reads as UTF-8 by chance: every dash and accent would be broken.
        msg = f"it states the charset {stated}, and its bytes are UTF-8"
        raise Unreadable(msg)
    if "\0" in text:
        msg = "it holds NUL bytes: it is no text"
        raise Unreadable(msg)
    return text


def _stated_charset(body: bytes, content_type: str) -> str:
    for bom, name in _BOMS:
        if body.startswith(bom):
            return name
    in_header = re.search(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", content_type, re.IGNORECASE)
    if in_header:
        return in_header[1].casefold()
    in_page = _META.search(body[:_META_REACH])
    return in_page[1].decode("ascii").casefold() if in_page else "utf-8"


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
