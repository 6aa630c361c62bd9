"""The curves of a training as a picture."""

from pathlib import Path

from longtake_engine.errors import MissingInput, NotPossible
from longtake_engine.training.log import NAME, Log

HEAD = ("kind", "step", "hours")
COLUMNS = 3


def write_plot(folder: Path, path: Path) -> None:
    """Write one panel for each figure in the log of `folder`, by step, as PNG.

    Raises:
        MissingInput: There is no log.
        NotPossible: matplotlib is not installed.
    """
    lines = Log(folder).lines()
    if not lines:
        raise MissingInput(f"{folder / NAME} holds nothing: give the folder of a training.")
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - only plots need it
    except ImportError as error:
        raise NotPossible(
            "matplotlib, which draws the curves, is not installed: install longtake[training]."
        ) from error
    panels = sorted({(line["kind"], name) for line in lines for name in line if name not in HEAD})
    rows = -(-len(panels) // COLUMNS)
    figure = Figure(figsize=(5 * COLUMNS, 2.6 * rows), layout="constrained")
    for place, (kind, name) in enumerate(panels, 1):
        shown = [line for line in lines if line["kind"] == kind and name in line]
        axes = figure.add_subplot(rows, COLUMNS, place)
        axes.plot([line["step"] for line in shown], [line[name] for line in shown], marker=".")
        axes.set_title(f"{kind}: {name}", fontsize=9)
        axes.set_xlabel("step", fontsize=8)
        axes.grid(alpha=0.3)
    figure.savefig(path, format="png", dpi=80)
