from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from searchapp import Archive, Article, Mention

Run = Callable[..., Result]

pytestmark = pytest.mark.usefixtures("archive_desk")


def ids(result: Result) -> list[str]:
    assert result.exit_code == 0, result.output
    return result.stdout.split()


def test_json_is_exactly_the_result_of_python(run: Run, archive_desk: Path) -> None:
    printed = json.loads(run("search", "york", "--person", "Ann Lee", "--sort", "newest", "--json").stdout)
    with Archive.open(archive_desk / "index") as archive:
        expected = archive.search("york", people="Ann Lee", sort="newest").to_dict()
    for timed in (printed, expected):
        del timed["took_ms"]
    assert printed == expected


def test_words_need_no_quotes_of_the_shell(run: Run) -> None:
    assert ids(run("search", "ceasefire", "talks", "--ids")) == ["york-1"]


def test_no_query_finds_everything(run: Run) -> None:
    assert json.loads(run("search", "--json").stdout)["total"] == 4


def test_filters_of_one_facet_are_any_unless_all_are_asked_for(run: Run) -> None:
    both = ("--person", "Ann Lee", "--person", "Bo Chan", "--ids")
    assert set(ids(run("search", *both))) == {"york-1", "york-2", "lima-1"}
    assert ids(run("search", *both, "--match", "all")) == ["york-1"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--place", "Lima"), {"lima-1"}),
        (("--org", "United Nations"), {"lima-1"}),
        (("--topic", "Peace"), {"york-1"}),
        (("--source", "The Gazette"), {"york-1", "york-2"}),
        (("--not-place", "York"), {"lima-1", "plain"}),
        (("--not-person", "Ann Lee"), {"lima-1", "plain"}),
        (("--not-org", "United Nations"), {"york-1", "york-2", "plain"}),
        (("--not-topic", "Peace"), {"york-2", "lima-1", "plain"}),
        (("--not-source", "The Gazette"), {"lima-1", "plain"}),
        (("--since", "2023"), {"york-1", "york-2"}),
        (("--until", "2023-09"), {"york-1", "lima-1"}),
        (("--person", "Bo Chan", "--not-place", "Lima"), {"york-1"}),
    ],
)
def test_each_filter_narrows(run: Run, options: tuple[str, ...], found: set[str]) -> None:
    assert set(ids(run("search", *options, "--ids"))) == found


def test_sort_orders_by_date(run: Run) -> None:
    assert ids(run("search", "--sort", "oldest", "--ids")) == ["lima-1", "york-1", "york-2", "plain"]


def test_pages_together_give_every_hit_once(run: Run) -> None:
    pages = [ids(run("search", "--ids", "--page-size", "3", "--page", str(page))) for page in (1, 2)]
    assert sorted(pages[0] + pages[1]) == ["lima-1", "plain", "york-1", "york-2"]


def test_readable_output_has_titles_sources_ids_snippets_and_facets(run: Run) -> None:
    text = run("search", "york", "--place", "York").stdout
    assert text.startswith("2 articles for york, places York (")
    assert "1. York floods\n   2024-01-03 · The Gazette · york-2\n" in text
    assert "The river Ouse rose again in York." in text
    assert "people         Ann Lee 2 · Bo Chan 1\n" in text
    assert "places         York* 2" in text


def test_an_article_without_title_or_date_says_so(run: Run, archive_desk: Path) -> None:
    (archive_desk / "bare.jsonl").write_text('{"id": "bare", "body": "An unnamed zebra."}', encoding="utf-8")
    run("index", "bare.jsonl")
    assert "1. (no title)\n   undated · bare\n" in run("search", "zebra").stdout


def test_no_hit_is_said_and_no_failure(run: Run) -> None:
    result = run("search", "xylophone", "--place", "Lima")
    assert (result.exit_code, result.stdout) == (0, "No article for xylophone, places Lima\n")


def test_a_page_past_the_last_says_which_is_the_last(run: Run) -> None:
    assert "there is no page 9, the last is 1" in run("search", "york", "--page", "9").stdout


def test_a_faulty_query_is_answered_and_explained_on_stderr(run: Run) -> None:
    result = run("search", '"river ouse', "--ids")
    assert ids(result) == ["york-2"]
    assert result.stderr.startswith("Note: ")


def test_a_since_after_until_is_swapped_and_said(run: Run) -> None:
    swapped = run("search", "--since", "2024", "--until", "2023", "--ids")
    assert ids(swapped) == ids(run("search", "--since", "2023", "--until", "2024", "--ids"))
    assert "swapped" in swapped.stderr
    answer = json.loads(run("search", "--since", "2024", "--until", "2023", "--json").stdout)
    assert "swapped" in answer["problems"][0]["message"]


def test_a_word_that_looks_like_an_option_is_told_how_to_search_for_it(run: Run) -> None:
    result = run("search", "york", "--river")
    assert result.exit_code == 2
    assert "-- york --river" in " ".join(result.stderr.split())
    assert run("search", "--ids", "--", "york", "--river").exit_code == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--since", "yesterday"),
        ("--page", "0"),
        ("--page", "x"),
        ("--page-size", "100000"),
        ("--sort", "size"),
        ("--match", "some"),
        ("--person", ""),
        ("--colour", "red"),
        ("--json", "--ids"),
    ],
)
def test_an_option_that_makes_no_sense_is_a_misuse(run: Run, options: tuple[str, ...]) -> None:
    result = run("search", "york", *options)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr
    assert "Traceback" not in result.stderr


def test_a_missing_index_is_one_line_with_the_next_step(run: Run) -> None:
    result = run("search", "york", "--index", "nowhere")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "searchapp index" in result.stderr


def test_lines_are_wrapped_to_the_columns_that_there_are(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert max(map(len, run("search", "york").stdout.splitlines())) > 45
    monkeypatch.setenv("COLUMNS", "45")
    assert max(map(len, run("search", "york").stdout.splitlines())) <= 45


def test_facets_lists_every_value_with_its_count(run: Run) -> None:
    result = run("facets", "people")
    assert result.stdout == "2  Ann Lee\n2  Bo Chan\n"
    assert result.stderr == "Note: 1 article without people\n"


def test_facets_counts_under_query_and_filters(run: Run) -> None:
    assert run("facets", "people", "river").stdout == "1  Ann Lee\n"
    assert run("facets", "places", "--person", "Bo Chan", "--until", "2022").stdout == "1  Lima\n"


@pytest.mark.parametrize(("word", "facet"), [("person", "people"), ("org", "organisations"), ("PLACES", "places")])
def test_facets_understands_the_word_of_the_options(run: Run, word: str, facet: str) -> None:
    assert json.loads(run("facets", word, "--json").stdout)["name"] == facet


def test_facets_limit_keeps_the_total(run: Run) -> None:
    printed = json.loads(run("facets", "people", "--limit", "1", "--json").stdout)
    assert [value["label"] for value in printed["values"]] == ["Ann Lee"]
    assert (printed["total_values"], printed["missing"]) == (2, 1)
    assert "1 more" in run("facets", "people", "--limit", "1").stderr


def test_facets_of_an_unknown_name_is_a_misuse(run: Run) -> None:
    result = run("facets", "colours")
    assert result.exit_code == 2
    assert "people, places, organisations, topics, sources, languages" in result.stderr


def test_stats_say_what_the_index_holds(run: Run) -> None:
    printed = json.loads(run("stats", "--json").stdout)
    assert printed["articles"] == 4
    assert printed["undated"] == 1
    assert (printed["first"], printed["last"]) == ("2021-05-06", "2024-01-03")
    assert printed["values"]["people"] == 2
    assert printed["sources"] == {"The Gazette": 2, "El Faro": 1}


def test_stats_are_readable(run: Run) -> None:
    text = run("stats").stdout
    assert "articles       4\npublished      2021-05-06 to 2024-01-03\n" in text
    assert "\nundated        1 (list them with: searchapp search --dated none)\n" in text
    assert "sources        The Gazette 2 · El Faro 1\n" in text


@pytest.fixture
def in_passing(archive_desk: Path) -> None:
    """An article that is about Lima and names York once near its end."""
    body = f"Lima builds a bridge. {'It is long. ' * 200}The engineers come from York."
    places = [(body.index(name), body.index(name) + 4, name) for name in ("Lima", "York")]
    mentions = tuple(Mention(start, end, name, "place", name) for start, end, name in places)
    with Archive.open(archive_desk / "index") as archive:
        archive.add([Article(id="bridge", title="A bridge", body=body, mentions=mentions)], recognise=False)


@pytest.mark.usefixtures("in_passing")
def test_about_counts_names_only_for_the_articles_that_are_mainly_about_them(run: Run) -> None:
    assert set(ids(run("search", "--place", "York", "--ids"))) == {"york-1", "york-2", "bridge"}
    assert set(ids(run("search", "--place", "York", "--about", "--ids"))) == {"york-1", "york-2"}
    assert ids(run("search", "bridge", "place:york", "--ids")) == ["bridge"]
    nothing = run("search", "bridge", "place:york", "--about")
    assert nothing.stdout == "No article for bridge place:york, main subjects only\n"
    assert run("facets", "places", "bridge").stdout.split() == ["1", "Lima", "1", "York"]
    assert run("facets", "places", "bridge", "--about").stdout.split() == ["1", "Lima"]
    exported = run("export", "--place", "York", "--about").stdout.splitlines()
    assert {json.loads(line)["id"] for line in exported} == {"york-1", "york-2"}
