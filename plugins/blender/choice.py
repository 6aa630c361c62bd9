"""What was chosen, in Longtake's words. Knows nothing of Blender."""

import json
import re

from .longtake_edits import Problem, settings_for


def settings_of(choice, task, side, rate, abspath=str):
    """What the panel's choices mean for a task, as the settings of a `start`.

    `abspath` makes a path of the editor a whole one.
    """
    names = ("follow", "quality", "take_count", "prompt", "negative_prompt", "what", "size")
    length = "{0}f".format(max(int(round(choice.length_s * rate)), 1))
    return settings_for(
        task,
        side,
        length=length,
        duration=length,
        stills=[abspath(choice.still)] if choice.still else None,
        follow_subject=choice.follow_subject or None,
        factor="{0:.6g}".format(choice.factor),
        model=choice.model if choice.model != "auto" else None,
        **{name: getattr(choice, name) for name in names},
    )


def given_settings(text):
    """Settings written as JSON, which go before the panel's; Problem where they are none."""
    try:
        value = json.loads(text or "{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Problem("The settings {0} are no JSON object.".format(text))
    return value


def pattern_of(names):
    """Names of images that follow each other, as one: "shot.%04d.png"; None where they do not."""
    found = [re.match(r"(.*?)(\d+)(\.\w+)$", name) for name in names]
    if len(found) < 2 or not all(found):
        return None
    ends = {(one.group(1), len(one.group(2)), one.group(3)) for one in found}
    numbers = [int(one.group(2)) for one in found]
    if len(ends) != 1 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return None
    stem, digits, suffix = ends.pop()
    return "{0}%0{1}d{2}".format(stem, digits, suffix)
