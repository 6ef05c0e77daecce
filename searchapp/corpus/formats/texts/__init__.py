"""Texts that people wrote and saved: plain, Markdown, e-mail.

Not for texts that a database put one after another: that is `press`.
"""
