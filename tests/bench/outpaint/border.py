"""One clip with its border cut off, made again by every rival and measured."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from longtake_engine.canvas import Canvas, Known
from longtake_engine.media.pixel import describe
from longtake_engine.media.still import to_rgb8, write_png
from longtake_engine.picture import Picture
from longtake_engine.tasks.inpaint.hiding import hide
from longtake_engine.tasks.inpaint.likeness import region_psnr_db, region_ssim
from measure.footage import excerpt
from measure.sheet import write_strips
from rivals import made

Array = np.ndarray
CUT = 0.2  # of the width and the height, on each side
SHOWN = 6  # frames of a strip


@dataclass(frozen=True, slots=True)
class Result:
    """Means over the frames, in the border alone."""

    clip: str
    rival: str
    psnr_db: float
    ssim: float
    temporal: float  # levels: mean difference of the changes from frame to frame to the true ones
    detail: float  # mean steepness over the true one: under 1 is smeared
    made_up: float  # share that no frame saw; 1 where that is not told
    frames_a_cpu_second: float


def run_clip(
    footage: Path,
    name: str,
    rivals: Sequence[str],
    *,
    sides: str,
    frames: int,
    height: int,
    sheet: Path | None,
) -> list[Result]:
    """Make the border of one clip by `rivals`; strips and cuts in time go to `sheet`."""
    clip = excerpt(footage, name, frames)
    truth = [_resized(picture, height) for picture in clip.pictures]
    hidden = hidden_of(truth[0], sides)
    known: dict[int, Known] = {n: hide(p, hidden) for n, p in enumerate(truth)}
    canvas = Canvas(truth[0].format, clip.rate, known, range(len(truth)))
    rows = {"given": [known[n].picture for n in known], "truth": truth}
    results = []
    for rival in rivals:
        began = time.process_time()
        done = list(made(rival, canvas))
        spent = max(time.process_time() - began, 1e-3)
        pictures = [one.picture for one in done]
        _check(pictures, truth, hidden)
        seen = [one.seen for one in done]
        results.append(_measured(name, rival, pictures, truth, (hidden, seen, spent)))
        rows[rival] = pictures
    if sheet is not None:
        _write(sheet, name, rows)
    return results


def hidden_of(picture: Picture, sides: str) -> Array:
    """H W uint8: 255 on those of the sides l, r, t and b that are named."""
    height, width = picture.luma.shape
    across, down = round(width * CUT) // 2 * 2, round(height * CUT) // 2 * 2
    hidden = np.zeros((height, width), np.uint8)
    for side, part in (
        ("l", np.s_[:, :across]),
        ("r", np.s_[:, width - across :]),
        ("t", np.s_[:down]),
        ("b", np.s_[height - down :]),
    ):
        if side in sides:
            hidden[part] = 255
    return hidden


def _measured(
    clip: str,
    rival: str,
    made: Sequence[Picture],
    truth: Sequence[Picture],
    rest: tuple[Array, Sequence[Array | None], float],
) -> Result:
    hidden, seen, spent = rest
    border = hidden > 0
    lumas = [(one.luma, other.luma) for one, other in zip(made, truth, strict=True)]
    changes = []
    for (one, true), (before, true_before) in zip(lumas[1:], lumas, strict=False):
        change = one.astype(float) - before
        changes.append(np.abs(change - (true.astype(float) - true_before))[border].mean())
    told = [1 - one[border].mean() for one in seen if one is not None]
    return Result(
        clip,
        rival,
        psnr_db=float(np.mean([region_psnr_db(one, true, border) for one, true in lumas])),
        ssim=float(np.mean([region_ssim(one, true, border) for one, true in lumas])),
        temporal=float(np.mean(changes)),
        detail=float(np.mean([_steep(one, border) / _steep(true, border) for one, true in lumas])),
        made_up=float(np.mean(told)) if told else 1.0,
        frames_a_cpu_second=len(made) / spent,
    )


def _steep(luma: Array, border: Array) -> float:
    steep = cv2.magnitude(cv2.Sobel(luma, cv2.CV_32F, 1, 0), cv2.Sobel(luma, cv2.CV_32F, 0, 1))
    return float(steep[border].mean())


def _check(made: Sequence[Picture], truth: Sequence[Picture], hidden: Array) -> None:
    assert len(made) == len(truth)
    for one, true in zip(made, truth, strict=True):
        assert (one.luma[hidden == 0] == true.luma[hidden == 0]).all(), "known pixels changed"


def _resized(picture: Picture, height: int) -> Picture:
    old = picture.format
    if old.height <= height:
        return picture
    width = round(old.width * height / old.height / 2) * 2
    new = describe(old.pixel_format, width, height, old.color, opaque=not old.has_alpha)
    planes = [
        cv2.resize(plane, new.plane_size(number)[::-1], interpolation=cv2.INTER_AREA)
        for number, plane in enumerate(picture.planes)
    ]
    return Picture(tuple(planes), new)


def _write(folder: Path, name: str, rows: dict[str, list[Picture]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shown = {row: [to_rgb8(picture) for picture in pictures] for row, pictures in rows.items()}
    count = len(next(iter(shown.values())))
    numbers = np.linspace(0, count - 1, min(SHOWN, count)).round().astype(int)
    strips = {row: [frames[number] for number in numbers] for row, frames in shown.items()}
    write_strips(folder / f"{name}-strip.png", strips, (320, 180))
    line = next(iter(shown.values()))[0].shape[0] // 2
    cuts = []
    for frames in shown.values():
        cut = np.stack([frame[line] for frame in frames])
        times = max(1, 240 // count)
        cuts.append(cv2.resize(cut, None, fx=1, fy=times, interpolation=cv2.INTER_NEAREST))
        cuts.append(np.full((4, cut.shape[1], 3), 255, np.uint8))
    write_png(folder / f"{name}-xt.png", np.ascontiguousarray(np.vstack(cuts[:-1])))
