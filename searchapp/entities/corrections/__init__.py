"""What people put right: the ledger they write it to, and how it is laid over the names.

Not for what names would be without them. It imports no room beside it.
"""
