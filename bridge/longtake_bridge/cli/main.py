"""The command `longtake`: finds the sub-command, and turns every error into one sentence."""

import importlib
import io
import json
import os
import sys
import traceback
from collections.abc import Sequence

import click

from longtake_bridge.errors import BridgeError

# Where each command lives; --help loads these modules, so they import nothing heavy at their top.
_COMMANDS = {
    "extend": "extend",
    "interpolate": "interpolate",
    "inpaint": "inpaint",
    "outpaint": "outpaint",
    "animate": "animate",
    "generate": "generate",
    "fill": "fill",
    "broll": "broll",
    "takes": "takes",
    "estimate": "estimate",
    "demo": "demo",
    "probe": "probe",
    "models": "model",
    "jobs": "job",
    "cancel": "job",
    "serve": "engine",
    "status": "engine",
    "stop": "engine",
    "doctor": "doctor",
    "host": "host",
    "plugins": "plugin",
}


class LazyGroup(click.Group):
    """A group whose sub-commands are loaded when asked for, in the order of `_COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, those that make frames first."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The sub-command, or None."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"longtake_bridge.cli.{_COMMANDS[cmd_name]}")
        return getattr(module, f"{cmd_name}_command")


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 2 wrong call, 3 bad input, 4 not possible here, 130 cancelled. "
    "An error is one sentence on stderr; with --json there is also one object on stdout, "
    '{"error": {"reason": ..., "message": ...}}.',
)
@click.version_option(package_name="longtake", message="%(prog)s %(version)s")
def longtake() -> None:
    """Make the frames nobody shot: longtake extend CLIP --tail 2s -o OUT.mov"""


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # consoles whose code page lacks × and ✔
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """The exit code of `longtake ARGUMENTS`; every error has been told."""
    try:
        result = longtake.main(list(arguments), prog_name="longtake", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output has left (`longtake jobs | head`); leave quietly as well.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (Exception, KeyboardInterrupt) as error:
        return _tell(_as_bridge_error(error, verbose="--verbose" in arguments), arguments)


def _as_bridge_error(error: BaseException, *, verbose: bool) -> BridgeError:
    if isinstance(error, BridgeError):
        return error
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return BridgeError("Cancelled.", "CANCELLED")
    if isinstance(error, click.ClickException):
        return BridgeError(_usage_sentence(error), "WRONG_CALL")
    if verbose:
        traceback.print_exception(error)
    return _bug(error)


def _tell(error: BridgeError, arguments: Sequence[str]) -> int:
    click.echo(f"longtake: {error.sentence}", err=True)
    if "--json" in arguments:
        value = {"error": {"reason": error.reason, "message": error.sentence}}
        click.echo(json.dumps(value))
    return error.exit_code


def _usage_sentence(error: click.ClickException) -> str:
    """Click's complaint as a sentence that says where help is."""
    message = error.format_message()
    if isinstance(error, click.NoSuchOption):
        message = error.message
        if error.possibilities:
            message = f"{message.rstrip('.')} (perhaps {' or '.join(error.possibilities)})"
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context is not None else "longtake"
    return f"{message.rstrip('.')}; see `{command} --help`."


def _bug(error: BaseException) -> BridgeError:
    from longtake_bridge.home import find_home

    return BridgeError(
        f"This is a bug in Longtake ({type(error).__name__}: {error}); run the same command with "
        f"--verbose and report what it says, together with {find_home().log_path}."
    )
