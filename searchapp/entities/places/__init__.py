"""What is known of places: countries and towns, their other names, where they lie, who borders on whom.

Not for which place an article means: that is `linking`. The tables are made by `searchapp.training.place_tables`; it
imports no room beside it.
"""
