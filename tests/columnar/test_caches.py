"""A bounded cache keeps what was used last, and nothing that would fill it alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from searchapp.columnar.asking.caches import ByteCache


def test_what_was_used_last_stays() -> None:
    made: list[str] = []
    cache = ByteCache(10_000)

    def get(key: str) -> str:
        return cache.get(key, lambda: (made.append(key), key)[1], lambda _: 900)

    for key in "abcdefgh":
        get(key)
    get("a")
    get("i")
    get("j")
    get("a")
    assert made == list("abcdefghij")
    get("b")
    assert made[-1] == "b"


def test_a_value_larger_than_an_eighth_of_the_cache_is_not_kept() -> None:
    cache = ByteCache(8_000)
    made: list[int] = []
    for size in (801, 801, 800, 800):
        cache.get(size, lambda: made.append(1) or [], lambda _, size=size: size)  # type: ignore[misc]
    assert len(made) == 3


def test_a_cache_that_was_cleared_makes_everything_again() -> None:
    cache = ByteCache(10_000)
    assert cache.get("a", lambda: 1, lambda _: 1) == 1
    cache.clear()
    assert cache.get("a", lambda: 2, lambda _: 1) == 2


def test_threads_share_a_cache() -> None:
    cache = ByteCache(40_000)

    def ask(number: int) -> bool:
        return cache.get(number % 97, lambda: number % 97, lambda _: number % 700) == number % 97

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(20_000)))
