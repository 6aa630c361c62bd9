"""`python -m longtake_bridge` is `longtake`: this is what the console script runs."""

import sys


def main() -> None:
    """The command; cancelled in the moment in which it is loaded, it says so as later on."""
    try:
        from longtake_bridge.cli import main as command  # noqa: PLC0415 - it takes that moment

        command.main()
    except KeyboardInterrupt:
        print("longtake: Cancelled.", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
