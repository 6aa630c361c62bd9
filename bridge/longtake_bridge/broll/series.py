"""Shots of B-roll that show one subject: made together, so that it looks the same in them."""

from collections.abc import Sequence
from dataclasses import replace

from longtake_bridge.broll.plan import Plan
from longtake_bridge.generate import says_subject
from longtake_bridge.option import SiblingShot


def series_of(plans: Sequence[Plan], subject: str) -> tuple[Plan, ...]:
    """Those that are to be made from words which name `subject`, where there are two or more."""
    if not subject.strip():
        return ()
    found = tuple(
        plan
        for plan in plans
        if plan.error is None
        and plan.make is not None
        and not plan.make.still_paths
        and says_subject(plan.make.prompt, subject)
    )
    return found if len(found) > 1 else ()


def joined(series: Sequence[Plan]) -> Plan:
    """One plan for all of `series`: its shots are the takes of one job, in their order."""
    first, *others = series
    made = [plan.make for plan in others if plan.make is not None]
    assert first.make is not None, "what is made together is made"
    shots = tuple(SiblingShot(make.prompt, make.duration) for make in made)
    return replace(first, make=replace(first.make, shots=shots))


def series_notes(series: Sequence[Plan], subject: str) -> tuple[str, ...]:
    """What to know where a subject was named, and which shots it was found in."""
    if not subject.strip():
        return ()
    if not series:
        return (
            f'Fewer than two of the shots to be made name "{subject}", so each was made by itself.',
        )
    names = ", ".join(plan.wish.name for plan in series)
    return (f'Made together, for "{subject}" to look the same: {names}.',)
