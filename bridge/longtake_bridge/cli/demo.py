"""`longtake demo`."""

import subprocess
from fractions import Fraction
from pathlib import Path

import click

from longtake_bridge.cli.option import (
    ExtendCall,
    connect_option,
    json_option,
    print_json,
    verbose_option,
)
from longtake_bridge.errors import BridgeError
from longtake_bridge.length import Length
from longtake_bridge.option import ExtendOptions


@click.command("demo", short_help="Make a little scene and extend it both ways.")
@click.argument(
    "folder",
    metavar="[DIR]",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("longtake-demo"),
)
@json_option
@connect_option
@verbose_option
def demo_command(folder: Path, as_json: bool, connect: str | None, verbose: bool) -> None:
    """Make a little scene with sound in DIR (./longtake-demo), and extend it both ways.

    Leaves the scene, the extended clip, and a contact sheet of both joins.
    """
    from longtake_bridge.cli.extend import extend_quietly
    from longtake_bridge.cli.report import take_lines
    from longtake_bridge.daemon import require_engine

    require_engine()
    folder.mkdir(parents=True, exist_ok=True)
    scene, made, sheet = (folder / name for name in ("scene.mov", "extended.mov", "joins.png"))
    if not scene.exists():  # a second run is answered from what the first one made
        _engine_demo("scene", str(scene))
    result = extend_quietly(_both_ways(scene, made), as_json=as_json, connect=connect)
    take = result.takes[0]
    joins = ",".join(str(seam.frame) for seam in take.seams)
    _engine_demo("sheet", str(made), str(sheet), "--joins", joins)
    if as_json:
        print_json(result.to_json() | {"scene": str(scene), "sheet": str(sheet)})
        return
    lines = (
        f"The scene:         {scene}",
        f"Extended:          {made}",
        *(f"  {line}" for line in take_lines(take)),
        f"Across the joins:  {sheet}",
        "Now one of your own: longtake extend CLIP --tail 2s -o OUT.mov",
    )
    click.echo("\n".join(lines))


def _both_ways(scene: Path, made: Path) -> ExtendCall:
    return ExtendCall(
        input_path=scene,
        output=made,
        options=ExtendOptions(
            head=Length(seconds=Fraction(1)), tail=Length(seconds=Fraction(2)), force=True
        ),
        only_new=False,
        clip=None,
        follow="gap",
        media_folder=None,
    )


def _engine_demo(*arguments: str) -> None:
    """Run the engine's own part of the demo, in a process of its own: the bridge has no pixels."""
    from longtake_bridge.daemon import engine_command

    command = engine_command("demo", *arguments)
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        lines = answer.stderr.strip().splitlines() or ["it ended without a word"]
        raise BridgeError(
            f"The demo could not make its {arguments[0]}: {lines[-1].rstrip('.')}; "
            "run `longtake doctor`.",
            "NOT_POSSIBLE",
        )
