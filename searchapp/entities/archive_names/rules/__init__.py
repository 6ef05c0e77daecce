"""Which labels name one entity, from numbers of articles: what each rule reads, as keys, and what the rules come to.

Works out what it is asked for and nothing else. Not for where the numbers are kept.
"""
