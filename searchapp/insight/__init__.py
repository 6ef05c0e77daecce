"""What an archive tells beyond hits, as plain functions over a state that give frozen values.

Useful for the page, the command line and scripts alike: the profile of a name, its sentences, the values of a facet,
suggestions, what each part of a search costs, similar articles. Not for finding articles: that is `engines`.
"""
