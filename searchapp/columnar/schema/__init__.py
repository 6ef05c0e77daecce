"""What an index is declared to hold: its fields, how a text becomes words, and both in plain form for its files.

Useful for another kind of field. Not for how the values of a field are laid out (`format`), which never sees this room:
a column knows its kind and no schema. It imports no room beside it.
"""
