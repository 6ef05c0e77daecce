"""What a word is, once, and what several rooms read texts by.

- `fold`: the one table of letters; `words`: tokens, forms and stems, which search goes by; `names`: words of names.
- `sentences` and `calendar`: where sentences end, what months and days are called.
- `agencies`, `credits`, `furniture`: who made a text or picture, and what of a page is no part of it.
- `labels`: codes and inverted names as a newspaper prints them.

Not for deciding what a text means, and not for files: it imports nothing but the errors.
"""
