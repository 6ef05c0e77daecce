"""The workshop: how the shipped model and the tables of places are made, and how a recogniser is scored.

`python -m searchapp.training --data DIR --out FILE` trains; `evaluate` and `place_tables` are commands beside it. Not
for running the program: nothing imports this room, and what it needs is not installed with it.
"""
