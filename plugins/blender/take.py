"""The takes of a made strip, any of which can be shown in it."""

import json
import os

import bpy

from .longtake_edits import Problem
from .strip import Edges, strips_all

_KEY = "longtake"  # custom property of a made strip: JSON of the takes that fit there


def keep_takes(strip, takes, shown):
    """Let a strip remember its takes, and which of them it shows."""
    strip[_KEY] = json.dumps({"takes": takes, "shown": shown})


def takes_of(strip):
    """The takes of a made strip and which of them is shown; ([], 0) of any other strip."""
    try:
        kept = json.loads(strip.get(_KEY, ""))
        return list(kept["takes"]), int(kept["shown"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return [], 0


def show_take(editor, strip, number):
    """Show another take in a strip and in those that hold the same ones, as its sound does.

    Raises Problem where its file is gone.
    """
    takes, _ = takes_of(strip)
    if not os.path.isfile(bpy.path.abspath(takes[number])):
        raise Problem(
            "The take {0} is not there any more; make it again with the same settings.".format(
                takes[number]
            )
        )
    for one in strips_all(editor):
        if takes_of(one)[0] != takes:
            continue
        edges = Edges(one)
        content, start, end = edges.content, edges.start, edges.end
        if one.type == "SOUND":
            one.sound = bpy.data.sounds.load(takes[number], check_existing=True)
        else:
            one.filepath = takes[number]
        edges.lay(content, start, end)
        keep_takes(one, takes, number)
