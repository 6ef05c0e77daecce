"""Tables and records: rows of CSV, objects of JSON, and which of their columns and keys hold what.

Not for any one program's export: what its objects look like is in `shapes`.
"""
