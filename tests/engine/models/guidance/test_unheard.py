from pathlib import Path

from longtake_engine.models.guidance.unheard import unheard
from longtake_engine.work import Box, BoxPath, CameraMove, Guidance

PATH = BoxPath((Box(0, 0, 9, 9, 0), Box(9, 9, 9, 9, 9)))
EVERYTHING = Guidance(
    prompt="a dog",
    box_paths=(PATH,),
    camera=CameraMove("pan_left"),
    reference_paths=(Path("dog.png"),),
    strength=0.5,
)


def test_what_a_model_cannot_hear_is_said():
    notes = unheard(EVERYTHING, "wan-t2v-1.3b")
    assert len(notes) == 3
    assert "boxes and strokes were left aside" in notes[0]
    assert "in words alone" in notes[1]
    assert "no reference pictures" in notes[2]
    assert "could not be told" in unheard(Guidance(camera=CameraMove("pan_left")), "svd")[0]


def test_nothing_is_said_of_what_it_hears():
    (note,) = unheard(EVERYTHING, "wan-vace-1.3b")
    assert "strength" in note
    assert unheard(Guidance(prompt="a dog"), "wan-t2v-1.3b") == ()
    assert unheard(EVERYTHING, "motion") == ()
