"""For each patch of a hole, the patch outside that is most like it.

Exact by comparing all with all where pictures are small, else by PatchMatch (Barnes et al. 2009)
in whole-array steps: what suits the neighbours, and what lies at random around the best so far.
"""

from dataclasses import dataclass

import numpy as np

from longtake_engine.models.synthesis.patch import Array, Basis

NEIGHBOURS = ((0, 1), (0, -1), (1, 0), (-1, 0))
BLOCK = 1 << 22  # numbers in a table of distances


@dataclass(slots=True)
class Field:
    """Which place each target is matched with, all flat indices into one picture."""

    target: Array  # N
    match: Array  # N
    distance: Array  # N float32, squared

    def offset(self, width: int) -> tuple[Array, Array]:
        """The way from each target to its match, down and across."""
        row, column = np.divmod(self.match, width)
        own_row, own_column = np.divmod(self.target, width)
        return row - own_row, column - own_column


class Search:
    """The patches of one picture that may be copied, ready to be searched."""

    def __init__(self, image: Array, allowed: Array, random: np.random.Generator) -> None:
        """Of `image` (H W C float32) those around the places `allowed` (H W bool)."""
        self.size = allowed.shape
        self.sources = np.flatnonzero(allowed)
        self._allowed = allowed.ravel()
        self._random = random
        self._basis = Basis.learn(image, self.sources, random)
        self._told = np.zeros((allowed.size, self._basis.words.shape[1]), np.float32)
        self._told[self.sources] = self._basis.tell(image, self.sources)

    def exact(self, image: Array, target: Array) -> Field:
        """The best of all for the patches of `image` around `target`."""
        wanted, there = self._basis.tell(image, target), self._told[self.sources]
        own = (there * there).sum(1) / 2
        rows = max(1, BLOCK // len(there))
        best = [
            np.argmin(own - wanted[start : start + rows] @ there.T, axis=1)
            for start in range(0, len(target), rows)
        ]
        match = self.sources[np.concatenate(best)]
        return Field(target, match, self._distance(wanted, match))

    def near(self, image: Array, target: Array, match: Array, jumps: tuple[int, ...]) -> Field:
        """Better ones than `match` for the patches of `image` around `target`.

        Args:
            image: H W C float32, its hole filled so far.
            target: N.
            match: N, what is known so far; all of it must be allowed.
            jumps: How far off the neighbours are that are asked, one round for each.
        """
        wanted = self._basis.tell(image, target)
        field = Field(target, match.copy(), self._distance(wanted, match))
        height, width = self.size
        for jump in jumps:
            for down, across in NEIGHBOURS:
                self._try(field, wanted, self._suggested(field, down * jump, across * jump))
            reach = max(height, width) // 4
            while reach >= 2:
                way = self._random.integers(-reach, reach + 1, (2, len(target)))
                self._try(field, wanted, field.match + way[0] * width + way[1])
                reach //= 4
        return field

    def _suggested(self, field: Field, down: int, across: int) -> Array:
        """What the neighbour `down` and `across` has found, moved as it lies; -1 for nothing."""
        step = down * self.size[1] + across
        grid = np.full(self._allowed.size, -1, np.int64)
        grid[field.target] = field.match
        there = field.target + step
        inside = (there >= 0) & (there < len(grid))
        found = grid[np.where(inside, there, 0)]
        return np.where(inside & (found >= 0), found - step, -1)

    def _try(self, field: Field, wanted: Array, match: Array) -> None:
        """Take over what of `match` is allowed and better."""
        inside = (match >= 0) & (match < len(self._allowed)) & (match != field.match)
        chosen = np.flatnonzero(inside & self._allowed[np.where(inside, match, 0)])
        if not len(chosen):
            return
        distance = self._distance(wanted[chosen], match[chosen])
        better = distance < field.distance[chosen]
        place = chosen[better]
        field.match[place] = match[place]
        field.distance[place] = distance[better]

    def _distance(self, wanted: Array, match: Array) -> Array:
        off = self._told[match]
        off -= wanted
        return np.einsum("nk,nk->n", off, off)
