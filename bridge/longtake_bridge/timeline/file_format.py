"""The timeline formats: which adapter reads each, and what each cannot hold."""

from dataclasses import dataclass
from pathlib import Path

import opentimelineio as otio
from opentimelineio.schema import Timeline, TrackKind

from longtake_bridge.errors import not_possible, wrong_call
from longtake_bridge.timeline.made_clip import is_made


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One way of writing a timeline down."""

    title: str  # for a person
    suffix: str
    adapter: str = ""  # OTIO's name of it; empty for OTIO's own three formats
    is_bundle: bool = False  # holds the media too
    holds_markers: bool = True
    holds_sound: bool = True
    holds_start: bool = True  # the timecode that the timeline starts at
    video_tracks: int = 0  # how many it holds; 0 for any number
    is_project: bool = False  # an editor's own file: edited in place, never written anew

    @property
    def is_own(self) -> bool:
        """True for OTIO's own formats, which hold everything; projects say what stays."""
        return not self.adapter


_FORMATS = (
    FileFormat("OpenTimelineIO", ".otio"),
    FileFormat("an OTIO bundle", ".otioz", is_bundle=True),
    FileFormat("an OTIO bundle", ".otiod", is_bundle=True),
    FileFormat("a Kdenlive project", ".kdenlive", is_project=True),
    FileFormat("an MLT project", ".mlt", is_project=True),
    FileFormat("FCP 7 XML", ".xml", "fcp_xml"),
    FileFormat("FCPXML", ".fcpxml", "fcpx_xml", holds_start=False),
    FileFormat("AAF", ".aaf", "AAF", holds_markers=False),
    FileFormat("EDL", ".edl", "cmx_3600", holds_sound=False, holds_start=False, video_tracks=1),
)


def is_timeline(path: Path) -> bool:
    """True where the name of a file is that of a timeline."""
    return any(path.suffix.lower() == one.suffix for one in _FORMATS)


def format_of(path: Path) -> FileFormat:
    """The format that the name of a file says.

    Raises:
        BridgeError: WRONG_CALL for a name of no timeline format; NOT_POSSIBLE where the adapter is
            not installed.
    """
    for one in _FORMATS:
        if path.suffix.lower() != one.suffix:
            continue
        if one.adapter and one.adapter not in otio.adapters.available_adapter_names():
            raise not_possible(
                f"{path.name} is {one.title}, which needs an adapter that is not installed: "
                'pip install "longtake[formats]".'
            )
        return one
    known = ", ".join(one.suffix for one in _FORMATS)
    raise wrong_call(f"{path.name} is no timeline by its name; a timeline ends in {known}.")


def loss_notes(form: FileFormat, timeline: Timeline) -> tuple[str, ...]:
    """What the format cannot hold of the timeline, one sentence each; nothing for OTIO's own."""
    if form.is_own:
        return ()
    made = [clip for clip in timeline.find_clips() if is_made(clip)]
    notes: list[str] = []
    most = max((len(clip.media_references()) for clip in made), default=0)
    if most > 1:
        notes.append(
            f"{form.title} holds one media file a clip: the active take is on the timeline, the "
            "others lie beside it in the media folder."
        )
    if made:
        notes.append(
            f"{form.title} does not hold how the made clip was asked for; keep an .otio to make it "
            "again."
        )
    if made and not form.holds_markers:
        notes.append(f"{form.title} through its adapter holds no markers.")
    video = [t for t in timeline.tracks if t.kind == TrackKind.Video]
    if form.video_tracks and len(video) > form.video_tracks:
        notes.append(f"{form.title} holds one video track: the others are left out.")
    if not form.holds_sound and len(timeline.tracks) > len(video):
        notes.append(
            f"{form.title} through its adapter holds no sound: the audio tracks are left out."
        )
    if not form.holds_start and timeline.global_start_time is not None:
        notes.append(
            f"{form.title} through its adapter loses the timecode that the timeline starts at."
        )
    return tuple(notes)
