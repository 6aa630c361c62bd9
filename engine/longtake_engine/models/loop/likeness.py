"""How much alike the pictures of a region are, and what passing between them costs.

Implements the distances and the anticipated future cost of Schödl et al. (2000), "Video textures",
for passages that take some steps and for runs back in time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from longtake_engine.models.flow import Array

WAYS = (1, -1)
NEVER = 1e3  # usual squared steps that nothing else costs
FORGETTING = 0.99  # weight of what comes one step later
MIRROR = 6.0  # what turning back on the way just come costs, in usual squared steps
LOOK_BACK = np.array([1.0, 0.8, 0.6, 0.4, 0.2])  # weights of the frames before the join


@dataclass(frozen=True, slots=True)
class Map:
    """What it costs one region to pass from any picture and way to any other."""

    passages: dict[tuple[int, int], Array]  # (way, way) -> T T, inf where impossible
    entry: dict[int, Array]  # way -> T: the picture to go on from as if it were the last known one
    later: dict[int, Array]  # way -> T: the discounted cost of what must follow a passage to it
    passage: int  # steps that a passage may take
    shortest: int  # steps of a run between two passages
    rewind: float  # what going back in time costs, as part of the costs above


def squared_distances(pictures: Array, weights: Array) -> Array:
    """T T: weighted mean squared difference between the rows of `pictures`, T P float32."""
    kept = weights > 0
    rows = pictures[:, kept] * np.sqrt(weights[kept])
    rows = rows - rows.mean(0)
    squares = (rows**2).sum(1)
    distances = squares[:, None] + squares[None] - 2 * (rows @ rows.T)
    return np.maximum(distances, 0).astype(np.float64) / float(weights[kept].sum())


def draw_map(distances: Array, passage: int, shortest: int, rewind: float) -> Map:
    """The map of a region.

    Args:
        distances: T T, how much its pictures differ.
        passage: Steps that a passage may take.
        shortest: Steps of a run between two passages.
        rewind: What a run back in time costs, in usual squared steps.
    """
    ways = WAYS if rewind < NEVER else (1,)
    count = len(distances)
    steps = np.diagonal(distances, 1)
    usual = float(np.median(steps)) + 1e-3 if len(steps) else 1.0
    distances = distances / usual
    middle = (passage - 1) / 2
    weights = np.exp(-0.5 * ((np.arange(passage) - middle) / max(passage / 5, 0.5)) ** 2)
    weights /= weights.sum()
    passages = {(a, b): _passages(distances, weights, a, b, shortest) for a in ways for b in ways}
    for a in ways:
        passages[a, ways[-1]] += rewind if len(ways) > 1 else 0.0
    entry = {way: _entry(distances, way, shortest) for way in ways}
    places = np.arange(count)
    entry[ways[-1]] += rewind if len(ways) > 1 else 0.0
    for way in ways:
        end = places + way * (passage + shortest + 1)
        entry[way][(end < 0) | (end >= count)] = np.inf
    return Map(
        passages, entry, _look_ahead(passages, passage, shortest, ways), passage, shortest, rewind
    )


def _passages(distances: Array, weights: Array, a: int, b: int, shortest: int) -> Array:
    """T T: from i going `a` to j going `b`, both being where the passage begins."""
    count, passage = len(distances), len(weights)
    cost = np.zeros((count, count))
    places = np.arange(count)
    for k, weight in enumerate(weights):
        i, j = np.clip(places + a * k, 0, count - 1), np.clip(places + b * k, 0, count - 1)
        cost += weight * distances[np.ix_(i, j)]
    for axis, way, reach in ((0, a, passage - 1), (1, b, passage + shortest)):
        end = places + way * reach
        outside = (end < 0) | (end >= count)
        np.moveaxis(cost, axis, 0)[outside] = np.inf
    close = np.abs(places[:, None] - places[None]) < shortest
    cost[close] += np.inf if a == b else MIRROR
    return cost


def _entry(distances: Array, way: int, shortest: int) -> Array:
    """T: how unlike the last pictures those before picture j are, seen going `way`."""
    count = len(distances)
    last = count - 1
    weights = LOOK_BACK[:count] / LOOK_BACK[:count].sum()
    cost = np.zeros(count)
    for k, weight in enumerate(weights):
        before = np.arange(count) - way * k
        # Beyond the last picture nothing is known; the same step one picture earlier is.
        beyond = np.maximum(before - last, 0)
        i = np.clip(last - k - beyond, 0, last)
        cost += weight * distances[i, np.clip(before - beyond, 0, last)]
    if way > 0:
        cost[np.arange(count) < len(weights) - 1] += 1e3  # no past to compare with
    else:
        cost[last - shortest :] += MIRROR
    return cost


def _look_ahead(
    passages: dict[tuple[int, int], Array], passage: int, shortest: int, ways: Sequence[int]
) -> dict[int, Array]:
    """The discounted cost of the best passages that can follow one that leads to each picture."""
    count = len(next(iter(passages.values())))
    later = {way: np.zeros(count) for way in ways}
    # Each passage counts once more than it costs, so that few long runs win over many short ones.
    once = usual_cost(passages)
    for _ in range(12):
        best = {a: np.min([passages[a, b] + later[b] for b in ways], (0, 2)) + once for a in ways}
        for way in ways:
            onward = best[way][::way].copy()
            for n in range(count - 2, -1, -1):
                onward[n] = min(onward[n], FORGETTING * onward[n + 1])
            onward = onward[::way]
            reach = np.arange(count) + way * (passage + shortest)
            inside = (reach >= 0) & (reach < count)
            found = onward[np.clip(reach, 0, count - 1)] * FORGETTING ** (passage + shortest)
            later[way] = np.where(inside, found, np.inf)
    return later


def usual_cost(passages: dict[tuple[int, int], Array]) -> float:
    """What the passages cost that will be taken, about."""
    costs = np.concatenate([cost[np.isfinite(cost)] for cost in passages.values()])
    return float(np.quantile(costs, 0.01)) if len(costs) else 0.0
