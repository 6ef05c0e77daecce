"""Text to names: recognising, linking within an article, canonical names of an archive. Not for searching.

Its rooms, each importing only those before it: `recognising`, `places`, `linking`, `corrections`, `archive_names`;
above them `pipeline` (articles to articles with mentions), `workers` (the same on every core), `salience` (what an
article is about) and `columns` (what it counts under).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from searchapp.entities.recognising.base import Passage, Recogniser, Span
from searchapp.errors import RecogniserError
from searchapp.language.detecting import language_of
from searchapp.model.article import Article, Mention

__all__ = ["Passage", "Recogniser", "Span", "annotate", "load_recogniser", "recognise"]


def recognise(text: str, *, title: str = "", recogniser: str | Recogniser = "") -> list[Mention]:
    """People, places and organisations named in `text`, in reading order.

    Offsets count characters of `text`, end exclusive. Mentions never overlap. `title` is context: a name that it gives
    in full completes a short form in `text`. In a text that is certainly in another language than English the
    recogniser of the package finds nothing. `recogniser` is one of your own, or the name of one; see
    `load_recogniser`.
    """
    article = Article(id="", body=text, title=title, language=language_of(title, text))
    return list(annotate([article], recogniser=recogniser)[0].mentions)


def annotate(articles: Sequence[Article], *, recogniser: str | Recogniser = "") -> list[Article]:
    """The articles with the names recognised in them, in the same order; many at once are faster than one by one."""
    # Its tables take longer to load than a search takes; only who recognises names needs them.
    from searchapp.entities.pipeline import annotated

    chosen = load_recogniser(recogniser) if isinstance(recogniser, str) else recogniser
    return annotated(articles, chosen)


@lru_cache(maxsize=4)
def load_recogniser(name: str = "") -> Recogniser:
    """The recogniser of that name, loaded once.

    "" or "tagger" is the one that the package ships, and "spacy:en_core_web_sm" a spaCy pipeline that you have
    installed. Raises `RecogniserError` for any other name, and for what cannot be loaded.
    """
    if name in ("", "tagger"):
        from searchapp.entities.recognising.tagger import load_tagger

        return load_tagger()
    library, _, model = name.partition(":")
    if library == "spacy" and model:
        from searchapp.entities.recognising.spacy_recogniser import SpacyRecogniser

        return SpacyRecogniser(model)
    raise RecogniserError(f"there is no recogniser {name!r}; use tagger or spacy:PIPELINE")
