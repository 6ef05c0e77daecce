"""An index made of columns: memory-mapped numpy arrays that are searched, counted and merged in bulk.

It knows nothing of articles but their fields. The parts that other rooms use:

**Fields.** `AnalysedText(analysis, stored=False)` is searched by stem, and by exact form in phrases and patterns;
`Analysis(name, token, words, stem, mended)` is how a text becomes words. `UniqueId()`, `Facet()` (many labels),
`Number()` (64 bits, or None), `Stored()` (bytes, text or plain values that come back with a hit).

**Index.** `ColumnarIndex.create(folder, schema, order=("published", "tie"))`, `ColumnarIndex.open(folder,
analyses=[...])`, `.exists(folder)`, `.generation()` (cheap: a look at one file's time), `.view()`, `.executor(facets)`,
`.writer(timeout=10, memory_mb=512)`, `.close()`, and `check(folder)` for damage. `order` names two `Number` fields:
hits of equal score come by the first falling (none last), then by the second rising.

**Writer.** `add_batch({"id": [...], "body": [...], "places": [[...], ...], "day": [...]})` replaces articles with the
same id; `add_document`, `update_document`, `delete_by_term`, `delete_ids(ids)`, `commit()`, `cancel()`. Raises
`IndexLocked` when another writer holds the index for longer than `timeout`.

**Searching.**

    facets = FacetIndex({"places": ["places"], ...}, forms=label_to_forms)    # one for the life of the index
    executor = index.executor(facets)                                          # for the state committed last
    answer = executor.search(Question(
        query=And([TermIn("elect", (("title", 2), ("body", 1))), Not(PhraseIn(...))]),
        filters=(FacetFilter("places", ("Armenia",), every=False, excluded=()),),
        ranges=(NumberRange("day", first, last),),
        hits=(HitsAsked("score", offset=0, limit=10),),            # several pages of the same matches, or none
        facets=(FacetAsked("places", size=20),),                   # also words=, order=, offset=, gains=, grouping=
        timeline="day",
        preferences=Preferences(...),                              # words together and as typed rank higher
        relabelling=Relabelling(version, {("places", "Hayastan"): ("places", "Armenia"), ("places", "X"): None}),
    ))
    answer.total, answer.hits[0][0].docnum, .score, answer.facets["places"].values, answer.timeline
    executor.view.stored_fields(docnum, only=frozenset({"title"}))

A query is a tree of Whoosh's `And`, `Or`, `Not`, `Every`, `NullQuery`, and of the classes here:
`TermIn(stem, fields)`, `PhraseIn(words, fields, exact=, stems=)`, `NearIn(words, fields, within=, stems=)`,
`PatternIn(pattern, fields)`, `SpelledLike(word, edits, fields, itself=)`, `LabelIn(facet, labels)`,
`LabelWords(facet, words, prefix=)`,
`NumberRange(field, low, high)`.

**Whoosh.** Schema, query classes and the interface of the writer are Whoosh's. `searchapp.columnar.whoosh` opens the
same folder as one of its indexes, with its searcher, parser, field types and queries; nothing here imports it.

`executor.surface_forms(query)` gives the forms to mark. `check(folder)` lists every damaged file as `Damage(file,
reason)`.
"""

from __future__ import annotations

from searchapp.columnar.asking.answers import (
    Answer,
    FacetAsked,
    FacetCounts,
    FacetFilter,
    Found,
    GroupCounts,
    HitsAsked,
    Question,
    Steps,
)
from searchapp.columnar.asking.executor import Executor
from searchapp.columnar.asking.facets import FacetIndex, Relabelling
from searchapp.columnar.asking.naming import Grouping
from searchapp.columnar.asking.queries import (
    LabelIn,
    LabelWords,
    NearIn,
    NumberRange,
    PatternIn,
    PhraseIn,
    SpelledLike,
    TermIn,
)
from searchapp.columnar.asking.ranking import Preferences, TypedWord, WordPair
from searchapp.columnar.asking.scoring import Scoring
from searchapp.columnar.asking.views import View
from searchapp.columnar.checking import Damage, check, identity_of, mark_of
from searchapp.columnar.index import ColumnarIndex
from searchapp.columnar.schema.analysis import Analysis
from searchapp.columnar.schema.fields import AnalysedText, Facet, Number, Stored, UniqueId
from searchapp.columnar.writing.writer import ColumnarWriter

__all__ = [
    "AnalysedText",
    "Analysis",
    "Answer",
    "ColumnarIndex",
    "ColumnarWriter",
    "Damage",
    "Executor",
    "Facet",
    "FacetAsked",
    "FacetCounts",
    "FacetFilter",
    "FacetIndex",
    "Found",
    "GroupCounts",
    "Grouping",
    "HitsAsked",
    "LabelIn",
    "LabelWords",
    "NearIn",
    "Number",
    "NumberRange",
    "PatternIn",
    "PhraseIn",
    "Preferences",
    "Question",
    "Relabelling",
    "Scoring",
    "SpelledLike",
    "Steps",
    "Stored",
    "TermIn",
    "TypedWord",
    "UniqueId",
    "View",
    "WordPair",
    "check",
    "identity_of",
    "mark_of",
]
