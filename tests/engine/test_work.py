from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from longtake_engine.work import (
    Animate,
    Box,
    BoxPath,
    CameraMove,
    Estimate,
    Extend,
    Filling,
    FrameRange,
    Generate,
    Guidance,
    Inpaint,
    Interpolate,
    Length,
    Outpaint,
    Output,
    Point,
    Progress,
    Score,
    SeamReport,
    Spec,
    Stroke,
    Take,
    from_json,
    to_json,
)

CLIP = Path("/clips/größe und raum.mov")
OUT = Output(Path("/out/take.mov"), "ffv1", no_audio=True, replace_existing=True, music="hold")
GUIDANCE = Guidance(
    "rain",
    "people",
    7,
    (Path("/still.png"),),
    0.5,
    CameraMove("dolly_in", 0.5),
    (BoxPath((Box(1, 2, 3, 4), Box(5, 6, 7, 8, 9)), "a boat"),),
    (Stroke(Path("/region.png"), 12.5, -3.0),),
    True,
)

WORKS = [
    Extend(CLIP),
    Extend(CLIP, Length(frames=3), Length(seconds=Fraction(1001, 24000)), "new_only"),
    Extend(CLIP, tail=Length(timecode="00:00:02;00")),
    Interpolate((CLIP,), factor=Fraction(5, 2)),
    Interpolate((CLIP, CLIP), duration=Length(seconds=Fraction(2))),
    Interpolate((CLIP,), frame_rate=Fraction(60000, 1001)),
    Inpaint(CLIP, boxes=(Box(1, 2, 3, 4), Box(5, 6, 7, 8, frame=9))),
    Outpaint(CLIP, (1080, 1920)),
    Outpaint(CLIP, (8, 8), "top_left", "fill", True, (Box(1, 2, 3, 4),), (Point(5, 6),)),
    Animate(CLIP),
    Animate(CLIP, Length(frames=9), Fraction(25), True, FrameRange(2, 7)),
    Inpaint(
        CLIP,
        Path("/mask.png"),
        mask_hides="clear",
        mask_start_frame=3,
        points=(Point(1, 2, 3),),
        defects=("dust",),
        between_end=Length(frames=9),
        output_range=FrameRange(2, 7),
        matte_path=Path("/matte.mkv"),
        margin=4,
    ),
    Generate(Length(frames=48)),
    Generate(input_path=CLIP, like_path=CLIP),
    Generate(Length(frames=48), (640, 360), Fraction(24000, 1001), (CLIP, CLIP)),
]


@pytest.mark.parametrize("work", WORKS, ids=repr)
def test_a_spec_of_every_kind_comes_back_the_same(work):
    plain = Spec(work, Output(Path("/out.mov")))
    full = Spec(work, OUT, GUIDANCE, "motion", 3, True, Fraction(30000, 1001))
    for spec in (plain, full):
        back = from_json(to_json(spec), Spec)
        assert back == spec
        assert type(back.work) is type(work)


def test_rates_stay_exact_and_lines_stay_lines():
    spec = Spec(WORKS[0], OUT, Guidance("first\nsecond"), sequence_rate=Fraction(24000, 1001))
    line = to_json(spec)
    assert b"\n" not in line
    assert from_json(line, Spec).sequence_rate == Fraction(24000, 1001)


def test_answers_come_back_by_their_kind():
    score = Score(0.5, 30.0, 20.0, 0.9, 1.1)
    take = Take(
        Path("/out/take.mov"),
        -24,
        72,
        Fraction(24000, 1001),
        (FrameRange(0, 24), FrameRange(48, 24)),
        "motion",
        score,
        (SeamReport(24, 1.0, 0.9, 1.2, 1.0),),
        0.25,
        ("A note.",),
        (Filling(3, (0.1, 0.25), (1.0, 0.5)),),
        b"\x89PNG",
    )
    progress = Progress("making", 1, 72, 2.5, b"\xff\xd8\x00jpeg")
    for answer in (take, progress):
        assert from_json(to_json(answer), Progress | Take) == answer  # pyright: ignore
    reckoned = Estimate("motion", 24, 72, 1.5, 10**9, 10**10, 10**12)
    assert from_json(to_json(reckoned), Estimate) == reckoned


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b'{"work":{"type":"paint","input_path":"/a.mov"},"output":{"path":"/b.mov"}}',
        b'{"work":{"type":"extend","input_path":"/a.mov"},"output":{"path":"/b.mov","codec":"gif"}}',
        b'{"work":{"type":"extend","input_path":"/a.mov"},"output":{"path":"/b.mov"},'
        b'"sequence_rate":"24 a second"}',
    ],
)
def test_lines_that_hold_no_spec(line):
    with pytest.raises(msgspec.ValidationError):
        from_json(line, Spec)
