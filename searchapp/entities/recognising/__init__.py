"""Text to spans: the shipped network over words and their features, or a spaCy pipeline; with the model it reads."""
