"""Text to the text of an article: paragraphs, and what each line is; datelines and dates.

Not for bytes or markup (`decoding`), nor for what a format says of its fields (`formats`). It may import `language`
only; the order in this room is `prose`, `dates`, `datelines`, `layout`.
"""
