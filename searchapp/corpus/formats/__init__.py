"""One module per format: how its files look, and how they become articles; and the parts they share."""
