"""How far what was found is to be trusted."""

from dataclasses import dataclass, replace

import numpy as np

from longtake_engine.models.flow import Array

CHAIN = 0.1  # power of a step's agreement that stays in the chain of all steps
LEAST_AREA = 12  # pixels of a thing that can be followed


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells how well one frame went, 0..1 but for the last ones."""

    agrees: float = 1.0  # what motion brought along with what was found, as IoU
    speaks: float = 1.0  # the evidence inside
    moves: float = 1.0  # motion that leads back where it came from
    like_first: float = 1.0  # how much of it looks as what was marked rather than as its ground
    distance: float = 0.0  # squared: of it to what is remembered of it, the median
    grown: float = 1.0  # times the size that was marked

    @classmethod
    def of(cls, carried: Array, region: Array, sure: Array, odds: Array) -> "Signs":
        """Those of motion and evidence."""
        inside = region > 0.5
        if inside.sum() < LEAST_AREA:
            return cls(0.0, 0.0, 0.0)
        both = float(np.minimum(carried, region).sum())
        either = float(np.maximum(carried, region).sum())
        speaks = 1 / (1 + np.exp(-float(odds[inside].mean())))
        return cls(both / max(either, 1e-6), float(speaks), float(sure[inside].mean()))

    def with_likeness(
        self, inside: Array, first_odds: Array, to_thing: Array, usual: float
    ) -> "Signs":
        """With how it looks: log-odds against what was marked, and distances, of each place."""
        if not inside.any():
            return replace(self, like_first=0.0, distance=usual)
        like = float((1 / (1 + np.exp(-first_odds[inside]))).mean())
        return replace(self, like_first=like, distance=float(np.median(to_thing[inside])))


def chained(chain: float, signs: Signs) -> float:
    """What is left of the trust in the marked frame after one more step: errors add up."""
    return chain * signs.agrees**CHAIN


def trust_in(chain: float, signs: Signs) -> float:
    """How far a frame is to be trusted, 0..1: by how the step to it went, by how much of what was
    found looks as what was marked, and by the steps before.
    """
    went = signs.agrees * signs.speaks * (0.5 + 0.5 * signs.moves)
    return float(np.clip(went * signs.like_first * chain, 0, 1))
