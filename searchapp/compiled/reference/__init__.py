"""The steps in numpy: what they come to by definition, and what runs where there is no compiled helper."""

from searchapp.compiled.reference.counting import added_up, code_counts, highest, label_counts
from searchapp.compiled.reference.passages import passages
from searchapp.compiled.reference.postings import decoded, find_word, holders, in_all, in_none, unpacked, word_scores
from searchapp.compiled.reference.ranking import added, best
from searchapp.compiled.reference.records import fields_of, instances
from searchapp.compiled.reference.tagging import add_rows, stretch_sums
from searchapp.compiled.reference.words import hash_sums, token_bounds, token_shapes

__all__ = [
    "add_rows",
    "added",
    "added_up",
    "best",
    "code_counts",
    "decoded",
    "fields_of",
    "find_word",
    "hash_sums",
    "highest",
    "holders",
    "in_all",
    "in_none",
    "instances",
    "label_counts",
    "passages",
    "stretch_sums",
    "token_bounds",
    "token_shapes",
    "unpacked",
    "word_scores",
]
