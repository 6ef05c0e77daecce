"""The only room that stores and searches articles."""

from searchapp.engines.base import Engine, EngineState, Writer

__all__ = ["Engine", "EngineState", "Writer"]
