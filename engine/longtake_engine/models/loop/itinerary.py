"""Which picture a region shows when: runs through the known pictures, and passages between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from longtake_engine.models.flow import Array
from longtake_engine.models.loop.likeness import FORGETTING, NEVER, Map, usual_cost

HABIT = 1.0  # what showing again what was just shown costs, in usual passages
SEEN_STEPS = 60  # of a run that are looked at for it
MEMORY_STEPS = 250.0  # after which what was shown is forgotten, by a factor of e
RECENT = 4  # runs back to which no passage is taken again where there is another
DISTINCT = 12  # pictures by which two passages differ
CHANCE = 0.5  # how much chance has a say in the choice
LEAST = 12  # steps of a passage, so that not all of it passes at once
PACE = 2.0  # steps of a passage for each usual step that the two runs are apart


@dataclass(frozen=True, slots=True)
class Run:
    """Pictures shown one after the other: `picture + way * (step - start)` at step `step`.

    From `start` on it takes over from the run before it, for `passage` steps.
    """

    start: int  # steps after the last known picture: the first made one is 1
    picture: int
    way: int  # 1 forward, -1 back in time, 0 at rest
    passage: int  # steps, 0 for the known clip itself

    def at(self, step: int) -> int:
        """The number of the picture shown at `step`."""
        return self.picture + self.way * (step - self.start)


def plan_runs(map: Map, steps: int, random: np.random.Generator) -> tuple[Run, ...]:
    """Runs for `steps` steps after the last known picture.

    The first goes over from the clip itself. What is chosen does not depend on `steps`.

    Args:
        map: Of the region.
        steps: To plan for.
        random: Chooses between passages that are about as good.
    """
    last = len(next(iter(map.entry.values()))) - 1
    held = (Run(0, last, 0, 0),)
    if last < 3:
        return held
    whole = {way: map.entry[way] + _shifted(map.later[way], way) for way in map.entry}
    way = min(whole, key=lambda w: float(whole[w].min()))
    picture = int(whole[way].argmin())
    if not np.isfinite(whole[way][picture]):
        return held
    # The picture that costs least is the one the last known picture looks like: the next is shown.
    passage = needed_steps(map.entry[way][picture] - map.rewind * (way < 0), map.passage)
    runs = [*held, Run(1, picture + way, way, passage)]
    shown = np.arange(-last, 1, dtype=np.float64)  # step at which each was shown last
    while runs[-1].start <= steps:
        following = _choose(map, runs, shown, random)
        if following is None:
            break
        for step in range(max(1, runs[-1].start), following.start):
            shown[runs[-1].at(step)] = step
        runs.append(following)
    return tuple(runs)


def needed_steps(cost: float, most: int) -> int:
    """Steps in which a passage of `cost` goes so slowly that it is not seen, 1 to `most`."""
    return max(1, min(most, round(LEAST + PACE * max(cost, 0.0) ** 0.5)))


def _shifted(costs: Array, way: int) -> Array:
    """`costs` of the picture after each one, going `way`."""
    shifted = np.full_like(costs, np.inf)
    if way > 0:
        shifted[:-1] = costs[1:]
    else:
        shifted[1:] = costs[:-1]
    return shifted


def _choose(map: Map, runs: Sequence[Run], shown: Array, random: np.random.Generator) -> Run | None:
    """The run to follow `runs`; None where there is none."""
    run = runs[-1]
    a = run.way
    first = run.picture + a * (run.passage + map.shortest)
    if not 0 <= first < len(shown):
        return None
    once = usual_cost(map.passages)
    leaves = np.arange(first, len(shown)) if a > 0 else np.arange(first, -1, -1)
    steps = np.abs(leaves - run.picture)
    options = []
    for (one, b), passages in map.passages.items():
        if one != a:
            continue
        habit = HABIT * once * _familiar(shown, b, run.start + int(steps[0]))
        cost = passages[leaves] + once
        cost *= 1 + CHANCE * random.random(cost.shape)
        cost += habit + map.later[b]
        for before, after in pairwise(runs[-RECENT:]):
            if (before.way, after.way) == (a, b):
                near = np.abs(leaves - before.at(after.start)) < DISTINCT
                cost[np.ix_(near, np.abs(np.arange(len(shown)) - after.picture) < DISTINCT)] += (
                    NEVER
                )
        cost *= FORGETTING ** steps[:, None]
        n, j = np.unravel_index(int(cost.argmin()), cost.shape)
        bare = float(passages[leaves[n], j]) - map.rewind * (b < 0)
        options.append((float(cost[n, j]), int(steps[n]), int(j), b, bare))
    cost, step, picture, b, bare = min(options)
    if not np.isfinite(cost):
        return None
    passage = needed_steps(bare, map.passage)
    late = (map.passage - passage) // 2  # a shorter one, where the two runs are most alike
    return Run(run.start + step + late, picture + b * late, b, passage)


def _familiar(shown: Array, way: int, now: int) -> Array:
    """T: how lately the pictures were shown that follow each, from 1, just now, to 0."""
    fresh = np.exp((np.minimum(shown, now) - now) / MEMORY_STEPS)[::way]
    total = np.concatenate([[0.0], np.cumsum(fresh)])
    ends = np.minimum(np.arange(len(fresh)) + SEEN_STEPS, len(fresh))
    mean = (total[ends] - total[:-1]) / (ends - np.arange(len(fresh)))
    return mean[::way]
