"""What projects of editors that build on MLT have alike: their frame rate, and places in them."""

_USUAL_RATE = 25.0


def rate_of(mlt):
    """Frames a second of a project's XML."""
    profile = mlt.find("profile")
    if profile is None:
        return _USUAL_RATE
    return float(profile.get("frame_rate_num")) / float(profile.get("frame_rate_den"))


def timecode_of(frame, rate):
    """A place as these editors show it: "00:00:02:09"."""
    seconds, frames = divmod(frame, int(round(rate)))
    return "{0:02}:{1:02}:{2:02}:{3:02}".format(
        seconds // 3600, seconds // 60 % 60, seconds % 60, frames
    )


def property_of(element, name):
    """The text of a property; None where there is none of this name."""
    for one in element.findall("property"):
        if one.get("name") == name:
            return one.text
    return None
