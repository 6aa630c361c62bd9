"""What a training says of itself while it runs: one JSON object a line."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from longtake_engine.training.whole import write_text

NAME = "log.jsonl"


class Log:
    """The log in a training's folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def lines(self) -> list[dict[str, Any]]:
        """All that was said, in order; a line that a kill cut short is left out."""
        if not self._path.exists():
            return []
        found = []
        for line in self._path.read_text(encoding="utf-8").splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found

    def say(self, kind: str, step: int, hours: float, values: Mapping[str, float]) -> None:
        """Add a line, and show it."""
        rounded = {name: float(f"{value:.6g}") for name, value in values.items()}
        line = {"kind": kind, "step": step, "hours": round(hours, 4), **rounded}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        told = ", ".join(f"{name} {value:.5g}" for name, value in rounded.items())
        print(f"{kind} {step}: {told}", flush=True)

    def cut_after(self, step: int) -> None:
        """Forget what was said after a step that is gone back to."""
        kept = [json.dumps(line) + "\n" for line in self.lines() if line["step"] <= step]
        if kept:
            write_text(self._path, "".join(kept))
        else:
            self._path.unlink(missing_ok=True)
