"""The words of a shot: how large, from where, how the camera moves, in what light, by what lens."""

import re
from dataclasses import dataclass
from typing import Literal

Trait = Literal["size", "angle", "move", "light", "lens"]
TRAITS: tuple[Trait, ...] = ("size", "angle", "move", "light", "lens")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to say of a trait, and what a shot shows or says for which it is usual."""

    phrase: str
    fits: str = ""  # a pattern; empty for anything


def choices(trait: Trait) -> tuple[Choice, ...]:
    """What can be chosen of a trait: the first that fits, and the last fits anything."""
    return _CHOICES[trait]


def says(trait: Trait, text: str) -> bool:
    """Whether `text` speaks of a trait, in whatever words, for or against."""
    return bool(_words(_SAID[trait]).search(text))


def fits(choice: Choice, text: str) -> bool:
    """Whether a shot that `text` tells of is usually made so."""
    return not choice.fits or bool(_words(choice.fits).search(text))


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


_SAID: dict[Trait, str] = {
    "size": (
        r"macro|close[- ]?ups?|tight shot|(?:head|detail|portrait|insert) ?shot|aerial|drone"
        r"|(?:wide|long|establishing|full|medium|mid|waist|cowboy|two|group)[- ](?:shots?|view)"
        r"|panorama|panoramic"
    ),
    "angle": (
        r"(?:low|high|dutch|canted|wide)[- ]angle|(?:from|seen) (?:above|below|behind|the side)"
        r"|bird'?s[- ]eye|top[- ]?down|overhead|aerial|drone|worm'?s[- ]eye|eye[- ]level"
        r"|looking (?:up|down)|over[- ]the[- ]shoulder|pov|point of view|first[- ]person"
        r"|(?:front|side|rear|back|profile) view|in profile"
    ),
    "move": (
        r"static|locked[- ]off|tripod|(?:still|fixed|moving|steady|shaky) camera|camera mov\w+"
        r"|camera (?:stands|stays|holds|remains|does not|slowly|gently|quickly|slightly)"
        r"|camera (?:\w+ )?(?:mov|push|pull|glid|follow|track|fl[yi]|circl|ris|sweep|drift)\w*"
        r"|(?:whip |slow )pans?|pans? (?:shot|left|right|across|over|up|down|to)|panning"
        r"|camera (?:\w+ )?pans?|tilt(?:s|ing)? (?:up|down|shot)|doll(?:y|ies)\w*"
        r"|truck(?:s|ing)? (?:left|right|shot)|zoom(?:s|ing)? (?:in|out)|zoom shot|tracking shot"
        r"|push[- ]in|pull[- ]out|crane shot|steadicam|gimbal|orbit\w*|hand[- ]?held|arc shot"
        r"|fly[- ]?(?:over|through|by)|(?:follow|one)[- ]shot|time[- ]?lapse"
    ),
    "light": (
        r"(?:low|high)[- ]key|\w*[- ]?li(?:t|ghts?|ghting)|\w+lit|golden hour|magic hour|blue hour"
        r"|dark|darkness|sunny|sunshine|silhouettes?|noon|midday|chiaroscuro|candles?|lamps?|neon"
        r"|shadows?|shade"
    ),
    "lens": (
        r"macro|\d+ ?mm|anamorphic|telephoto|lens|tilt[- ]shift|bokeh|fish[- ]?eye|wide[- ]angle"
        r"|(?:shallow|deep|soft) (?:depth|focus)|depth of field|out of focus|rack focus"
    ),
}

_TINY = "bees?|ants?|insects?|butterfl(?:y|ies)|dew|droplets?|snowflakes?|crystals?|seeds?|pollen"
_NEAR = (
    "faces?|eyes?|lips|mouth|smil(?:e|es|ing)|hands?|fingers?|portraits?|watch|ring|keys|letter"
    "|writing|typing|pour(?:s|ed|ing)|slic(?:es|ing)|stitch(?:es|ing)|knitting"
)
_VAST = (
    "landscapes?|skylines?|mountains?|valleys?|deserts?|ocean|sea|coast|beach|fields?|meadows?"
    "|canyon|city|cities|towns?|villages?|harbou?r|stadium|crowds?|horizon|galaxy|forests?|island"
    "|lakes?|roads?|streets?|bridges?"
)
_INDOORS = "rooms?|kitchen|office|indoors?|interior|workshop|studio|library|caf[eé]|bar|shop"

_CHOICES: dict[Trait, tuple[Choice, ...]] = {
    "size": (
        Choice("extreme close-up", _TINY),
        Choice("close-up", _NEAR),
        Choice("wide shot", _VAST),
        Choice("medium shot"),
    ),
    "angle": (
        Choice("low angle", "skyscrapers?|towers?|statues?|rockets?|giants?|cathedral"),
        Choice("eye level"),
    ),
    "move": (
        Choice(
            "the camera follows along",
            "chas(?:e|es|ing)|rac(?:e|es|ing)|runs?|running|rid(?:es|ing)|driv(?:es|ing)"
            "|walks?|walking|flies|flying|swims?|swimming",
        ),
        Choice("steady camera"),
    ),
    "light": (
        Choice(
            "low-key light of the night", "night|midnight|moon|stars?|starry|after dark|nocturnal"
        ),
        Choice(
            "soft, diffuse light", "fog|foggy|mist|misty|haze|rain|rainy|overcast|clouds?|storm"
        ),
        Choice("warm, low sunlight", "sunset|sunrise|dusk|dawn|evening|morning"),
        Choice("soft light from a window", _INDOORS),
        Choice("natural light"),
    ),
    "lens": (
        Choice("100 mm macro lens", "extreme close[- ]?up"),
        Choice("85 mm lens, shallow depth of field", "close[- ]?ups?|head ?shot|portrait shot"),
        Choice("24 mm lens, deep focus", "wide shot|aerial|drone|(?:establishing|long) shot"),
        Choice("50 mm lens"),
    ),
}
