"""Shots watched as they are and with defects planted, and what was found."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from longtake_engine.luma import luma8
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.defect import Scratch, ScratchWatch, SpotWatch
from longtake_engine.tasks.inpaint.shots import find_shots
from measure.footage import IMAGE_RATE, clip_path
from planted import Line, plan_lines, plan_spots, scratch, shade

Array = np.ndarray
SEEN = 300  # frames of a clip, from its first one, whose shots are watched
SHORTEST = 24  # frames of a shot
SEED = 15  # with which the thresholds were set and the first figures made
OFF = 4.0  # pixels at which a scratch is another one
MOST = 0.5  # of the frames: a planted scratch is found if it is claimed on more


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was planted in a shot, and what was claimed."""

    planted: list[dict[str, Any]]
    found: list[bool]  # of each planted one
    false: int  # claims beside the planted ones
    clean_false: int  # claims with nothing planted


def find_spots(lumas: Iterable[Array], size: tuple[int, int], seed: int) -> Outcome:
    """What is found of spots in the frames of a shot (H W uint8)."""
    spots = plan_spots(size, seed)
    light = np.prod([spot.light(size) for spot in spots], axis=0)
    clean, planted = SpotWatch(), SpotWatch()
    for luma in lumas:
        clean.see(luma)
        planted.see(shade(luma, light))
    labels = _labelled(planted.end().mask, size)
    hits = [int(labels[round(spot.y), round(spot.x)]) for spot in spots]
    return Outcome(
        planted=[asdict(spot) for spot in spots],
        found=[hit > 0 for hit in hits],
        false=int(labels.max()) - len(set(hits) - {0}),
        clean_false=int(_labelled(clean.end().mask, size).max()),
    )


def find_scratches(lumas: Iterable[Array], size: tuple[int, int], seed: int) -> Outcome:
    """What is found of scratches in the frames of a shot (H W uint8)."""
    lines = plan_lines(size, seed)
    clean, planted = ScratchWatch(), ScratchWatch()
    count = 0
    for frame, luma in enumerate(lumas):
        clean.see(luma)
        planted.see(scratch(luma, lines, frame))
        count = frame + 1
    claims = planted.end()
    covered = [sum(len(one.frames) for one in claims if _is(one, line)) for line in lines]
    return Outcome(
        planted=[asdict(line) for line in lines],
        found=[frames > MOST * count for frames in covered],
        false=sum(not any(_is(one, line) for line in lines) for one in claims),
        clean_false=len(clean.end()),
    )


FINDERS = {"spots": find_spots, "scratches": find_scratches}


@dataclass(frozen=True, slots=True)
class Result:
    """One kind of defect in one shot of a clip."""

    clip: str
    kind: str
    start_frame: int
    stop_frame: int  # exclusive
    outcome: Outcome


def run(footage: Path, clip: str, kinds: Sequence[str], most: int) -> Iterator[Result]:
    """Each shot of a clip's first frames, `most` of its frames, with each kind of defect."""
    with VideoReader(probe(clip_path(footage, clip), IMAGE_RATE)) as reader:
        size = (reader.format.height, reader.format.width)
        seen = range(min(SEEN, reader.frame_count))
        for shot in [shot for shot in find_shots(reader, seen) if shot]:
            if len(shot) < SHORTEST:
                continue
            window = shot[:most]
            seed = SEED + len(clip) + size[1] + shot.start
            for kind in kinds:
                lumas = (luma8(one) for one in reader.frames(window.start, window.stop))
                outcome = FINDERS[kind](lumas, size, seed)
                yield Result(clip, kind, window.start, window.stop, outcome)


def _labelled(mask: Array | None, size: tuple[int, int]) -> Array:
    """Each connected part of a mask with a number from 1 on, H W."""
    return np.zeros(size, int) if mask is None else cv2.connectedComponents(mask)[1]


def _is(claim: Scratch, line: Line) -> bool:
    true = np.array([line.column(frame) for frame in claim.frames])
    return abs(float(np.mean(claim.columns - true))) < OFF
