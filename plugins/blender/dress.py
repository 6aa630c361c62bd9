"""The looks of one strip given to another: its place in the picture, its colours, modifiers."""

import re

# Of a strip that another one is dressed as: what says where and of what file it is.
_OWN = re.compile(
    r"name|filepath|directory|channel|type|frame_|animation_|content_|(left|right)_handle|duration|"
    r"select|sound$|sound_offset|stream|use_proxy|lock|views_|use_multiview|use_reverse|speed_|"
    r"show_retiming|rna_type|fps|alpha_mode"
)


def dress(strip, other):
    """Give a strip the looks of another one; of None, nothing."""
    if other is None:
        return
    for prop in other.bl_rna.properties:
        name = prop.identifier
        if prop.is_readonly or _OWN.match(name) or not hasattr(strip, name):
            continue
        setattr(strip, name, getattr(other, name))
    for name in ("transform", "crop", "colorspace_settings"):
        _copy(getattr(other, name, None), getattr(strip, name, None))
    for modifier in getattr(other, "modifiers", ()):
        made = strip.modifiers.new(modifier.name, modifier.type)
        _copy(modifier, made)


def _copy(source, target):
    """All that can be set, and what lies in it."""
    if source is None or target is None:
        return
    for prop in source.bl_rna.properties:
        value = getattr(source, prop.identifier, None)
        if prop.identifier in ("rna_type", "name", "type"):
            continue
        if not prop.is_readonly:
            try:
                setattr(target, prop.identifier, value)
            except (AttributeError, TypeError):
                continue  # depends on another one that is set differently
        elif prop.identifier == "color_balance":
            _copy(value, getattr(target, prop.identifier, None))
