from fractions import Fraction
from typing import get_args

import cv2
import numpy as np
import pytest
from longtake_engine.canvas import Canvas, Known
from longtake_engine.errors import BadInput
from longtake_engine.models.guidance.camera_flow import camera_flow
from longtake_engine.models.guidance.control import control_of
from longtake_engine.models.guidance.course import BoxCourse
from longtake_engine.models.guidance.flow_color import color_flow
from longtake_engine.testing.picture import format_of, textured
from longtake_engine.work import Box, BoxPath, CameraKind, CameraMove, Guidance, Stroke

FORMAT = format_of("yuv420p", 320, 180)
SIZE = (90, 160)  # half of it
PATH = BoxPath((Box(20, 40, 60, 40, 0), Box(120, 100, 80, 60, 40), Box(220, 20, 60, 40, 80)))


def canvas() -> Canvas:
    return Canvas(FORMAT, Fraction(24), {}, range(0, 81))


def drawn(guidance: Guidance, frames=(0, 40, 80), size=SIZE) -> np.ndarray:
    draw = control_of(guidance, canvas())
    assert draw is not None
    video = draw(frames, size)
    assert video.shape == (len(frames), *size, 3)
    assert video.dtype == np.float32
    assert 0 <= video.min() <= video.max() <= 1
    return video


def test_boxes_are_drawn_where_they_are_at_the_grid_s_size():
    for picture, box in zip(drawn(Guidance(box_paths=(PATH,))), PATH.boxes, strict=True):
        rows, columns = np.nonzero(picture[..., 0] < 0.5)
        edges = rows.min(), rows.max(), columns.min(), columns.max()
        told = box.y / 2, (box.y + box.height) / 2, box.x / 2, (box.x + box.width) / 2
        assert np.abs(np.subtract(edges, told)).max() <= 1
        inside = picture[(box.y + box.height // 2) // 2, (box.x + box.width // 2) // 2]
        assert inside.min() == 1


def test_a_thing_goes_smoothly_through_its_boxes_and_rests_beyond_them():
    course = BoxCourse(PATH)
    assert course.at(-9) == course.at(0)
    assert course.at(99) == course.at(80)
    assert (course.at(40).x, course.at(40).y) == (120, 100)
    places = np.array([course.at(frame / 4).x for frame in range(321)])
    assert (np.diff(places) >= 0).all()
    assert np.abs(np.diff(places, 2)).max() < 0.1  # no kink at the second box
    down = [course.at(frame / 4).y for frame in range(321)]
    assert max(down) <= 100 + 1e-9  # it turns at its lowest box


def test_a_stroke_is_drawn_as_the_colour_of_its_direction(tmp_path):
    region = np.zeros((180, 320), np.uint8)
    region[100:160, 40:120] = 255
    cv2.imwrite(str(tmp_path / "region.png"), region)
    (picture,) = drawn(Guidance(strokes=(Stroke(tmp_path / "region.png", 50, 0),)), frames=(0,))
    still, flowing = picture[10, 80], picture[65, 40]
    assert still.min() == 1
    assert flowing[0] == 1
    assert flowing[1:].max() < 0.2  # red goes right
    boxed = Guidance(strokes=(Stroke(None, 50, 0, box=Box(40, 100, 80, 60)),))
    assert np.abs(drawn(boxed, frames=(0,))[0] - picture).max() < 0.01


@pytest.mark.parametrize(
    ("kind", "right", "down"),
    [
        ("pan_left", 1, 0),
        ("pan_right", -1, 0),
        ("tilt_up", 0, 1),
        ("tilt_down", 0, -1),
        ("truck_left", 1, 0),
        ("truck_right", -1, 0),
    ],
)
def test_the_picture_goes_against_the_camera(kind, right, down):
    flow = camera_flow(CameraMove(kind), 4, 1, (90, 160))
    assert np.sign(np.round(flow.mean(axis=(0, 1)), 3)).tolist() == [right, down]


@pytest.mark.parametrize(("near", "far"), [("dolly_in", "dolly_out"), ("zoom_in", "zoom_out")])
def test_going_nearer_spreads_the_picture_from_its_middle(near, far):
    inward = camera_flow(CameraMove(near), 4, 1, (90, 160))
    outward = camera_flow(CameraMove(far), 4, 1, (90, 160))
    assert np.allclose(inward, -outward)
    assert inward[:, :80, 0].max() < 0 < inward[:, 80:, 0].min()
    assert inward[:45, :, 1].max() < 0 < inward[45:, :, 1].min()


def test_what_is_near_passes_faster_than_what_is_far_but_not_in_a_turn():
    truck = camera_flow(CameraMove("truck_right"), 4, 1, (90, 160))
    pan = camera_flow(CameraMove("pan_right"), 4, 1, (90, 160))
    assert abs(truck[-1, 80, 0]) > 3 * abs(truck[0, 80, 0])
    assert abs(pan[-1, 80, 0]) == pytest.approx(abs(pan[0, 80, 0]), rel=0.01)


def test_an_orbit_holds_the_subject_while_near_and_far_part():
    flow = camera_flow(CameraMove("orbit_left"), 4, 1, (90, 160))
    assert abs(flow[44:46, 79:81, 0]).max() < 0.1 * abs(flow).max()
    assert flow[0, 80, 0] < 0 < flow[-1, 80, 0]


def test_a_larger_amount_goes_farther():
    usual, far = (camera_flow(CameraMove("pan_left", n), 4, 1, SIZE) for n in (0.5, 1))
    assert np.allclose(far, 2 * usual)
    assert np.allclose(usual, camera_flow(CameraMove("pan_left"), 4, 1, SIZE))


def test_a_hand_sways_by_its_seed():
    def sway(at_s, seed):
        return camera_flow(CameraMove("handheld"), 4, at_s, SIZE, seed).mean(axis=(0, 1))

    assert np.array_equal(sway(1.0, 3), sway(1.0, 3))
    assert not np.allclose(sway(1.0, 3), sway(1.0, 4))
    path = np.cumsum([sway(n / 24, 3) / 24 for n in range(2400)], axis=0)
    assert np.abs(path).max() < 0.1 * SIZE[1]  # it does not wander off


@pytest.mark.parametrize("kind", get_args(CameraKind))
def test_every_move_can_be_drawn_beside_boxes_and_strokes(kind):
    guidance = Guidance(
        camera=CameraMove(kind),
        strokes=(Stroke(None, 30, -10, box=Box(10, 10, 50, 50)),),
        box_paths=(PATH,),
    )
    assert drawn(guidance, frames=(-4, 0.5, 81)).min() < 0.9


def test_a_box_beside_a_camera_moves_its_own_way():
    guidance = Guidance(camera=CameraMove("pan_right"), box_paths=(PATH,))
    picture = drawn(guidance, frames=(20.0,))[0]
    place = BoxCourse(PATH).at(20)
    middle = picture[int(place.y + place.height / 2) // 2, int(place.x + place.width / 2) // 2]
    assert middle[0] > middle[2]  # to the right, as the box
    assert picture[80, 150][0] < picture[80, 150][2]  # to the left, as all else


def test_nothing_is_drawn_where_nothing_was_said_or_can_be():
    assert control_of(Guidance(), canvas()) is None
    assert control_of(Guidance(camera=CameraMove("static")), canvas()) is None
    partly = Canvas(FORMAT, Fraction(24), {4: Known(textured(FORMAT))}, range(0, 81))
    assert control_of(Guidance(box_paths=(PATH,)), partly) is None


def test_no_motion_is_white_and_the_fastest_is_full():
    assert (color_flow(np.zeros((4, 6, 2))) == 1).all()
    flow = np.zeros((4, 6, 2))
    flow[1, 1] = (-3, 0)
    flow[2, 2] = (-6, 0)
    picture = color_flow(flow)
    assert picture[2, 2].min() == 0
    assert picture[1, 1].min() == pytest.approx(0.5)
    assert np.allclose(color_flow(flow * 7), picture)


def test_a_region_that_cannot_be_read_is_told_of(tmp_path):
    (tmp_path / "region.png").write_text("no picture")
    with pytest.raises(BadInput, match="white where it flows"):
        control_of(Guidance(strokes=(Stroke(tmp_path / "region.png", 1, 0),)), canvas())
