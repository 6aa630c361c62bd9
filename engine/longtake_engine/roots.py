"""The folders that the engine may read and write under."""

from collections.abc import Iterable
from pathlib import Path

from longtake_engine.errors import PathRefused, WrongCall


class Roots:
    """Folders that paths must lie under; none at all means everything that the user may open."""

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        self._paths = tuple(_resolve(path) for path in paths)

    def check(self, path: Path) -> Path:
        """`path`, absolute and with links resolved, so that what was checked is what is opened.

        Raises:
            PathRefused: It lies under none of the folders.
            WrongCall: It cannot be a path.
        """
        resolved = _resolve(path)
        if self._paths and not any(resolved.is_relative_to(root) for root in self._paths):
            folders = ", ".join(str(root) for root in self._paths)
            raise PathRefused(
                f"{path} lies outside the folders that the engine was given ({folders}); "
                "move it there, or start the engine with --root for its folder."
            )
        return resolved

    def check_target(self, path: Path) -> Path:
        """The same for a file to be made: a link at `path` itself would be replaced, not
        followed."""
        return self.check(path.parent) / path.name


def _resolve(path: Path) -> Path:
    try:
        return path.expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a NUL, an unknown ~user
        raise WrongCall(f"{str(path)!r} is not a path: {error}.") from error
