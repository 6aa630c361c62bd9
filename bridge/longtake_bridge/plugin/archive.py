"""A plugin as one zip, for editors that install such and for machines that are not this one."""

import zipfile
from pathlib import Path

from longtake_bridge.errors import not_possible, wrong_call
from longtake_bridge.plugin.kind import HostKind
from longtake_bridge.plugin.source import plugins_folder, read_files, read_shared

_DATE = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip


def pack(kind: HostKind, path: Path) -> Path:
    """`path`, a zip of the plugin in one folder; it starts the `longtake` on the search path.

    Blender takes the same zip as an extension (4.2 and later) and as an add-on (before).

    Raises:
        BridgeError: NOT_POSSIBLE; this editor installs no zip. WRONG_CALL; it cannot be written.
    """
    if not kind.takes_zip:
        raise not_possible(
            f"{kind.title} installs no zip; run `longtake plugins install {kind.name}` there."
        )
    folder = kind.parts[0].folder
    files = [*read_files(plugins_folder() / kind.name), *read_shared()]
    aside = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files:
                archive.writestr(zipfile.ZipInfo(f"{folder}/{name}", _DATE), content)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise wrong_call(f"{path} cannot be written ({error.strerror}); choose another.") from None
    return path
