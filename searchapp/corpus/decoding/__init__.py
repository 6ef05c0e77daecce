"""Bytes to text and trees: character sets, streams, XML and HTML held to safe limits, and what a reader yields.

Not for any one format: what two of them share is here, what one needs alone is with it. It may import `cleaning`.
"""
