"""The markup of wikis to the paragraphs of a text, and what it says beside them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import body_of, clean_line
from searchapp.errors import UnreadableFile
from searchapp.language.fold import folded

__all__ = ["Wikitext", "read_wikitext"]

_DEEPEST = 40
_LEFT_OUT = frozenset(
    "ref references gallery math chem timeline source syntaxhighlight score table templatestyles imagemap graph"
    " dynamicpagelist indicator section style script hiero poll choose inputbox categorytree".split()
)
_BREAKS = frozenset("br hr p div li dt dd ul ol dl blockquote poem center".split())
_LINKS_TO_OTHER_WIKIS = frozenset("w wikipedia wp w-en wlink lw link wikilink вики".split())
"""Templates that stand for a link: the last of their plain parameters is what a reader sees."""
_ENDS = frozenset(
    (
        *(
            "sources",
            "source",
            "references",
            "related news",
            "external links",
            "see also",
            "further reading",
            "sister links",
        ),
        *("quellen", "weblinks", "themenverwandte artikel", "liens externes", "voir aussi", "fuentes", "fuente"),
        *("referencias", "enlaces externos", "artículos relacionados", "fonti", "note e fonti", "fontes", "fonte"),
        *("ligações externas", "źródła", "linki zewnętrzne", "źródło", "источники", "источник", "ссылки", "джерела"),
        *(
            "посилання",
            "bronnen",
            "bron",
            "källor",
            "källa",
            "kilder",
            "lähteet",
            "zdroje",
            "kaynaklar",
            "kaynak",
            "πηγές",
        ),
        *("المصادر", "مصادر", "منابع", "מקורות", "来源", "消息来源", "來源", "出典", "情報源", "출처"),
    )
)
"""Headings, in small letters, of the lists that come after a text; what follows them tells no more."""
_OTHER_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,8})?:")
_QUOTED = re.compile(r"'{2,5}")
_SWITCH = re.compile(r"__[^\W\d_]{3,24}__")


@dataclass(slots=True)
class Wikitext:
    """What a page of a wiki says."""

    body: str = ""
    categories: list[str] = field(default_factory=list)
    published: tuple[dt.date, dt.time | None] | None = None
    """The day that a template names, as those of Wikinews do on top of each article."""


def read_wikitext(text: str, *, files: Sequence[str], categories: Sequence[str]) -> Wikitext:
    """The text of a page without tables, notes, pictures and lists of sources.

    `files` and `categories` are what the wiki calls the namespaces of these, beside their English names. Raises
    `UnreadableFile` where the library for it is not installed.
    """
    try:
        import mwparserfromhell
    except ImportError as error:
        raise UnreadableFile("an export of a wiki; pip install 'searchapp[web-archives]' to read it") from error
    reader = _Reader(
        {name.casefold() for name in ("file", "image", "media", *files)},
        {name.casefold() for name in ("category", *categories)},
    )
    reader.read(mwparserfromhell.parse(text, skip_style_tags=True), 0)
    reader.found.body = body_of(_without_empty_sections("".join(reader.pieces).split("\n")))
    return reader.found


class _Reader:
    def __init__(self, files: set[str], categories: set[str]) -> None:
        self._files = files
        self._categories = categories
        self._ended = False
        self.found = Wikitext()
        self.pieces: list[str] = []

    def read(self, code: Any, depth: int) -> None:
        if depth > _DEEPEST:
            return
        for node in code.nodes:
            # Not by class: the library is loaded where it is used, and only there.
            kind = type(node).__name__
            if kind == "Template":
                self._template(node, depth)
            elif kind == "Wikilink":
                self._link(node, depth)
            elif self._ended:
                continue
            elif kind == "Text":
                # In a list or a paragraph a line end parts what two of them part in HTML.
                self.pieces.append(str(node.value))
            elif kind == "Heading":
                title = clean_line(_QUOTED.sub("", node.title.strip_code()))
                self._ended = title.casefold() in _ENDS
                self.pieces.append("" if self._ended else f"\n\n{_HEADING}{title}\n\n")
            elif kind == "HTMLEntity":
                self.pieces.append(node.normalize())
            elif kind == "ExternalLink":
                if node.title is not None:
                    self.read(node.title, depth + 1)
            elif kind == "Tag":
                self._tag(node, depth)

    def _tag(self, node: Any, depth: int) -> None:
        name = str(node.tag).strip().lower()
        if name in _LEFT_OUT:
            return
        breaks = name in _BREAKS
        self.pieces.append("\n" if breaks else "")
        if node.contents is not None and not node.self_closing:
            self.read(node.contents, depth + 1)
        self.pieces.append("\n" if breaks and name not in ("li", "dt", "dd") else "")

    def _template(self, node: Any, depth: int) -> None:
        plain = [parameter.value for parameter in node.params if not parameter.showkey]
        if not plain:
            return
        if self.found.published is None:
            self.found.published = parse_date(clean_line(str(plain[0])[:100]))
        if not self._ended and str(node.name).strip().casefold() in _LINKS_TO_OTHER_WIKIS:
            self.read(plain[1] if len(plain) > 1 and str(plain[1]).strip() else plain[0], depth + 1)

    def _link(self, node: Any, depth: int) -> None:
        title = clean_line(str(node.title))
        space, _, name = title.partition(":")
        if space.casefold() in self._files:
            return
        if space.casefold() in self._categories:
            if name.strip():
                self.found.categories.append(name.strip())
            return
        if self._ended or (node.text is None and _OTHER_LANGUAGE.match(title)):
            return
        if node.text is not None:
            self.read(node.text, depth + 1)
        else:
            shown = title.lstrip(":")
            self.pieces.append(shown.rpartition(":")[2] if _OTHER_LANGUAGE.match(shown) else shown)


_HEADING = "\x01"
"""Stands in front of a heading until it is known whether anything follows it."""


def _without_empty_sections(lines: Sequence[str]) -> list[str]:
    kept: list[tuple[bool, str]] = []
    for line in (*lines, _HEADING):
        is_heading = line.startswith(_HEADING)
        text = clean_line(_SWITCH.sub("", _QUOTED.sub("", line.removeprefix(_HEADING))))
        if is_heading and kept and kept[-1][0]:
            kept.pop()
        if text and (is_heading or folded(text)):
            kept.append((is_heading, text))
    return [text for _, text in kept]
