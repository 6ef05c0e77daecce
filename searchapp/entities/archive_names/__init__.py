"""The labels of all articles to what the archive shows: which are one entity, kept up beside the index.

Works on numbers of articles alone and reads no text. It may import all the rooms beside it, and none of them
imports it. `rules` say what is one, `keeping` holds the numbers, `following` leads from commit to commit, and `book`
lays corrections on top and explains.
"""
