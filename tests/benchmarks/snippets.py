"""Speed of snippets: `python tests/benchmarks/snippets.py [FOLDER]`.

Prints how long ten snippets of articles of 600 words take, and how long tantivy takes for its own of the same articles.
Each article is made of articles that a search finds, so that all of them have what is looked for. Times are processor
time from the query to marked HTML: "first" is the first run of a search, the others are medians of several runs, ours
and tantivy's in turn, beside the fastest one, which other work on the machine hardly touches. "forms" is what it takes
to look up which words the search can match. `pip install 'searchapp[bench]'` brings tantivy.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from searchapp import Archive
from searchapp.engines.snippets import Marker
from searchapp.engines.whoosh import WhooshEngine
from searchapp.parsing import parse

SHARED = Path(os.environ.get("SEARCHAPP_TEST_DATA", Path(__file__).parents[3] / "shared"))
REUTERS = SHARED / "corpora" / "reuters21578"
SEARCHES = {
    "one word": "oil",
    "very common word": "said",
    "two words": "oil prices",
    "three words": "trade deficit japan",
    "phrase": '"crude oil"',
    "common phrase": '"last year"',
    "phrase and word": '"crude oil" opec',
    "prefix": "inter*",
}
ARTICLES, WORDS, RUNS = 10, 600, 30
BAR_MS = 1.0


def main() -> None:
    """Index, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=REUTERS, help="articles to make longer ones of")
    options = parser.parse_args()
    if not options.folder.exists():
        sys.exit(f"no articles at {str(options.folder)!r}; give a folder of articles")
    if importlib.util.find_spec("tantivy") is None:
        sys.exit("tantivy is not installed; run: pip install 'searchapp[bench]'")
    with tempfile.TemporaryDirectory() as folder:
        with Archive.open(folder, create=True) as archive:
            archive.add_files(options.folder, recognise=False)
            texts = {search: long_articles(archive, search) for search in SEARCHES.values()}
        engine = WhooshEngine.open(Path(folder), create=False, timeout_s=5)
        print("| ten snippets | marks | first ms | ms | fastest ms | forms ms | tantivy ms | fastest ms | ratio |")
        print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
        slowest = max(row(name, search, engine, texts[search]) for name, search in SEARCHES.items())
        engine.close()
    print(f"\nslowest median {slowest:.2f} ms; at most {BAR_MS:g} ms wanted")


def row(name: str, search: str, engine: WhooshEngine, texts: list[str]) -> float:
    """Measure one search, print its line, and give our median."""
    tree, _ = parse(search)
    forms = engine.state().surface_forms(tree)
    works = [partial(snippets, search, forms, texts), partial(engine.state().surface_forms, tree)]
    works.append(tantivy_snippets(search, texts))
    turns = [[measured(work) for work in works] for _ in range(1 + RUNS)]
    ours, looked_up, rival = zip(*turns[1:], strict=True)
    ms, rival_ms = statistics.median(ours), statistics.median(rival)
    marks = sum(html.count("<mark>") for html in snippets(search, forms, texts))
    cells = [turns[0][0], ms, min(ours), statistics.median(looked_up), rival_ms, min(rival), ms / rival_ms]
    print(f"| {name} | {marks} | {' | '.join(f'{cell:.2f}' for cell in cells)} |")
    return ms


def measured(work: Callable[[], object]) -> float:
    """Milliseconds of processor time."""
    started = time.process_time_ns()
    work()
    return (time.process_time_ns() - started) / 1e6


def long_articles(archive: Archive, search: str) -> list[str]:
    """Articles of so many words, made of those that a search finds, the best first."""
    bodies = [hit.article.body for hit in archive.search(search, page_size=200).hits]
    articles: list[str] = []
    held: list[str] = []
    for body in bodies * (ARTICLES * WORDS):
        # Paragraphs stay as they are: the white space of a text is part of the work.
        words = body.split(" ")
        held += words[: WORDS - len(held)]
        if len(held) == WORDS:
            articles.append(" ".join(held))
            held = []
            if len(articles) == ARTICLES:
                break
    return articles


def snippets(search: str, forms: frozenset[str] | None, texts: list[str]) -> list[str]:
    """The snippets that a search shows, as HTML."""
    marker = Marker(parse(search)[0], forms)
    return [marker.snippet(text).to_html() for text in texts]


def tantivy_snippets(search: str, texts: list[str]) -> Callable[[], list[str]]:
    """What makes the same snippets with tantivy, from stored articles that are read already."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", stored=True, tokenizer_name="en_stem")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(50_000_000, 1)
    for text in texts:
        document = tantivy.Document()
        document.add_text("body", text)
        writer.add_document(document)
    writer.commit()
    index.reload()
    searcher = index.searcher()
    if search.endswith("*"):
        query = tantivy.Query.regex_query(schema, "body", search.replace("*", ".*"))
    else:
        query = index.parse_query(search, ["body"], conjunction_by_default=True)
    found = searcher.search(tantivy.Query.all_query(), len(texts)).hits
    documents = [searcher.doc(address) for _, address in found]

    def make() -> list[str]:
        marker = tantivy.SnippetGenerator.create(searcher, query, schema, "body")
        return [marker.snippet_from_doc(document).to_html() for document in documents]

    return make


if __name__ == "__main__":
    main()
