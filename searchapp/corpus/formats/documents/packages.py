"""Documents that are ZIP archives of XML."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TypeAlias

from searchapp.corpus.decoding.base import Source
from searchapp.corpus.decoding.encoding import decode
from searchapp.corpus.decoding.streams import seekable
from searchapp.corpus.decoding.xml import Element, parse_xml
from searchapp.errors import UnreadableFile

__all__ = ["Package", "begins_zip", "opened", "part", "part_of", "xml_of"]

Package: TypeAlias = zipfile.ZipFile

MAX_PART_BYTES = 64 << 20
"""Of one part, unpacked: a book of a thousand pages has two."""


def begins_zip(head: bytes) -> bool:
    """Whether a file that begins with `head` is a ZIP archive."""
    return head.startswith(b"PK\x03\x04")


@contextmanager
def opened(source: Source) -> Iterator[Package]:
    """The parts of the document. Raises `UnreadableFile` where it is damaged."""
    with closing(seekable(source)) as stream:
        try:
            package = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise UnreadableFile("damaged: the document breaks off; fetch it again") from error
        with package:
            yield package


def part(package: Package, name: str) -> bytes:
    """The part of that name; empty where there is none. Raises `UnreadableFile` where it is damaged or too large."""
    try:
        entry = package.getinfo(name)
        with package.open(entry) as stream:
            data = stream.read(MAX_PART_BYTES + 1)
    except KeyError:
        return b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error) as error:
        why = "encrypted; save it without a password first" if "encrypted" in str(error) else f"damaged: {error}"
        raise UnreadableFile(why) from error
    if len(data) > MAX_PART_BYTES:
        raise UnreadableFile(f"larger than {MAX_PART_BYTES >> 20} MB unpacked, which is too large for a document")
    return data


def xml_of(package: Package, name: str) -> Element | None:
    """The root of the part of that name; None where there is none."""
    data = part(package, name)
    return parse_xml(decode(data)) if data else None


def part_of(package: Package, *beginnings: str) -> str:
    """The first name that begins with one of these, in their order; empty for none."""
    names = package.namelist()
    return next((name for start in beginnings for name in names if name.startswith(start)), "")
