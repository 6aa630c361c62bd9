"""A thing that a person marked once, followed through the shot as a matte on every frame."""

from longtake_engine.models.follow.choice import choose_tracker
from longtake_engine.models.follow.followed import Followed
from longtake_engine.models.follow.mark import Corrected, Mark, Marks, check_box, check_mark
from longtake_engine.models.follow.tracker import Segmenting, Tracker, follow

__all__ = [
    "Corrected",
    "Followed",
    "Mark",
    "Marks",
    "Segmenting",
    "Tracker",
    "check_box",
    "check_mark",
    "choose_tracker",
    "follow",
]
