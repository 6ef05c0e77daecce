"""HTML fragments, as feeds, exports and Markdown hold them, to plain paragraphs."""

from __future__ import annotations

import html
import re

import lxml.etree
import lxml.html

from searchapp.corpus.cleaning.prose import clean_line, paragraphs_of

__all__ = ["line_of_markup", "looks_like_markup", "paragraphs_of_markup", "paragraphs_of_tree", "with_paragraphs"]

_MARKUP = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|ul|ol|li|h[1-6]|img|blockquote|figure|table|section|article|html|body)\b[^<>]*>"
    r"|&(?:amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|#\d{2,6}|#x[0-9a-f]{2,5});",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
_BLOCKS = frozenset(
    "address article aside blockquote body br center dd details div dl dt fieldset figcaption figure footer form h1 h2"
    " h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead title tr ul".split()
)
_UNSEEN = frozenset(
    "script style noscript template head iframe object embed svg math canvas audio video select option textarea button"
    " input form".split()
)
_HAS_PARAGRAPHS = re.compile(r"<(?:p|br|div|li|td|section|article)\b", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n[ \t]{0,200}\n")
_STARTS_BLOCK = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS | _UNSEEN))})\b|<!--", re.IGNORECASE)
_NEEDS_TREE = re.compile(rf"<(?:{'|'.join(sorted(_BLOCKS | _UNSEEN))})\b", re.IGNORECASE)


def looks_like_markup(text: str) -> bool:
    """Whether `text` holds HTML tags or entities that a reader should not see."""
    return bool(_MARKUP.search(text))


def line_of_markup(text: str) -> str:
    """`text`, maybe with tags or entities, as one clean line."""
    return clean_line(html.unescape(_TAG.sub(" ", text)) if looks_like_markup(text) else text)


def paragraphs_of_markup(markup: str) -> list[str]:
    """The visible text of an HTML fragment or page, one clean line for each block; scripts and styles left out.

    Where no tag parts the text, blank lines do.
    """
    if not _NEEDS_TREE.search(markup):
        return paragraphs_of(html.unescape(_TAG.sub("", markup)))
    # Nothing is ever fetched. HTML has no entities of its own making, so the limits against those may be off: with
    # them, a page nested 256 deep would come out empty.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    if not _HAS_PARAGRAPHS.search(markup):
        markup = with_paragraphs(markup)
    data = b"<div>" + markup.encode("utf-8", "replace").replace(b"\0", b"") + b"</div>"
    try:
        tree = lxml.html.document_fromstring(data, parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return [line] if (line := clean_line(html.unescape(_TAG.sub(" ", markup)))) else []
    return paragraphs_of_tree(tree)


def with_paragraphs(markup: str) -> str:
    """`markup` with <p> around what blank lines part, as WordPress does it when a page is shown."""
    parts = (part.strip() for part in _BLANK_LINES.split(markup.replace("\r\n", "\n")))
    return "\n".join(part if _STARTS_BLOCK.match(part) else f"<p>{part}</p>" for part in parts if part)


def paragraphs_of_tree(tree: lxml.html.HtmlElement) -> list[str]:
    """The visible text below `tree`, one clean line for each block."""
    paragraphs: list[str] = []
    words: list[str] = []

    def close() -> None:
        if line := clean_line("".join(words)):
            paragraphs.append(line)
        words.clear()

    unseen = 0
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        hidden = tag in _UNSEEN or not tag
        if event == "start":
            unseen += hidden
            if unseen:
                continue
            if tag in _BLOCKS:
                close()
            words.append(element.text or "")
        else:
            unseen -= hidden
            if tag in _BLOCKS and not unseen:
                close()
            if not unseen and element is not tree:
                words.append(element.tail or "")
    close()
    return paragraphs
