"""What agencies and newspapers send one another, and the collections of it that research works with.

Not for what databases of the press hand out: that is `press`.
"""
