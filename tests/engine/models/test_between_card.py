# torch is an extra, which need not be here:
# pyright: reportMissingImports=false

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from longtake_engine.errors import NotPossible
from longtake_engine.models.between import Between, Pair, make_between
from longtake_engine.models.between.drawer import drawer
from longtake_engine.testing.picture import crossing, format_of, psnr_db, textured

FORMAT = format_of("yuv420p", 192, 112)


def test_torch_is_not_brought_unless_it_is_asked_for():
    code = "import sys, longtake_engine.models.between; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture
def card():
    pytest.importorskip("torch", reason="torch is not installed: pip install 'longtake[gpu]'")
    from longtake_engine.models.between import card

    return card


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
def test_torch_makes_what_opencv_makes(card, name, quality):
    first, second = pair(name)
    between = Between.measure(first, second, quality)
    on_card = card.CardBetween.of(between, "cpu")
    for time in (0.25, 0.5):
        ours, theirs = between.make(time), on_card.make(time)
        level = first.format.max_value / 255
        for a, b in zip(ours.picture.planes, theirs.picture.planes, strict=True):
            assert a.dtype == b.dtype
            assert np.abs(a.astype(int) - b.astype(int)).mean() < 0.5 * level
        assert abs(ours.confidence - theirs.confidence) < 0.02


def test_bent_paths_are_bent_by_torch_too(card):
    views = [textured(FORMAT, x, 20) for x in (0, 4, 12, 24)]
    steps = [Between.measure(*two) for two in pairwise(views)]
    bent = steps[1].beside(steps[0], steps[2])
    ours, theirs = bent.at(0.5), card.CardBetween.of(bent, "cpu").at(0.5)
    straight = steps[1].at(0.5)
    assert np.abs(ours.luma.astype(int) - theirs.luma).mean() < 0.5
    assert np.abs(straight.luma.astype(int) - theirs.luma).mean() > 1


def test_a_stream_of_pairs_is_made_where_asked(card):
    views = [textured(FORMAT, x, 20) for x in (0, 4, 12)]
    pairs = [Pair(*two, (0.5,), bool(n)) for n, two in enumerate(pairwise(views))]
    ours, theirs = list(make_between(pairs)), list(make_between(pairs, device="cpu"))
    assert len(theirs) == 2
    assert psnr_db(ours[1][0].picture, theirs[1][0].picture) > 40
    assert drawer("auto") is drawer(None) or card.found("auto").type == "cuda"


def test_without_torch_a_device_is_refused_and_auto_does_without(monkeypatch):
    monkeypatch.setattr("longtake_engine.models.between.drawer.find_spec", lambda name: None)
    assert drawer("auto") is drawer()
    with pytest.raises(NotPossible, match=r"install longtake\[gpu\]"):
        drawer("cuda")


def test_a_device_that_is_not_here_is_refused(card):
    with pytest.raises(NotPossible, match='cannot use "xpu:7"'):
        card.found("xpu:7")


@pytest.mark.gpu
def test_a_card_makes_what_opencv_makes(card):
    import torch

    if not torch.cuda.is_available():
        pytest.skip("no graphics card that torch can use")
    between = Between.measure(*pair("shift"))
    assert psnr_db(card.CardBetween.of(between, "cuda").at(0.5), between.at(0.5)) > 40
