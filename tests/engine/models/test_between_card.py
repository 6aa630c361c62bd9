# torch is an extra, which need not be here:
# pyright: reportMissingImports=false

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from longtake_engine.errors import NotPossible
from longtake_engine.models.between import (
    ON_PROCESSOR,
    Between,
    Fusion,
    Pair,
    make_between,
    quickest_fusion,
)
from longtake_engine.models.between.device import fusion_on
from longtake_engine.testing.picture import crossing, format_of, psnr_db, textured

FORMAT = format_of("yuv420p", 192, 112)


def test_torch_is_not_brought_unless_it_is_asked_for():
    code = "import sys, longtake_engine.models.between; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture
def on_torch() -> Fusion:
    pytest.importorskip("torch", reason="torch is not installed: pip install 'longtake[gpu]'")
    return fusion_on("cpu")


def pair(name: str):
    if name == "shift":
        return textured(FORMAT, 20, 20), textured(FORMAT, 29, 24)
    if name == "leaving":
        return textured(FORMAT, 20, 20), textured(FORMAT, 44, 28)
    if name == "crossing":
        clip = crossing(FORMAT, 7)
        return clip[2], clip[6]
    deep = format_of("yuv444p12le", 160, 96)
    return textured(deep), textured(deep, 6, 3)


@pytest.mark.parametrize("quality", ["draft", "standard", "best"])
@pytest.mark.parametrize("name", ["shift", "leaving", "crossing", "deep"])
def test_torch_makes_what_opencv_makes(on_torch, name, quality):
    first, second = pair(name)
    between = Between.measure(first, second, quality)
    for time in (0.25, 0.5):
        ours, theirs = between.make(time), between.make(time, on_torch)
        level = first.format.max_value / 255
        for a, b in zip(ours.picture.planes, theirs.picture.planes, strict=True):
            assert a.dtype == b.dtype
            assert np.abs(a.astype(int) - b.astype(int)).mean() < 0.5 * level
        assert abs(ours.confidence - theirs.confidence) < 0.02


def test_a_stream_of_pairs_is_made_where_asked(on_torch):
    views = [textured(FORMAT, x, 20) for x in (0, 4, 12)]
    pairs = [Pair(*two, (0.5,), bool(n)) for n, two in enumerate(pairwise(views))]
    ours, theirs = list(make_between(pairs)), list(make_between(pairs, fusion=on_torch))
    assert len(theirs) == 2
    assert psnr_db(ours[1][0].picture, theirs[1][0].picture) > 40


def test_without_torch_a_device_is_refused_and_the_quickest_is_the_processor(monkeypatch):
    monkeypatch.setattr("longtake_engine.models.between.device.find_spec", lambda name: None)
    assert quickest_fusion(textured(FORMAT)) is ON_PROCESSOR
    with pytest.raises(NotPossible, match=r"install longtake\[gpu\]"):
        fusion_on("cuda")


def test_torch_is_not_asked_where_the_machine_tells_of_no_card(monkeypatch):
    monkeypatch.setattr("longtake_engine.models.between.device.find_spec", lambda name: True)
    monkeypatch.setattr("longtake_engine.models.between.device.DRIVERS", ())
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setitem(sys.modules, "torch", None)  # bringing it would raise
    assert quickest_fusion(textured(FORMAT)) is ON_PROCESSOR


def test_a_card_that_torch_cannot_use_is_passed_over(on_torch, monkeypatch, tmp_path):
    monkeypatch.setattr("longtake_engine.models.between.device.DRIVERS", (str(tmp_path),))
    assert quickest_fusion(textured(FORMAT), "xpu:7") is ON_PROCESSOR
    with pytest.raises(NotPossible, match='cannot use "xpu:7"'):
        fusion_on("xpu:7")


@pytest.mark.parametrize(("seconds", "chosen"), [(9.0, ""), (0.0, "cpu")])
def test_the_quicker_of_card_and_processor_is_taken(
    on_torch, monkeypatch, tmp_path, seconds, chosen
):
    module = "longtake_engine.models.between.device"
    monkeypatch.setattr(f"{module}.DRIVERS", (str(tmp_path),))
    monkeypatch.setattr(f"{module}._seconds", lambda fusion, _: seconds if fusion.device else 1.0)
    assert quickest_fusion(textured(FORMAT), "cpu").device == chosen


@pytest.mark.gpu
def test_a_card_makes_what_opencv_makes(on_torch):
    import torch

    if not torch.cuda.is_available():
        pytest.skip("no graphics card that torch can use")
    between = Between.measure(*pair("shift"))
    on_card = between.make(0.5, fusion_on("cuda")).picture
    assert psnr_db(on_card, between.at(0.5)) > 40
