"""What the benchmark of searching measures, one question to a module."""
