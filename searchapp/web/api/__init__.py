"""JSON for programs, and the document that describes it."""
