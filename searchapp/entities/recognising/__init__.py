"""Text to spans: the shipped network over words and their features, or a spaCy pipeline; with the model it reads.

Not for what a span means: two spans of one name are two spans here. It imports no room beside it. What the network
sees of a word (`tokens`, `features`, `gazetteers`) is what it was trained on: a change asks for another model.
"""
