"""Project files of Kdenlive and Shotcut, and MLT XML: timelines whose XML is edited in place."""

from longtake_bridge.timeline.mlt.project import MltProject, open_project

__all__ = ["MltProject", "open_project"]
