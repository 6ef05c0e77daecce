"""The engines that `search.py` compares, each behind the same few functions."""
