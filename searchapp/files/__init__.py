"""How the files of an archive change: replaced at once, appended to, locked, made durable, removed.

Whatever an archive writes goes through this room, which knows nothing of what is in the files. It asks the system in
one place (`system`), so that a test can let any single call fail, or drop what a power cut would.
"""
