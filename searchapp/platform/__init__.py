"""What one system has and another has not, each with its counterpart: all else is alike on Linux, macOS and Windows.

`files` is about the files of an archive, `machine` about what a process may do, `interruption` about Ctrl-C. No other
room asks which system it runs on.
"""
