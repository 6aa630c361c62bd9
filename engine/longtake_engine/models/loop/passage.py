"""How one run of pictures gives way to another so that it is not seen.

Each place passes over at a moment of its own, where both runs look most alike, as in the graph
cuts of Kwatra et al. (2003); what can be followed from one run to the other glides there. Nothing
is dissolved that has an edge.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.flow import Array, consistency, dense_flow, pixel_grid, sample

FEATHER = 4.0  # steps over which a place with hard edges passes
SOFT_FEATHER = 16.0  # steps over which a soft one does
SOFT = 40.0  # 8-bit levels that two soft places differ by
SAME = 2.6  # 8-bit levels of grain: places that differ by no more pass at once
SWEEPS = 12
TENSION = 1.0  # weight of neighbours that pass at different moments
BORDER = 10.0  # 8-bit levels that neighbours may differ by without a visible border
SCATTER = 2.0  # how strongly places that pass equally well at any step are kept apart in time
PATCH = 8  # cells a side of what is kept together by it
BLUR = 3.0  # small pixels


@dataclass(frozen=True, slots=True)
class Passage:
    """What `steps` pictures of two runs need to become one; lists hold one field for each step.

    A field is H W 2, in small pixels: from where each place of the result to where it is read.
    """

    into_first: tuple[Array, ...]
    into_second: tuple[Array, ...]
    moment: Array  # h w in cells: the step at which each passes over
    feather: Array  # h w: how many steps it takes for it

    @property
    def steps(self) -> int:
        """How many steps it takes."""
        return len(self.into_first)

    def share(self, step: int) -> Array:
        """How much of the second run each cell shows at `step`, 0 to 1."""
        return np.clip((step + 0.5 - self.moment) / self.feather + 0.5, 0, 1).astype(np.float32)


def measure_passage(
    first: Sequence[Array],
    second: Sequence[Array],
    grid: tuple[int, int],
    reach: float,
    haste: float = 0.0,
) -> Passage:
    """The passage from the pictures `first` to `second`, step by step; small lumas, H W uint8.

    Args:
        first: Of the run that ends.
        second: Of the run that begins, as many.
        grid: Cells down and across.
        reach: How far something may glide, small pixels.
        haste: What each further step with the first run costs a cell where both are the same, in
            8-bit levels.
    """
    steps = len(first)
    fields = [
        _glide(a, b, _ease((k + 1) / (steps + 1)), reach)
        for k, (a, b) in enumerate(zip(first, second, strict=True))
    ]
    fields = [
        0.25 * fields[max(0, k - 1)] + 0.5 * fields[k] + 0.25 * fields[min(steps - 1, k + 1)]
        for k in range(steps)
    ]
    into_first, into_second, unlike = [], [], []
    for k, (a, b, motion) in enumerate(zip(first, second, fields, strict=True)):
        share = _ease((k + 1) / (steps + 1))
        into_first.append((-share * motion).astype(np.float32))
        into_second.append(((1 - share) * motion).astype(np.float32))
        places = pixel_grid(*a.shape)
        left = sample(a, places + into_first[-1])
        right = sample(b, places + into_second[-1])
        difference = cv2.absdiff(left, right).astype(np.float32)
        unlike.append(cv2.resize(difference, grid[::-1], interpolation=cv2.INTER_AREA))
    whole = np.stack(unlike)
    apart = cv2.GaussianBlur(whole.mean(0), (0, 0), 1.0)
    soft = np.exp(-((apart / SOFT) ** 2))
    seen = 1 - np.exp(-((apart / SAME) ** 2))
    feather = 1 + seen * (FEATHER - 1 + (SOFT_FEATHER - FEATHER) * soft)
    feather = np.minimum(feather, max(1.0, steps / 2))
    # Before the first step nothing has passed that can be seen, and after the last all has.
    early = feather / 2 - (1 - seen)
    moment = np.clip(choose_moments(whole, haste), early, steps - feather / 2)
    return Passage(tuple(into_first), tuple(into_second), moment, feather)


def _ease(share: float) -> float:
    return share * share * (3 - 2 * share)


def _glide(first: Array, second: Array, time: float, reach: float) -> Array:
    """The motion from `first` to `second` of what is at each place at `time`; 0 where nothing can
    be followed."""
    if min(first.shape) < 16:
        return np.zeros((*first.shape, 2), np.float32)
    forward = dense_flow(first, second, fine=False)
    backward = dense_flow(second, first, fine=False)
    grid = pixel_grid(*first.shape)
    motion = forward
    for _ in range(3):
        motion = sample(forward, grid - time * motion)
    sure = sample(consistency(forward, backward), grid - time * motion)
    aligned = cv2.absdiff(
        sample(first, grid - time * motion), sample(second, grid + (1 - time) * motion)
    )
    before = cv2.blur(cv2.absdiff(first, second).astype(np.float32), (7, 7))
    after = cv2.blur(aligned.astype(np.float32), (7, 7))
    gain = np.clip((before - after) / (0.5 * before + 1), 0, 1)
    length = np.sqrt((motion**2).sum(-1))
    near = np.clip(2 - length / reach, 0, 1)
    trust = cv2.GaussianBlur(sure * gain * near, (0, 0), BLUR)
    weight = trust + 1e-3
    even = cv2.GaussianBlur(motion * (sure * gain * near)[..., None], (0, 0), BLUR)
    even /= weight[..., None]
    return (even * np.clip(2 * trust, 0, 1)[..., None]).astype(np.float32)


def choose_moments(unlike: Array, haste: float = 0.0) -> Array:
    """When each cell should pass over, h w float32, in steps.

    Belief propagation in sweeps. A cell that passes at step n pays for how unlike the runs are
    just before and at n; two neighbours pay for how unlike they are at all steps between theirs.

    Args:
        unlike: T h w: how unlike the two runs are at each step.
        haste: What each further step costs a cell where both runs are the same.
    """
    steps, height, width = unlike.shape
    padded = np.concatenate([unlike[:1], unlike])
    own = padded[:-1] + padded[1:]
    times = np.arange(steps, dtype=np.float32)[:, None, None] / max(1, steps - 1)
    apart = unlike.mean(0)
    own += SCATTER * np.maximum(apart - SAME, 0) * np.abs(times - _scattered(height, width))
    own += haste * steps * times * np.exp(-((apart / SAME) ** 2))
    visible = TENSION * (np.maximum(unlike - BORDER, 0) + 0.1 * unlike)
    across = visible[:, :, 1:] + visible[:, :, :-1]
    down = visible[:, 1:] + visible[:, :-1]
    from_left, from_right = np.zeros_like(own), np.zeros_like(own)
    from_above, from_below = np.zeros_like(own), np.zeros_like(own)
    for _ in range(SWEEPS):
        belief = own + from_left + from_right + from_above + from_below
        new_left, new_right = np.zeros_like(own), np.zeros_like(own)
        new_above, new_below = np.zeros_like(own), np.zeros_like(own)
        new_left[:, :, 1:] = _spread((belief - from_right)[:, :, :-1], across)
        new_right[:, :, :-1] = _spread((belief - from_left)[:, :, 1:], across)
        new_above[:, 1:] = _spread((belief - from_below)[:, :-1], down)
        new_below[:, :-1] = _spread((belief - from_above)[:, 1:], down)
        from_left, from_right = (from_left + new_left) / 2, (from_right + new_right) / 2
        from_above, from_below = (from_above + new_above) / 2, (from_below + new_below) / 2
    belief = own + from_left + from_right + from_above + from_below
    return belief.argmin(0).astype(np.float32)


def _scattered(height: int, width: int) -> Array:
    """A time of its own for each patch, h w from 0 to 1, smooth; always the same."""
    size = max(2, -(-width // PATCH)), max(2, -(-height // PATCH))
    coarse = np.random.default_rng(1).random(size[::-1], np.float32)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


def _spread(message: Array, toll: Array) -> Array:
    """The least of `message` plus the tolls on the way, for every step; smallest made 0."""
    least = message.copy()
    for n in range(1, len(least)):
        np.minimum(least[n], least[n - 1] + toll[n - 1], out=least[n])
    for n in range(len(least) - 2, -1, -1):
        np.minimum(least[n], least[n + 1] + toll[n], out=least[n])
    return least - least.min(0)
