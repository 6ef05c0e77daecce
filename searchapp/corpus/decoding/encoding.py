"""Bytes to text: by byte-order mark, as UTF-8 where they are that, as the file declares, or as they must be meant.

Bytes that are valid UTF-8 are hardly ever anything else, whatever the file says of itself: pages are saved as UTF-8 and
keep their old declaration. What declares nothing is Windows-1252, unless that makes nonsense of it.
"""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from functools import partial
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
    (b"\x7fELF", "a program"),
)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1a\x1b")) + b"\x7f"
_MAX_CONTROL_SHARE = 0.05
_NO_ENCODING = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf_7", "mbcs", "oem"}
)
HEAD_BYTES = 64 << 10
"""Pages declare their character set anywhere in their head, and some heads are long."""
_SAMPLE_BYTES = 16 << 10
_FEW_STRAY = 3
"""As many stray bytes for each letter of UTF-8 are quotation marks that somebody pasted in."""
_ODD_SHARE = 0.3
_TURKISH_SHARE = 0.2
# Letters and signs of Windows-1252 where nobody puts them: runs of accented letters, capitals after small letters,
# signs between letters, a lone capital with an accent.
_ODD = re.compile(
    "[À-ÖØ-öø-ÿ¡-¿]{3,}|(?<=[a-z])[À-ÖØ-ÞŠŽŒŸ](?=[^A-ZÀ-Þ]|$)"
    "|(?<![^\\W\\d_])[ÒÓÔÕ](?=[A-Z][a-z]|[A-Z] )|(?<= )Ñ(?= )|(?<=[,.?!a-z])Ó(?= |$)|\ufffd"
    "|[‚ƒ][\u0080-\uffff]"
    "|(?<=[A-Za-z])[¡-©«-´¶¸¹»-¿‚ƒ„…†‡ˆ‰‹”•˜](?=[a-z])|(?<=[a-z]{3})[³¹¿¼¾]|(?<![^\\W\\d_])[£¥¦¬³¹¼¾](?=[a-z])"
)
_CANDIDATES = (
    "cp1251", "koi8_r", "cp866", "iso8859_5", "mac_cyrillic", "mac_roman", "cp850", "cp1250", "iso8859_2",
    "cp1253", "cp1254", "cp1255", "cp1256", "gb18030", "big5", "cp932", "euc_jp", "euc_kr", "tis_620",
)  # fmt: skip
_WESTERN = frozenset({"cp1252", "iso8859-1", "iso8859-15"})
_IN_ASCII = re.compile(r"iso2022|hz|iso-2022")
_WIDE_LETTERS = re.compile(r"gb|big5|cp9[345]|euc|shift|johab")
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
    return _chosen(head, declared, cut=True)[0]


def decode(data: bytes, *, declared: str = "") -> str:
    """`data` as text; never fails. Bytes that the encoding has no letter for become the replacement character."""
    name, errors = _chosen(data, declared, cut=False)
    return data.decode(name, errors)


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
        head = stream.peek(HEAD_BYTES)[:HEAD_BYTES] if isinstance(stream, io.BufferedReader) else b""
    except BaseException:
        stream.close()
        raise
    name, errors = _chosen(head, "", cut=True)
    return io.TextIOWrapper(stream, encoding=name, errors=errors, newline="")


def _chosen(data: bytes, declared: str, *, cut: bool) -> tuple[str, str]:
    """Encoding and error handler for `data`, the whole of a file or with `cut` its beginning."""
    if name := _marked(data) or _wide(data):
        return name, FALLBACK if name.startswith("utf-8") else "replace"
    head = data[:HEAD_BYTES]
    match = _DECLARED.search(head)
    labels = (declared, (match[1] or match[2]).decode("ascii") if match else "")
    stated = next((name for label in labels if (name := _known(label))), "")
    if data.isascii():
        if stated and (_IN_ASCII.match(stated) or (cut and not stated.startswith("utf"))):
            # The letters that are none of ASCII come further down.
            return _later(stated)
        return "utf-8", FALLBACK
    valid, broken = _utf8_letters(head if cut or not _is_utf8(data) else b"")
    if not broken:
        return "utf-8", FALLBACK
    if stated and stated != "utf-8" and not (stated in _WESTERN and _is_nonsense(head)):
        return stated, "replace"
    if valid * _FEW_STRAY >= broken and not _is_odd(head.decode("utf-8", FALLBACK)):
        return "utf-8", FALLBACK
    if stated != "utf-8" and _is_nonsense(head):
        return _guessed(head), "replace"
    return ("utf-8", FALLBACK) if not stated or stated == "utf-8" else (stated, "replace")


def _later(stated: str) -> tuple[str, str]:
    """How to read a stream that declares an encoding and begins in ASCII: UTF-8 where that is what comes."""
    if _IN_ASCII.match(stated) or _WIDE_LETTERS.match(stated):
        return stated, "replace"
    handler = f"searchapp-{stated}"
    if handler not in _handlers:
        _handlers.add(handler)
        codecs.register_error(handler, partial(_as_single_byte, stated))
    return "utf-8", handler


_handlers: set[str] = set()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _utf8_letters(head: bytes) -> tuple[int, int]:
    """How many letters beyond ASCII `head` has as UTF-8, and how many bytes of it can be none; its end may be cut."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = decoder.decode(head)
    broken = text.count("\N{REPLACEMENT CHARACTER}") - head.count("\N{REPLACEMENT CHARACTER}".encode())
    return sum(character > "\x7f" for character in text) - broken, broken


def _is_nonsense(head: bytes) -> bool:
    """Whether letters and signs stand in `head`, read as Windows-1252, as they do in no language written with it."""
    text = head.decode("cp1252", "replace")
    return _is_odd(text) or _is_turkish(text)


def _is_turkish(text: str) -> bool:
    """Whether letters of Icelandic stand in `text` without their company: in their places Turkish has its own."""
    high = [character for character in text if character > "\x7f"]
    return sum(character in "ýþðÝÞÐ" for character in high) > max(1, len(high) * _TURKISH_SHARE) and not (
        set(high) & set("áíúæéóÁÍÚÆÉÓ")
    )


def _is_odd(text: str) -> bool:
    high = sum(character > "\x7f" for character in text)
    odd = sum(match.end() - match.start() for match in _ODD.finditer(text))
    return odd > high * _ODD_SHARE


def _guessed(head: bytes) -> str:
    # Loading it takes a while, and few files need it.
    import charset_normalizer

    sample = head[:_SAMPLE_BYTES]
    if _is_turkish(sample.decode("cp1252", "replace")):
        return "cp1254"
    likely = charset_normalizer.from_bytes(sample, cp_isolation=list(_CANDIDATES))
    # Turkish, too, is written with nearly the letters of Windows-1252, and makes the same nonsense.
    best = next((match for match in likely if not _is_odd(str(match))), None)
    name = codecs.lookup(best.encoding).name if best else "cp1252"
    return _WIDER.get(name, name)


def _marked(head: bytes) -> str:
    return next((name for mark, name in _MARKS if head.startswith(mark)), "")


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of Western text is then zero."""
    sample = head[: min(len(head), 1024) & ~1]
    if len(sample) < 8:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if even + odd:
        # In other alphabets letters have a number of their own there, and blanks have zero.
        for name, bytes_of, other in (
            ("utf-16-le", sample[1::2], sample[::2]),
            ("utf-16-be", sample[::2], sample[1::2]),
        ):
            usual = Counter(bytes_of).most_common(3)
            blanks = bytes_of.count(0)
            alike = sum(count for _, count in usual) > half * 0.9 and len(set(other)) > len(set(bytes_of))
            if alike and half * 0.08 < blanks < half * 0.7 and other.count(0) == 0:
                return name
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


def _as_single_byte(name: str, error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode(name, "replace"), error.end


codecs.register_error(FALLBACK, partial(_as_single_byte, "cp1252"))
