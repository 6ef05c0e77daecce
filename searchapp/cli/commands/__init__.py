"""The commands, one module each, over the options, the output and the progress that they share.

Not for what the program does around them, such as its exit codes (`program`): no command imports that, nor another.
"""
