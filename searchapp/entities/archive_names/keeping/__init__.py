"""The numbers of articles and what is shown, as rows in files beside the index: read where asked, changed row by row.

Not for what follows from the numbers: that is for `rules`.
"""
