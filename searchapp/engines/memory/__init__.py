"""The oracle: every article in a dictionary, every question by reading all of them. Slow, plain, and always right."""

from searchapp.engines.memory.engine import MemoryEngine

__all__ = ["MemoryEngine"]
