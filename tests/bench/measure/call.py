"""What the benches' command lines have in common."""

import argparse
import json
from collections.abc import Collection, Sequence
from pathlib import Path


def chosen(
    parser: argparse.ArgumentParser,
    names: str | None,
    usual: Sequence[str],
    known: Collection[str],
    what: str,
) -> tuple[str, ...]:
    """The `names` asked for, `usual` where none are; the program ends where one is not `known`."""
    asked = tuple(names.split(",")) if names else tuple(usual)
    strange = [name for name in asked if name not in known]
    if strange:
        parser.error(f"no {what} {', '.join(strange)}; there are {', '.join(known)}")
    return asked


def write_json(path: Path | None, values: dict[str, object]) -> None:
    """`values` as a file, where one is asked for."""
    if path:
        path.write_text(json.dumps(values, indent=1) + "\n")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def said(met: bool) -> str:
    """Whether a target is met: pass or FAIL."""
    return "pass" if met else "FAIL"
