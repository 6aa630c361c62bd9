"""`longtake doctor`."""

from dataclasses import asdict
from pathlib import Path

import click

from longtake_bridge.cli.option import connect_option, json_option, print_json, verbose_option

_MARKS = {"ok": "✔", "optional": "–", "fault": "✖"}


@click.command("doctor", short_help="Look for what is wrong, and say what to do.")
@click.option(
    "--report",
    is_flag=False,
    flag_value="longtake-report.txt",
    metavar="[FILE]",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write one file to send along, without private paths; longtake-report.txt by itself.",
)
@json_option
@connect_option
@verbose_option
def doctor_command(report: Path | None, as_json: bool, connect: str | None, verbose: bool) -> int:
    """Look at everything Longtake needs here, and say what to do about each fault.

    The engine, codecs, models, the graphics card, the editors on this machine and Longtake in them.
    Ends with 0 where all that is needed is right, else with 4.
    """
    from longtake_bridge.checkup import run_checks

    checks = []
    for check in run_checks(connect):
        checks.append(check)
        if not as_json:
            remedy = f" → {check.remedy}" if check.remedy else ""
            click.echo(f"{_MARKS[check.state]} {check.name}: {check.found}{remedy}")
    healthy = all(check.state != "fault" for check in checks)
    if report is not None:
        from longtake_bridge.diagnosis import write_report
        from longtake_bridge.home import find_home
        from longtake_bridge.plugin.installation import find_installations
        from longtake_bridge.plugin.machine import this_machine

        home = find_home()
        kept = [one.folder for one in find_installations(this_machine(), home)]
        write_report(report, checks, home, connect=connect, kept=kept)
    if as_json:
        told = {"report": str(report)} if report is not None else {}
        value = {"healthy": healthy, "checks": [asdict(check) for check in checks]}
        print_json(value | told)
    else:
        if healthy:
            click.echo("All that is needed is here.")
        if report is not None:
            click.echo(
                f"{report} is written; no private path is in it, but read it before you send it."
            )
    return 0 if healthy else 4
