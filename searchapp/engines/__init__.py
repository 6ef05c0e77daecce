"""The only room that stores and searches articles."""

from searchapp.engines.base import Answer, Engine, Writer

__all__ = ["Answer", "Engine", "Writer"]
