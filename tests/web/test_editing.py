"""Names that are corrected in the page: what a form changes, and who may send it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote_plus, unquote_to_bytes, urlencode
from wsgiref.util import setup_testing_defaults

import pytest

from searchapp.archive import Archive
from searchapp.errors import SettingsError
from searchapp.web.app import make_app
from searchapp.web.serving.server import serve

from .conftest import ARTICLES, Reply

Send = Callable[..., Reply]
HOST = "127.0.0.1:8080"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "index", create=True) as made:
        made.add(ARTICLES, recognise=False)
        yield made


@pytest.fixture
def send(archive: Archive) -> Send:
    return sender(make_app(archive, edit=True))


def sender(app: object) -> Send:
    """Asks, or with `form` posts, as a browser on this machine does."""

    def send(address: str, form: dict[str, str] | None = None, **headers: str) -> Reply:
        path, _, query = address.partition("?")
        body = urlencode(form or {}).encode()
        environ = {
            "REQUEST_METHOD": "GET" if form is None else "POST",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": HOST,
        }
        if form is not None:
            environ["HTTP_ORIGIN"] = f"http://{HOST}"
        environ |= {name: value for name, value in headers.items() if value}
        for name in [name for name, value in headers.items() if not value]:
            environ.pop(name, None)
        setup_testing_defaults(environ)
        seen: list[tuple[str, list[tuple[str, str]]]] = []
        parts = app(environ, lambda status, fields, exc=None: seen.append((status, fields)))  # type: ignore[operator]
        content = b"".join(parts)
        return Reply(int(seen[-1][0].split()[0]), dict(seen[-1][1]), content)

    return send


def form_of(page: Reply) -> dict[str, str]:
    """Names and values of the form of a page that changes something."""
    (form,) = re.findall(r'<form method="post".*?</form>', page.text, re.S)
    return {unescape(n): unescape(v) for n, v in re.findall(r'name="([^"]*)" value="([^"]*)"', form)}


def correct(send: Send, **given: str) -> Reply:
    """Looks at a correction, then makes it."""
    page = send(f"/correct?{urlencode(given)}")
    assert page.status == 200, page.text
    return send("/correct", form_of(page))


def labels(archive: Archive, facet: str) -> dict[str, int]:
    return {value.label: value.count for value in archive.facet(facet).values}


def test_a_correction_says_first_how_many_articles_change_and_then_holds(archive: Archive, send: Send) -> None:
    page = send("/correct?action=merge&facet=places&label=Baku&target=Yerevan")
    assert "“Baku” counts under “Yerevan”. 2 articles change." in unescape(page.text)
    assert labels(archive, "places")["Baku"] == 2, "looking at it changes nothing"
    made = send("/correct", form_of(page))
    assert (made.status, made.headers["Location"]) == (303, "/place/Yerevan")
    assert labels(archive, "places") == {"Yerevan": 4}
    assert [one.action for one in archive.corrections] == ["merge"]


def test_names_are_renamed_moved_split_and_taken_for_none_and_the_last_is_taken_back(
    archive: Archive, send: Send
) -> None:
    assert correct(send, action="rename", facet="places", label="Baku", target="Bakı").status == 303
    assert labels(archive, "places")["Bakı"] == 2
    split = "action=split&facet=places&label=Yerevan&target=Erivan&articles=a1%0A%0Anone%0Aa1"
    page = send(f"/correct?{split}")
    assert "1 article changes." in page.text
    assert send("/correct", form_of(page) | {"articles": "a1"}).headers["Location"] == "/place/Erivan"
    assert labels(archive, "places") == {"Bakı": 2, "Erivan": 1, "Yerevan": 1}
    moved = correct(send, action="retype", facet="organisations", label="United Nations", target="places")
    assert moved.headers["Location"] == "/place/United%20Nations"
    assert correct(send, action="block", facet="people", label="Nikol Pashinyan").headers["Location"] == "/corrections"
    assert labels(archive, "people") == {}
    listed = send("/corrections")
    assert "4 corrections, the last first." in listed.text
    assert listed.text.index("Nikol Pashinyan") < listed.text.index("Baku")
    assert send("/corrections", form_of(listed)).status == 303
    assert labels(archive, "people") == {"Nikol Pashinyan": 2}
    assert len(archive.corrections) == 3


def test_a_correction_that_makes_no_sense_is_explained_and_changes_nothing(archive: Archive, send: Send) -> None:
    page = send("/correct?action=rename&facet=places&label=Baku&target=Bak%C4%B1")
    odd = send("/correct", form_of(page) | {"label": "Nowhere"})
    assert odd.status == 200
    assert 'role="alert"' in odd.text
    assert '<form method="post"' not in send("/correct?action=merge&facet=places&label=Baku").text
    for given in ({"action": "sing"}, {"facet": "topics"}, {"label": ""}, {"label": "x" * 1_001}):
        asked = {"action": "merge", "facet": "places", "label": "Baku"} | given
        assert send(f"/correct?{urlencode(asked)}").status == 400
        assert send("/correct", form_of(page) | asked).status in (200, 400)
    assert archive.corrections == ()
    assert send("/corrections").text.count('<form method="post"') == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_ORIGIN": "http://elsewhere.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "http://["},
        {"HTTP_ORIGIN": ""},
        {"HTTP_ORIGIN": "", "HTTP_REFERER": "http://elsewhere.example/correct"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_X_FORWARDED_FOR": "10.0.0.1"},
        {"HTTP_FORWARDED": "for=10.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
        {"REMOTE_ADDR": "10.0.0.1"},
        {"REMOTE_ADDR": ""},
        {"HTTP_HOST": "elsewhere.example"},
    ],
)
def test_only_forms_of_this_page_from_this_machine_are_taken(
    archive: Archive, send: Send, headers: dict[str, str]
) -> None:
    form = form_of(send("/correct?action=block&facet=places&label=Baku"))
    assert send("/correct", form, **headers).status == 403
    assert send("/corrections", form, **headers).status == 403
    for token in ("", "x", form["token"][:-1]):
        assert send("/correct", form | {"token": token}).status == 403
    assert archive.corrections == ()
    assert send("/correct", form).status == 303


def test_pages_lead_to_forms_only_where_names_may_be_corrected(archive: Archive, send: Send) -> None:
    page = send("/place/Baku").text
    assert page.count('<form method="get" action="/correct">') == 5
    assert '<a class="x" href="/place/Baku#correct">correct</a>' in send("/facet/places").text
    plain = sender(make_app(archive))
    for address in ("/place/Baku", "/facet/places", "/"):
        assert "correct" not in plain(address).text
    assert plain("/correct?action=block&facet=places&label=Baku").status == 404
    assert plain("/corrections").status == 404
    assert plain("/correct", {"action": "block"}).status in (404, 405)


def test_a_label_of_any_letters_is_shown_as_it_is(send: Send) -> None:
    evil = '<script>alert(1)</script>"'
    page = send(f"/correct?action=merge&facet=places&label={quote_plus(evil)}&target={quote_plus(evil)}")
    assert "<script>alert" not in page.text
    assert form_of(page)["label"] == evil


def test_names_are_corrected_on_this_machine_alone(archive: Archive) -> None:
    with pytest.raises(SettingsError, match="leave out --host"):
        serve(archive, host="0.0.0.0", port=0, edit=True)
