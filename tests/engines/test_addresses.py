"""The address of an archive on a cluster."""

from __future__ import annotations

import pytest

from searchapp.archive.location import shown_location
from searchapp.engines.opensearch.address import Address
from searchapp.errors import UsageError


def test_an_address_names_nodes_archive_user_and_password() -> None:
    address = Address.parse("opensearch+https://ann:p%40ss@one:9201,two,[::1]:9203/news-2")
    assert address.nodes == (("one", 9201), ("two", 9200), ("::1", 9203))
    assert (address.secure, address.name, address.user, address.password) == (True, "news-2", "ann", "p@ss")


def test_neither_user_nor_password_is_shown() -> None:
    text = "opensearch+http://ann:secret@one:9200/news"
    for shown in (str(Address.parse(text)), repr(Address.parse(text)), shown_location(text)):
        assert "secret" not in shown
        assert "ann" not in shown
    assert shown_location("deep/a://ann@b") == "deep/a://ann@b"


@pytest.mark.parametrize("rest", ["", "host", "host/", "host/News", "host:0/news", "a b/news", "host/../x", "/news"])
def test_an_address_that_is_none_is_refused_without_its_password(rest: str) -> None:
    with pytest.raises(UsageError) as caught:
        Address.parse(f"opensearch+http://ann:secret@{rest}")
    assert "secret" not in str(caught.value)


def test_whether_the_tests_on_a_cluster_run_is_said_once(opensearch: str) -> None:
    assert opensearch
