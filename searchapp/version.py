"""The version of the program, which `setup.py` reads from here.

Asking the installed package for it would take longer than all else that `searchapp --version` does.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
