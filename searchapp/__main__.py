"""The program: `searchapp` is `main`, and so is `python -m searchapp`."""

from searchapp.platform.interruption import end_at_once

__all__ = ["main"]


def main() -> None:
    """Runs the command that the arguments of this process name, and ends the process."""
    # Nothing is begun before a command runs, and nothing is left to do after: only commands hear of Ctrl-C themselves.
    end_at_once()
    from searchapp.cli import main as program

    program(prog_name="searchapp")


if __name__ == "__main__":
    main()
