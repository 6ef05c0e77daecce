"""Exports of press databases, in which many articles stand in one file, each with its own head.

The shapes are those that public descriptions and converters of such exports tell. Not for the pages of one newspaper:
those are `web`.
"""
