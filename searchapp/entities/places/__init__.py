"""What is known of places: countries, towns, their other names, where they lie."""
