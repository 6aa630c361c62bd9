import pytest
from longtake_engine.models.guidance.prompt import expand
from longtake_engine.models.guidance.vocabulary import TRAITS, choices, says
from longtake_engine.work import CameraMove


def test_what_is_said_stays_and_what_is_left_open_is_said():
    expansion = expand("A fox crosses a road at dawn")
    assert expansion.prompt.startswith("A fox crosses a road at dawn. ")
    assert expansion.written_by == "template"
    assert len(expansion.added) == len(TRAITS)
    for trait in TRAITS:
        assert says(trait, expansion.prompt), trait


@pytest.mark.parametrize(
    ("prompt", "trait"),
    [
        ("Close-up of a sea", "size"),
        ("a two-shot of lovers", "size"),
        ("aerial view of a city", "angle"),
        ("a tower from below", "angle"),
        ("the camera follows a dog", "move"),
        ("handheld footage of a crowd", "move"),
        ("no camera movement: a pond", "move"),
        ("a room lit by one lamp", "light"),
        ("a backlit dancer", "light"),
        ("a face, 35mm", "lens"),
        ("bokeh of city lights", "lens"),
    ],
)
def test_a_trait_that_was_spoken_of_is_left_alone(prompt, trait):
    own = {choice.phrase for choice in choices(trait)}
    assert not own & set(expand(prompt).added)


@pytest.mark.parametrize(
    ("prompt", "phrase"),
    [
        ("an ant on a leaf", "extreme close-up"),
        ("an ant on a leaf", "100 mm macro lens"),
        ("hands kneading dough", "close-up"),
        ("close-up of hands", "85 mm lens, shallow depth of field"),
        ("the skyline of Berlin at night", "wide shot"),
        ("the skyline of Berlin at night", "low-key light of the night"),
        ("a landscape in fog", "24 mm lens, deep focus"),
        ("no close-up: a child on a swing", "50 mm lens"),
        ("a statue in the rain", "low angle"),
    ],
)
def test_what_is_added_goes_with_what_is_shown(prompt, phrase):
    assert phrase in expand(prompt).added


def test_what_was_written_out_says_everything():
    once = expand("A boat on a lake").prompt
    again = expand(once)
    assert again.prompt == once
    assert again.added == ()
    assert again.written_by == ""


def test_the_camera_move_that_was_chosen_is_put_in_words():
    expansion = expand("A boat on a lake", CameraMove("orbit_left", 0.2))
    assert "the camera slowly orbits to the left around the subject" in expansion.prompt
    assert "steady" not in expansion.prompt


def test_a_move_in_the_prompt_goes_before_the_one_that_was_chosen():
    expansion = expand("The camera pans right over a lake", CameraMove("pan_left"))
    assert "left" not in expansion.prompt
    (note,) = expansion.notes
    assert "left out" in note


@pytest.mark.parametrize(
    "prompt", ["Eine Katze sitzt auf dem Dach und schläft", "猫が屋根で寝ている", "Кот на крыше"]
)
def test_another_language_gets_the_camera_alone(prompt):
    assert expand(prompt).prompt == prompt
    assert "not in English" in expand(prompt).notes[0]
    assert expand(prompt, CameraMove("zoom_in")).prompt == f"{prompt}. The lens zooms in."


def test_without_a_prompt_only_the_camera_is_told_of():
    assert expand("").prompt == ""
    assert expand("", CameraMove("dolly_in")).prompt == "The camera dollies in."


def test_what_pictures_show_already_is_not_said():
    assert expand("A fox on a road", traits=()).prompt == "A fox on a road"
    told = expand("A fox on a road", CameraMove("pan_left"), traits=())
    assert told.prompt == "A fox on a road. The camera pans to the left."
