"""What is known of a thing that is followed, after a frame."""

from dataclasses import dataclass

from longtake_engine.models.flow import Array
from longtake_engine.models.follow.appearance import Looks, Palette
from longtake_engine.models.follow.pace import Pace
from longtake_engine.models.follow.plate import Plate
from longtake_engine.models.follow.seek import Lost
from longtake_engine.models.follow.texture import Memory, describe
from longtake_engine.models.follow.trust import Signs
from longtake_engine.models.follow.window import Place, outside_of, sides, surroundings

USUAL_LIKENESS = 0.7  # to begin with
USUAL_DISTANCE = 0.3  # squared, at least: of a thing to what is remembered of it


@dataclass(frozen=True, slots=True)
class State:
    """All that is known after a frame."""

    seen: Array  # H W 3 uint8
    matte: Array  # H W float32; empty where the thing is lost
    texture: Array  # h w 16
    palette: Palette
    first: Looks  # of the marked frame
    looks: Looks  # of late
    memory: Memory
    plate: Plate
    velocity: tuple[float, float]  # pixels a frame, across and down
    area: float  # pixels of the thing of late
    marked_area: float  # pixels of it where it was marked
    full_area: float  # pixels that it had when all of it was seen
    like: float  # how much it usually looks as what was marked
    unlike: int  # frames on which it has not
    usual: float  # squared distance of its places to what is remembered of it
    chain: float  # of the trust in what was marked, what all steps since have left, 0..1
    pace: Pace
    confidence: float  # 0..1
    signs: Signs
    lost: Lost | None = None
    proven: int = 0  # frames since it was found again
    doubted: Lost | None = None  # what was looked for, where something was found that may be it


def begin(seen: Array, matte: Array) -> State:
    """The state of a marked frame."""
    place = surroundings(matte, (0.0, 0.0))
    palette = Palette.of(seen[place.cut])
    looks = looks_of(palette, seen, matte, place)
    texture = describe(seen)
    area = float(matte.sum())
    return State(
        seen=seen,
        matte=matte,
        texture=texture,
        palette=palette,
        first=looks,
        looks=looks,
        memory=Memory.of(texture, *sides(matte, place)),
        plate=Plate.of(seen, outside_of(matte)),
        velocity=(0.0, 0.0),
        area=area,
        marked_area=area,
        full_area=area,
        like=USUAL_LIKENESS,
        unlike=0,
        usual=USUAL_DISTANCE,
        chain=1.0,
        pace=Pace(),
        confidence=1.0,
        signs=Signs(),
    )


def looks_of(palette: Palette, seen: Array, matte: Array, place: Place) -> Looks:
    """The colours of the thing and of its surroundings, in the window."""
    colours = palette.levels(seen[place.cut])
    inside = matte[place.cut]
    return Looks.of(colours, inside, (1 - inside) * outside_of(matte)[place.cut])
