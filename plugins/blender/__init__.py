"""Longtake in Blender's video sequencer: an extension (from 4.2 on) and an add-on (3.4 to 4.1)."""

bl_info = {
    "name": "Longtake",
    "description": "Make the frames you did not shoot: longer clips, filled gaps, slow motion",
    "author": "The Longtake contributors",
    "version": (0, 1, 0),
    "blender": (3, 4, 0),
    "location": "Video Sequencer: menu Strip ▸ Longtake, and the tab Longtake of the sidebar",
    "category": "Sequencer",
}

from . import interface  # noqa: E402 - Blender reads bl_info without running this file

register, unregister = interface.register, interface.unregister
