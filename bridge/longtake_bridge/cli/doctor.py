"""`longtake doctor`."""

from dataclasses import asdict

import click

from longtake_bridge.cli.option import json_option, print_json, verbose_option

_MARKS = {"ok": "✔", "optional": "–", "fault": "✖"}


@click.command("doctor", short_help="Look for what is wrong, and say what to do.")
@json_option
@verbose_option
def doctor_command(as_json: bool, verbose: bool) -> int:
    """Look at everything Longtake needs here, and say what to do about each fault.

    Ends with 0 where all that is needed is right, else with 4.
    """
    from longtake_bridge.checkup import run_checks

    checks = []
    for check in run_checks():
        checks.append(check)
        if not as_json:
            remedy = f" → {check.remedy}" if check.remedy else ""
            click.echo(f"{_MARKS[check.state]} {check.name}: {check.found}{remedy}")
    healthy = all(check.state != "fault" for check in checks)
    if as_json:
        print_json({"healthy": healthy, "checks": [asdict(check) for check in checks]})
    elif healthy:
        click.echo("All that is needed is here.")
    return 0 if healthy else 4
