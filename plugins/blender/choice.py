"""What was chosen, in Longtake's words. Knows nothing of Blender."""

import json
import re


class Problem(Exception):
    """One sentence for the user: what is wrong and what to do."""


def settings_of(choice, task, side, rate):
    """What the panel's choices mean for a task, as the settings of a `start`."""
    settings = {"take_count": choice.take_count, "quality": choice.quality}
    if task == "extend":
        frames = max(int(round(choice.length_s * rate)), 1)
        settings = {"take_count": choice.take_count, side: "{0}f".format(frames)}
    elif task != "slow_motion":
        settings["side"] = side
    if task == "slow_motion":
        settings["factor"] = "{0:.6g}".format(choice.factor)
    if task in ("extend", "slow_motion"):
        settings["follow"] = choice.follow
    for name in ("model", "prompt", "negative_prompt"):
        value = getattr(choice, name)
        if value and value != "auto":
            settings[name] = value
    return settings


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
