"""What id an article has: the one that its file gives, told apart from others of the file, else one made of its text.

Ids that are made of a text do not depend on where the file is, or on what else is in it. Whether the archive knows such
an article under another id is said in `searchapp.archive.identity`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from searchapp.corpus.decoding.base import MADE_OF_TEXT, Yielded
from searchapp.model.article import Article
from searchapp.model.result import Noted

__all__ = ["apart", "identified", "is_made_of_text", "mark_of_text", "number_in", "told_apart"]

_NOT_IN_A_SLUG = re.compile(r"[^a-z0-9]+")
_SLUG_CHARS = 40
_MARK_CHARS = 16
_NUMBER = re.compile(r"\.(\d+)-[0-9a-f]{16}(?:-\d+)?\Z|-[0-9a-f]{10}-(\d+)\Z")
"""Up to version 0.1 the mark was one of ten digits, of the path, and stood before the number."""

_MOST_CHARS = 2 << 20
"""Of articles that are held until the whole file is known; a file with more is read twice."""


def identified(found: Iterable[Yielded]) -> Iterator[Yielded]:
    """What was found, where articles without an id of their own have one made of their text."""
    for one in found:
        if isinstance(one, Article) and one.id.startswith(MADE_OF_TEXT):
            # It was made for this walk and nobody has seen it yet; a copy would take as long as reading it.
            object.__setattr__(one, "id", _made_of_text(one))
        yield one


def _made_of_text(article: Article) -> str:
    slug = _NOT_IN_A_SLUG.sub("-", article.title.lower())[: _SLUG_CHARS + 1].strip("-")[:_SLUG_CHARS] or "article"
    number = article.id.removeprefix(MADE_OF_TEXT)
    return f"{slug}{'.' * bool(number)}{number}-{mark_of_text(article.without_surrogates().fingerprint)}"


def mark_of_text(fingerprint: str) -> str:
    """What stands for all that was read of an article, from its fingerprint."""
    return fingerprint[:_MARK_CHARS]


def is_made_of_text(article: Article, fingerprint: str) -> bool:
    """Whether the id of an article follows from what was read of it, whose fingerprint that is."""
    return article.id.endswith(f"-{mark_of_text(fingerprint)}")


def number_in(article_id: str) -> str:
    """The number that a file gives an article, in an id that was made of its text; empty where there is none."""
    found = _NUMBER.search(article_id)
    return (found[1] or found[2]) if found else ""


def apart(article: Article) -> tuple[str, str]:
    """The id that an article has where others of its file have the same, and the one that it has otherwise."""
    content = f"{len(article.title)} {article.title}{article.body}".encode("utf-8", "surrogatepass")
    mark = f"-{hashlib.blake2b(content, digest_size=5).hexdigest()}"
    return article.id.removesuffix(mark) + mark, article.id.removesuffix(mark)


def told_apart(read: Callable[[], Iterator[Yielded]], path: str) -> Iterator[Yielded]:
    """What `read` yields, where an id with several texts is joined to a mark of the text for each of its articles.

    So none takes the place of another, and the ids do not depend on the order. A last `Noted` tells of each such id.
    What `read` raises comes after the articles before.
    """
    texts: dict[str, int | None] = {}
    held: list[Yielded] = []
    chars = 0
    fault: Exception | None = None
    try:
        for one in identified(read()):
            if chars <= _MOST_CHARS:
                held.append(one)
            elif held:
                held.clear()
            if isinstance(one, Article):
                chars += len(one.title) + len(one.body)
                text = hash((one.title, one.body))
                if texts.setdefault(one.id, text) != text:
                    texts[one.id] = None
    except Exception as error:  # Whatever ends the reading, what came before it counts.
        fault = error
    shared = {name: 0 for name, text in texts.items() if text is None}
    texts.clear()
    if chars <= _MOST_CHARS:
        yield from _marked(held, shared)
    else:
        held.clear()
        # The same fault ends it.
        yield from _marked(_until_fault(read), shared)
    for name, count in shared.items():
        yield Noted(path, f"{count:,} articles have the id {name[:100]!r} and different texts; they were told apart")
    if fault is not None:
        raise fault


def _marked(found: Iterable[Yielded], shared: dict[str, int]) -> Iterator[Yielded]:
    """Counts in `shared` how many have an id."""
    for one in found:
        if not shared or not isinstance(one, Article) or one.id not in shared:
            yield one
            continue
        shared[one.id] += 1
        yield replace(one, id=apart(one)[0])


def _until_fault(read: Callable[[], Iterator[Yielded]]) -> Iterator[Yielded]:
    try:
        yield from identified(read())
    except Exception:  # It was met before, and is raised when all has been told.
        return
