"""`python -m longtake_bridge` is `longtake`."""

from longtake_bridge.cli.main import main

if __name__ == "__main__":
    main()
