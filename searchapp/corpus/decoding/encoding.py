"""Bytes to text: by byte-order mark, by what the file declares, as UTF-8, and as Windows-1252 where that fails."""

from __future__ import annotations

import codecs
import io
import re
from typing import BinaryIO

from searchapp.errors import UnreadableFile

__all__ = ["binary_kind", "decode", "encoding_of", "is_binary", "read_text", "text_stream"]

FALLBACK = "searchapp-windows-1252"
"""Error handler that reads each byte that is not UTF-8 as Windows-1252, which is what such bytes usually are."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32 first: its little-endian mark begins with the one of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{2,40})|<meta[^>]{0,200}?\bcharset\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_KINDS = (
    (b"%PDF-", "a PDF; save it as text or HTML first"),
    (b"PK\x03\x04", "a zip archive or office document; unpack it or save it as text first"),
    (b"\xd0\xcf\x11\xe0", "an old office document; save it as text first"),
    (b"{\\rtf", "rich text; save it as plain text first"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "sound, video or an image"),
    (b"ID3", "sound"),
    (b"OggS", "sound or video"),
    (b"\x1f\x8b", "gzip inside gzip; unpack it first"),
    (b"BZh", "bzip2; unpack it first"),
    (b"\xfd7zXZ", "xz; unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "Zstandard; unpack it first"),
    (b"SQLite format 3", "an SQLite database; export it as CSV first"),
    (b"\x7fELF", "a program"),
)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1a\x1b")) + b"\x7f"
_MAX_CONTROL_SHARE = 0.05
_NO_ENCODING = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf_7", "mbcs", "oem"}
)
_WIDER = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}
"""Labels that web browsers, too, read as an encoding which only adds letters to the one named."""


def binary_kind(head: bytes) -> str:
    """What kind of binary file begins with `head`, in plain words; empty when it is none that is known by its start."""
    return next((kind for start, kind in _KINDS if head.startswith(start)), "")


def is_binary(head: bytes) -> bool:
    """Whether `head`, the first bytes of a file, is no text."""
    if binary_kind(head):
        return True
    if _marked(head) or _wide(head):
        return False
    # Wire-service files hold a few control characters; a picture or a program holds many.
    controls = len(head) - len(head.translate(None, _CONTROL))
    return controls > len(head) * _MAX_CONTROL_SHARE


def encoding_of(head: bytes, *, declared: str = "") -> str:
    """The name of the encoding of a file that begins with `head`; `declared` is what its surroundings say it is."""
    if name := _marked(head) or _wide(head):
        return name
    match = _DECLARED.search(head[:4096])
    for label in (declared, (match[1] or match[2]).decode("ascii") if match else ""):
        if name := _known(label):
            return name
    return "utf-8"


def decode(data: bytes, *, declared: str = "") -> str:
    """`data` as text; never fails. Bytes that the encoding has no letter for become the replacement character."""
    name = encoding_of(data[:4096], declared=declared)
    return data.decode(name, _errors(name))


def read_text(stream: BinaryIO, *, max_bytes: int, declared: str = "") -> str:
    """The whole of `stream` as text; closes it. Raises `UnreadableFile` past `max_bytes`."""
    with stream:
        data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise UnreadableFile(f"larger than {max_bytes >> 20} MB, which is too large for one article; split it first")
    return decode(data, declared=declared)


def text_stream(stream: BinaryIO) -> io.TextIOWrapper:
    """`stream` as text, decoded as it is read, with line ends as they are. Closing it closes `stream`."""
    try:
        head = stream.peek(4096)[:4096] if isinstance(stream, io.BufferedReader) else b""
    except BaseException:
        stream.close()
        raise
    name = encoding_of(head)
    return io.TextIOWrapper(stream, encoding=name, errors=_errors(name), newline="")


def _marked(head: bytes) -> str:
    return next((name for mark, name in _MARKS if head.startswith(mark)), "")


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of Western text is then zero."""
    sample = head[: min(len(head), 1024) & ~1]
    if len(sample) < 8:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.7 and even < half * 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.7 and odd < half * 0.05 else ""


def _known(label: str) -> str:
    try:
        name = codecs.lookup(label.strip()).name
        # Python also has codecs, such as "zip", that give no text.
        b"news".decode(name, "replace")
    except (LookupError, ValueError, TypeError, UnicodeError):
        return ""
    if name.startswith(("utf-16", "utf-32")):
        # Bytes that could be searched for the declaration are not that wide.
        return "utf-8"
    if name.replace("-", "_") in _NO_ENCODING:
        return ""
    return _WIDER.get(name, name)


def _errors(name: str) -> str:
    return FALLBACK if name.startswith("utf-8") else "replace"


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(FALLBACK, _as_windows_1252)
