"""Canvases longer than a backend's window: which frames each call sees and makes, and the calls."""

from longtake_engine.models.schedule.keeping import windows_folder
from longtake_engine.models.schedule.plan import plan
from longtake_engine.models.schedule.scheduled import Scheduled, WindowBackend, keep_windows
from longtake_engine.models.schedule.window import Limits, Schedule, Way, Window

__all__ = [
    "Limits",
    "Schedule",
    "Scheduled",
    "Way",
    "Window",
    "WindowBackend",
    "keep_windows",
    "plan",
    "windows_folder",
]
