"""Newspapers that were scanned: what programs that recognise letters tell of a page, and what binds pages to issues.

Words, lines and blocks come with their places, so paragraphs are put together as those of a PDF are.
"""
