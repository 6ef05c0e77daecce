"""Bytes to text and trees: character sets, streams, XML and HTML held to safe limits."""
