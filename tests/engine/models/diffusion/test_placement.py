import pytest
from longtake_engine.errors import OutOfMemory
from longtake_engine.models.diffusion.placement import (
    GB,
    WAYS,
    Machine,
    Need,
    choose_way,
    held_note,
    needed_bytes,
)

# As Wan 14B in 16 bits: an encoder of 11 GB, a transformer of 28 GB.
LARGE = Need(
    "large",
    {"text_encoder": 11 * GB, "transformer": 28 * GB, "vae": GB},
    {"text_encoder": 7 * GB, "transformer": 14 * GB, "vae": GB},
    4 * GB,
)


@pytest.mark.parametrize(
    ("card_gb", "memory_gb", "way"),
    [
        (80, 64, "whole"),
        (40, 64, "part by part"),
        (24, 64, "part by part in 8 bits"),
        (12, 64, "layer by layer"),
        (6, 64, "layer by layer in 8 bits"),
        (4, 64, "processor"),
        (0, 42, "processor in 8 bits"),
        (0, 64, "processor"),
        (80, 32, "whole"),  # from the disk to the card part by part
    ],
)
def test_the_quickest_way_that_fits_is_taken(card_gb, memory_gb, way):
    device = "cuda:0" if card_gb else "cpu"
    machine = Machine(device, card_gb * GB, memory_gb * GB, "bfloat16")
    assert choose_way(LARGE, machine) == way


def test_a_way_that_failed_is_not_taken_again():
    machine = Machine("cuda:0", 80 * GB, 64 * GB, "bfloat16")
    assert choose_way(LARGE, machine, "part by part") == "part by part"
    assert choose_way(LARGE, machine, "processor") == "processor"


def test_a_card_without_8_bits_goes_layer_by_layer_at_once():
    assert choose_way(LARGE, Machine("mps", 24 * GB, 64 * GB, "bfloat16")) == "layer by layer"


def test_fewer_bits_are_told_with_the_reason():
    machine = Machine("cuda:0", 8 * GB, 64 * GB, "bfloat16")
    note = held_note(LARGE, machine, "part by part in 8 bits")
    assert "large were held in 8 bits, to fit the 8 GB that were free on your card" in note
    assert "64 GB that were free on this machine" in held_note(LARGE, machine, WAYS[-1])
    assert held_note(LARGE, machine, "part by part") == ""


@pytest.mark.parametrize("card_gb", [0, 24])
def test_what_fits_nowhere_is_told_with_figures(card_gb):
    device = "cuda:0" if card_gb else "cpu"
    with pytest.raises(OutOfMemory, match=r"large needs 40\.0 GB of memory.*16\.0 GB of memory"):
        choose_way(LARGE, Machine(device, card_gb * GB, 16 * GB))


def test_slower_ways_take_less_of_the_card():
    taken = [needed_bytes(LARGE, way)[0] for way in WAYS[:-1]]
    assert taken == sorted(taken, reverse=True) and len(set(taken)) == len(taken)


def test_what_would_fit_instead_is_named():
    need = Need(
        "large", {"transformer": 28 * GB}, {}, 0, instead=("small", "smaller", "least", "more")
    )
    with pytest.raises(OutOfMemory, match="take one that would fit: small, smaller, least\\."):
        choose_way(need, Machine("cuda:0", 8 * GB, 8 * GB))
