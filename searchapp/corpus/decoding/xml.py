"""XML read safely: no entities but the characters of HTML, no document types, no network, no huge trees.

The prolog's document type is taken out before the parser sees it, so a file can declare nothing. Named characters
such as `&eacute;` are read all the same; a reference to anything else becomes nothing.
"""

from __future__ import annotations

import html.entities
import io
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from lxml import etree

from searchapp.corpus.decoding.base import Source
from searchapp.corpus.decoding.encoding import text_stream
from searchapp.errors import UnreadableFile

__all__ = ["LANG", "Element", "iterate_xml", "parse_xml", "text_of", "without_prolog"]

Element: TypeAlias = Any
"""An lxml element whose tag and attributes have lost their namespaces, `xml:lang` apart."""

LANG = "{http://www.w3.org/XML/1998/namespace}lang"

READ_CHARS = 1 << 16
MAX_PROLOG_CHARS = 1 << 20

_REFERENCE = re.compile(r"&(?:#(?:(\d{1,9})|[xX]([0-9a-fA-F]{1,8}))|([A-Za-z][A-Za-z0-9]{0,40}));")
_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,400}\?>")
_PROLOG = re.compile(r"(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_DOCTYPE = re.compile(
    r"""
    <!DOCTYPE (?: [^"'\[>] | "[^"]*" | '[^']*' )*+
    (?: \[ (?: [^"'\]<] | "[^"]*" | '[^']*' | <!--.*?--> | <\?.*?\?> | <(?!!--|\?) )*+ \] \s*+ )?
    >
    """,
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_OPEN_TAG = re.compile(r"in tag ([\w.:-]+)|\(no name\)")


def iterate_xml(source: Source, *names: str, without: str = "") -> Iterator[Element]:
    """Each outermost element with one of these local names, or the root where none are given, in order.

    An element is only good until the next one is asked for. Raises `UnreadableFile` where the file stops being
    well-formed, after the elements before that place, and with the reason `without`, if given, where there is no such
    element.
    """
    wanted = frozenset(names)
    found = False
    with text_stream(source.open()) as stream:
        try:
            for element in _iterate(_Clean(stream.read), wanted):
                found = True
                yield element
        except etree.XMLSyntaxError as error:
            raise UnreadableFile(_reason(error)) from error
    if without and not found:
        raise UnreadableFile(without)


def parse_xml(text: str) -> Element:
    """The root of the document `text`. Raises `UnreadableFile` with a plain reason when it is not well-formed."""
    try:
        roots = list(_iterate(_Clean(io.StringIO(text).read), frozenset()))
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(_reason(error)) from error
    return roots[0]


def without_prolog(text: str) -> str:
    """The document `text` without its declaration and document type; whole where that is longer than any."""
    text = _DECLARATION.sub("", text, count=1).lstrip()
    start = _PROLOG.match(text, 0, MAX_PROLOG_CHARS)
    doctype = _DOCTYPE.match(text, start.end() if start else 0, MAX_PROLOG_CHARS)
    return text[: doctype.start()] + text[doctype.end() :] if doctype else text


def text_of(element: Element | None) -> str:
    """All text within `element`, empty when there is none."""
    if element is None:
        return ""
    return "".join(str(text) for text in element.itertext())


def _iterate(clean: _Clean, wanted: frozenset[str]) -> Iterator[Element]:
    events = etree.iterparse(
        clean,
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    inside = 0
    depth = 0
    for event, element in events:
        named = _local(element.tag) in wanted if wanted else True
        if event == "start":
            depth += 1
            inside += named and (bool(wanted) or depth == 1)
            continue
        depth -= 1
        if named and (bool(wanted) or depth == 0):
            inside -= 1
            if not inside:
                yield _without_namespaces(element)
        if not inside and wanted:
            # What lies outside the wanted elements, or has been handed out, is not kept.
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


class _Clean:
    """A file object for the parser: UTF-8 without what a parser would trip over or obey."""

    def __init__(self, read_text: Callable[[int], str]) -> None:
        self._read_text = read_text
        self._held = ""
        self._begun = False
        self._ended = False

    def read(self, size: int = -1, /) -> bytes:
        """The next few bytes, however many were asked for; empty at the end."""
        while not self._ended:
            text = self._read_text(READ_CHARS) if self._begun else self._prolog()
            self._ended = self._begun and not text
            self._begun = True
            text, self._held = self._held + text, ""
            if not self._ended:
                text, self._held = _split_at_reference(text)
            data = _ILLEGAL.sub("", _REFERENCE.sub(_character, text)).encode("utf-8")
            if data:
                return data
        return b""

    def _prolog(self) -> str:
        """The beginning of the document without its declaration and document type."""
        text = self._read_text(READ_CHARS).removeprefix("\ufeff")
        text = _DECLARATION.sub("", text, count=1).lstrip()
        while True:
            start = _PROLOG.match(text)
            assert start is not None  # it matches the empty string too
            at = start.end()
            if not (text[at : at + 9].upper() == "<!DOCTYPE" or len(text) - at < 9 or text.startswith("<!--", at)):
                return text
            doctype = _DOCTYPE.match(text, at)
            if doctype:
                return text[:at] + text[doctype.end() :]
            more = self._read_text(READ_CHARS)
            if not more:
                return text
            text += more
            if len(text) > MAX_PROLOG_CHARS:
                raise UnreadableFile(
                    "its document type or a comment before it never ends; check that it is an XML file"
                )


def _split_at_reference(text: str) -> tuple[str, str]:
    """`text` in two, so that no reference is cut by the end of the first part."""
    at = text.rfind("&", max(0, len(text) - 48))
    return (text, "") if at < 0 or ";" in text[at:] else (text[:at], text[at:])


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return match[0] if name in _OWN else _HTML.get(name + ";", "")
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if 0x80 <= code < 0xA0:
        # Numbers meant for Windows-1252, as web pages have them.
        return bytes([code]).decode("cp1252", "ignore")
    legal = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return match[0] if legal else ""


_HTML = {name: characters for name, characters in html.entities.html5.items() if not set(characters) & set("<>&\"'")}


def _without_namespaces(element: Element) -> Element:
    for inner in element.iter(etree.Element):
        inner.tag = _local(inner.tag)
        for name in inner.attrib:
            if ("{" in name or ":" in name) and name != LANG:
                inner.attrib[_local(name)] = inner.attrib.pop(name)
    return element


def _local(name: str) -> str:
    # A prefix that is declared nowhere is left in the name.
    return name.rpartition("}")[2].rpartition(":")[2] or "unnamed"


def _reason(error: etree.XMLSyntaxError) -> str:
    message = error.msg or "no XML in it"
    line = error.lineno or 1
    if "Excessive depth" in message:
        return f"elements nested too deeply at line {line}; no article needs more than 256 levels"
    if "Resource limit exceeded" in message or "huge" in message.lower():
        return f"a piece of text of more than 10 MB at line {line}; split the file first"
    if "Document is empty" in message or "no element found" in message:
        return "no XML in it; check that it was saved whole"
    if "Premature end" in message or "EndTag: '</' not found" in message or "is not finished" in message:
        tag = _OPEN_TAG.search(message)
        where = f" inside <{tag[1]}>" if tag and tag[1] else ""
        return f"truncated: the XML ends{where} at line {line}; fetch it again"
    return f"not well-formed XML at line {line}: {' '.join(message.split())}"
