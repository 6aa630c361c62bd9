"""Sound of one rate and layout as sound of another."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

import av
import numpy as np

from longtake_engine.media.info import SoundFormat


def resampled(
    blocks: Iterable[np.ndarray], source: SoundFormat, target: SoundFormat
) -> Iterator[np.ndarray]:
    """Float blocks C S in the rate and layout of `target`, of those in the rate and layout of
    `source`; both from -1 to 1.

    Blocks pass through as they are where nothing differs. The length in all is right to a few
    samples: who needs it exact cuts or pads.
    """
    if (source.sample_rate, source.layout) == (target.sample_rate, target.layout):
        yield from blocks
        return
    resampler = av.AudioResampler("fltp", target.layout, target.sample_rate)
    count = 0
    for block in blocks:
        samples = np.ascontiguousarray(block, np.float32)
        frame = av.AudioFrame.from_ndarray(samples, "fltp", source.layout)
        frame.sample_rate = source.sample_rate
        frame.pts, frame.time_base = count, Fraction(1, source.sample_rate)
        count += block.shape[1]
        yield from (made.to_ndarray() for made in resampler.resample(frame))
    yield from (made.to_ndarray() for made in resampler.resample(None))
