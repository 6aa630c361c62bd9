"""Jobs of Kdenlive's own menu Clip Jobs (23.08 and later): a bin clip in, a longer one out.

`python3 FOLDER jobs add` enters them into Kdenlive's clipjobsettings.rc, `jobs remove` takes them
out. Kdenlive then starts this file with the clip's path and the file to write, reads how far it is
from "percentage: N" on standard error, and ends it with SIGKILL.
"""

import configparser
import os
import re
import shlex
import signal
import subprocess
import sys

from longtake_client import command_beside

_FILES = (
    os.path.join(os.environ.get("XDG_DATA_HOME") or "~/.local/share", "kdenlive"),
    "~/.var/app/org.kde.kdenlive/data/kdenlive",  # Flatpak
)
_FILE_NAME = "clipjobsettings.rc"
_STARTER = "longtake-job"  # beside this file, as long as the jobs are entered
_JOBS = {
    "longtake_tail": ("Longtake: extend tail", "--tail", "1s  2s  3s  5s  10s", "How much"),
    "longtake_head": ("Longtake: extend head", "--head", "1s  2s  3s  5s  10s", "How much"),
    "longtake_slow": ("Longtake: slow motion", "--factor", "2  3  4  8", "How many times as long"),
}
_SHARE = re.compile(r"(\d+)/(\d+) frames")
_CANCEL_S = 10.0


def main(words):
    """What is asked for; the exit code."""
    if words[:1] == ["run"] and len(words) == 5:
        return run(*words[1:])
    if words not in (["add"], ["remove"]):
        print("give `jobs add` or `jobs remove`", file=sys.stderr)
        return 2
    starter = write_starter(remove=words == ["remove"])
    for folder in (os.path.expanduser(folder) for folder in _FILES):
        if os.path.isdir(folder):
            write_jobs(os.path.join(folder, _FILE_NAME), starter, remove=words == ["remove"])
            print("{0}: {1}".format(words[0], os.path.join(folder, _FILE_NAME)))
    return 0


def write_starter(remove=False):
    """The path of the program that Kdenlive starts, written or taken away.

    A program of its own, since Kdenlive parts the words of a job at every blank, in 23.08 quoted
    or not: no path may stand among them but the two that it puts there itself.
    """
    here = os.path.dirname(os.path.abspath(__file__))
    path = os.path.join(here, _STARTER)
    if remove:
        if os.path.exists(path):
            os.unlink(path)
        return path
    words = " ".join(shlex.quote(one) for one in (sys.executable or "python3", here, "jobs"))
    with open(path, "w", encoding="utf-8") as file:
        file.write('#!/bin/sh\nexec {0} "$@"\n'.format(words))
    os.chmod(path, 0o755)
    return path


def write_jobs(path, starter, remove=False):
    """Enter our jobs into Kdenlive's file of them, or take them out; all others stay."""
    settings = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    settings.optionxform = str  # Kdenlive tells large letters from small ones
    settings.read(path, encoding="utf-8")
    for job, (title, option, choices, question) in _JOBS.items():
        entries = {
            "Ids": title,
            "Binary": starter,
            "Parameters": "run {0} {{param1}} {{source}} {{output}}".format(option),
            "Output": "mov",
            "EnabledTypes": "v",
            "FolderName": "Longtake",
            "FolderUse": "rootfolder",
            "Param1Type": "list",
            "Param1List": choices,
            "Param1Name": question,
            "Description": "The whole clip with the new frames, as a clip of its own in the bin.",
        }
        for group, value in entries.items():
            if remove:
                settings.remove_option(group, job)
                continue
            if not settings.has_section(group):
                settings.add_section(group)
            settings.set(group, job, value)
    for group in settings.sections():
        if not settings.options(group):
            settings.remove_section(group)
    _write(path, settings)


def run(option, value, source, output):
    """One job, told as Kdenlive wants to hear it; the exit code of `longtake`."""
    task = "interpolate" if option == "--factor" else "extend"
    command = command_beside(__file__) + [task, source, option, value, "-o", output]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - there is one thread
    )
    try:
        for line in iter(process.stderr.readline, b""):
            text = line.decode("utf-8", "replace").strip()
            found = _SHARE.search(text)
            if found and int(found.group(2)):
                text = "percentage: {0}".format(100 * int(found.group(1)) // int(found.group(2)))
            print(text, file=sys.stderr, flush=True)
        return process.wait()
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(_CANCEL_S)


def _end_with_parent():
    """Kdenlive cancels by SIGKILL, after which nothing of ours runs: Linux tells the child then."""
    import ctypes  # noqa: PLC0415 - in the child alone

    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGINT)


def _write(path, settings):
    if not settings.sections():
        if os.path.exists(path):
            os.unlink(path)
        return
    partial = "{0}.{1}.part".format(path, os.getpid())
    with open(partial, "w", encoding="utf-8") as file:
        settings.write(file, space_around_delimiters=False)
    os.replace(partial, path)
