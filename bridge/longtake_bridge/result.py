"""What a piece of work made, as values and as the JSON that `--json` prints."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from fractions import Fraction
from typing import Any

from google.protobuf.json_format import MessageToDict
from longtake.v1 import job_pb2, media_pb2


@dataclass(frozen=True, slots=True)
class Score:
    """How well a backend foretold frames of this very clip that were hidden from it."""

    confidence: float  # 0 to 1; above 0.6 usually cuts, below 0.3 rather not
    psnr_db: float
    freeze_psnr_db: float  # the same for repeating the last frame
    ssim: float
    liveliness: float  # 1 is as alive as the clip


@dataclass(frozen=True, slots=True)
class Seam:
    """The join of known and made frames against the clip's own frame-to-frame change."""

    side: str  # "head" or "tail"
    frame: int  # first after the join, counted in the made file
    color_jump: float  # about 1 is unseen
    sharpness_ratio: float  # 1 is equally sharp
    noise_ratio: float  # 1 is equally grainy
    motion_ratio: float  # 0 is frozen, about 1 is natural


@dataclass(frozen=True, slots=True)
class Filling:
    """A run of frames in which a region was filled, and where what fills it comes from."""

    start_frame: int  # counted in the made file
    filled: tuple[float, ...]  # share of each picture that was filled
    seen: tuple[float, ...]  # share of that which another frame truly saw; the rest is made up


@dataclass(frozen=True, slots=True)
class Take:
    """One way of doing the work, on disk."""

    media: str  # path on the engine's machine
    start_frame: int  # of the file's first frame, counted in frames of the source
    duration_frames: int
    rate: Fraction
    model: str
    score: Score | None  # None where the backend was not tried on the clip
    seams: tuple[Seam, ...]  # in time order
    made: tuple[tuple[int, int], ...]  # (start_frame, duration_frames) in the made file
    seconds: float  # of work
    notes: tuple[str, ...]
    fillings: tuple[Filling, ...] = ()  # where a region was filled
    fillings_png: bytes = b""  # the same as a small picture
    spec: Mapping[str, Any] = field(default_factory=dict)  # of the job, as JSON: to make it again

    def to_json(self) -> dict[str, Any]:
        """The take as `--json` prints it; numbers that are none become null."""
        return {
            "media": self.media,
            "start_frame": self.start_frame,
            "duration_frames": self.duration_frames,
            "rate": rate_text(self.rate),
            "model": self.model,
            "score": self._score_json(),
            "seam": {seam.side: _seam_json(seam) for seam in self.seams},
            "made": [list(span) for span in self.made],
            "seconds": _number(self.seconds),
            "notes": list(self.notes),
            "credentials": None,
        } | self._fillings_json()

    def _score_json(self) -> dict[str, Any]:
        if self.score is None:
            return dict.fromkeys(one.name for one in fields(Score))
        return _numbers(asdict(self.score))

    def _fillings_json(self) -> dict[str, Any]:
        """What takes alone have in which a region was filled."""
        if not self.fillings:
            return {}
        return {
            "fillings": [
                {
                    "start_frame": filling.start_frame,
                    "filled": [round(share, 4) for share in filling.filled],
                    "seen": [round(share, 4) for share in filling.seen],
                }
                for filling in self.fillings
            ]
        }


@dataclass(frozen=True, slots=True)
class Result:
    """What one command made."""

    job: str | None  # the engine's name for the work; None where real frames were enough
    takes: tuple[Take, ...]  # best first
    placement: dict[str, Any] | None = None  # how it lies on the timeline
    timeline: str | None = None  # path of the new timeline
    notes: tuple[str, ...] = ()  # what an editor should know of the timeline
    jobs: tuple[str, ...] = ()  # all of them, where a timeline took one for each side
    placements: tuple[dict[str, Any], ...] = ()  # all of them, in the order they were applied

    def to_json(self) -> dict[str, Any]:
        """The one object that `--json` prints."""
        return {
            "job": self.job,
            "takes": [take.to_json() for take in self.takes],
            "placement": self.placement,
            "timeline": self.timeline,
            "notes": list(self.notes),
        } | self._of_both_sides()

    def _of_both_sides(self) -> dict[str, Any]:
        """What a timeline extended at both ends has two of."""
        if len(self.placements) < 2:
            return {}
        return {"jobs": list(self.jobs), "placements": list(self.placements)}


def takes_of(job: job_pb2.Job) -> tuple[Take, ...]:
    """What a job that has succeeded made, best first."""
    spec = MessageToDict(job.spec, preserving_proto_field_name=True)
    return tuple(_take(take, spec) for take in job.takes)


def _take(take: job_pb2.Take, spec: Mapping[str, Any]) -> Take:
    made = tuple((span.start_frame, span.duration_frames) for span in take.made_ranges)
    return Take(
        media=take.media_path,
        start_frame=take.start_frame,
        duration_frames=take.duration_frames,
        rate=fraction(take.rate),
        model=take.model,
        score=_score(take.score),
        seams=tuple(_seam(seam, made) for seam in take.seams),
        made=made,
        seconds=take.seconds,
        notes=tuple(take.notes),
        fillings=tuple(
            Filling(one.start_frame, tuple(one.filled_share), tuple(one.seen_share))
            for one in take.fillings
        ),
        fillings_png=take.fillings_png,
        spec=spec,
    )


def _score(score: job_pb2.Score) -> Score | None:
    """None of a backend that was not tried: what was is like the clip at least a little."""
    if not (score.confidence or score.psnr_db or score.ssim):
        return None
    return Score(
        score.confidence, score.psnr_db, score.freeze_psnr_db, score.ssim, score.liveliness
    )


def result_from_job(job: job_pb2.Job) -> Result:
    """What a job that has succeeded made."""
    return Result(job.id, takes_of(job))


def fraction(value: media_pb2.Rational) -> Fraction:
    """The number that the wire carries; 0 where it was not set."""
    return Fraction(value.numerator, value.denominator or 1)


def rate_text(rate: Fraction) -> str:
    """A rate as people and FFmpeg write it: "24000/1001", "25/1"."""
    return f"{rate.numerator}/{rate.denominator}"


def _seam(seam: job_pb2.SeamReport, made: Iterable[tuple[int, int]]) -> Seam:
    # After a head the made frames end at the join; after a tail they begin there.
    is_head = any(start + duration == seam.frame for start, duration in made)
    return Seam(
        "head" if is_head else "tail",
        seam.frame,
        seam.color_jump,
        seam.sharpness_ratio,
        seam.noise_ratio,
        seam.motion_ratio,
    )


def _seam_json(seam: Seam) -> dict[str, Any]:
    value = asdict(seam)
    del value["side"]
    return _numbers(value)


def _numbers(value: dict[str, Any]) -> dict[str, Any]:
    return {name: _number(number) for name, number in value.items()}


def _number(number: float) -> float | None:
    return number if math.isfinite(number) else None  # JSON has no words for inf and nan
