"""Documents of office programs, books and printed pages: text that has to be taken out of something else.

What is in them is told as if it were plain text, so exports of press databases that were saved as documents are read
as such. Tables are read like tables in text.
"""
