"""What `longtake doctor` looks at, each with what was found and what to do about it."""

import json
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from longtake.v1 import model_pb2

from longtake_bridge import daemon
from longtake_bridge.check import Check
from longtake_bridge.client import Engine
from longtake_bridge.errors import BridgeError
from longtake_bridge.home import find_home
from longtake_bridge.plugin.checkup import check_plugins
from longtake_bridge.plugin.machine import this_machine

_LOW_DISK_BYTES = 2_000_000_000  # about a minute of 1080p ProRes and its working files
_IMPORT_TIMEOUT_S = 60.0
_GRAPHICS_TIMEOUT_S = 20.0
# Run in another process: the bridge itself never loads any of this.
_IMPORT_SCRIPT = """
import json, av, cv2, numpy, longtake_engine
names = ("prores_ks", "dnxhd", "ffv1", "libx264")
print(json.dumps({"missing": [name for name in names if name not in av.codecs_available]}))
"""
_ADAPTERS = {
    "otio_aaf_adapter": ".aaf",
    "otio_cmx3600_adapter": ".edl",
    "otio_fcp_adapter": ".xml (FCP 7)",
    "otio_fcpx_xml_adapter": ".fcpxml",
}


def run_checks(connect: str | None = None) -> Iterator[Check]:
    """Each check as it is done; the engine is started where it is down.

    With `connect` the engine at that address is looked at, and none is started here.
    """
    yield Check("Python", "ok", f"{platform.python_version()} at {sys.executable}")
    yield _check_install()
    missing = daemon.missing_modules() if connect is None else ()
    if missing:
        yield Check(
            "Engine",
            "fault",
            f"not installed ({', '.join(missing)} missing)",
            'pip install "longtake[engine]"',
        )
    else:
        if connect is None:
            yield _check_codecs()
        yield from _check_engine(connect)
    yield _check_disk()
    yield _check_graphics()
    yield _check_adapters()
    yield _check_torch()
    yield from check_plugins(this_machine(), find_home())


def _check_install() -> Check:
    return Check("Longtake", "ok", f"{daemon.own_version()}, home {find_home().folder}")


def _check_codecs() -> Check:
    name = "Codecs"
    try:
        answer = subprocess.run(
            [sys.executable, "-P", "-c", _IMPORT_SCRIPT],
            capture_output=True,
            text=True,
            timeout=_IMPORT_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Check(name, "fault", "loading them took over a minute", "try again when it is quiet")
    if answer.returncode != 0:
        lines = answer.stderr.strip().splitlines() or ["no word"]
        remedy = 'pip install --force-reinstall "longtake[engine]"'
        return Check(name, "fault", f"the engine's libraries do not load: {lines[-1]}", remedy)
    lacking = json.loads(answer.stdout)["missing"]
    if lacking:
        remedy = "pip install --force-reinstall --only-binary av av"
        return Check(name, "fault", f"PyAV lacks {', '.join(lacking)}", remedy)
    found = f"ProRes, DNxHR, FFV1, H.264 by PyAV {metadata.version('av')}; no ffmpeg program needed"
    return Check(name, "ok", found)


def _check_engine(connect: str | None) -> Iterator[Check]:
    try:
        with Engine.open(connect) as engine:
            endpoint, models = engine.endpoint, engine.models()
            weights = (_check_weights(engine), _check_search(engine))
    except BridgeError as error:
        remedy = f"see {find_home().log_path}" if connect is None else "start it there"
        yield Check("Engine", "fault", error.sentence, remedy)
        return
    process = f" (process {endpoint.pid})" if endpoint.pid else ""
    found = f"{endpoint.version or 'one'} at {endpoint.address}{process}"
    yield Check("Engine", "ok", found)
    if models:
        yield Check("Models", "ok", ", ".join(model.name for model in models))
    else:
        yield Check("Models", "fault", "none", 'pip install --force-reinstall "longtake[engine]"')
    yield from weights


def _check_weights(engine: Engine) -> Check:
    name = "Open weights"
    models = engine.open_models()
    damaged = [model for model in models if model.problem]
    if damaged:
        return Check(name, "fault", damaged[0].problem, "longtake models verify")
    here = [model.name for model in models if model.state == model_pb2.WEIGHTS_STATE_INSTALLED]
    if not here:
        return Check(name, "optional", "none installed", "see `longtake models`, if you want one")
    return Check(name, "ok", ", ".join(here))


def _check_search(engine: Engine) -> Check:
    name = "Search of footage"
    try:
        model = engine.compare_texts(["boats"], ["ships"]).model
    except BridgeError as error:
        remedy = 'pip install "longtake[search]"'
        return Check(name, "optional", f"by word stems: {error.sentence}", remedy)
    if not model:
        remedy = 'pip install "longtake[search]", if you want it by meaning'
        return Check(name, "optional", "by word stems", remedy)
    return Check(name, "ok", f"by meaning ({model})")


def _check_disk() -> Check:
    folders = {"here": Path.cwd(), "temporary files": Path(tempfile.gettempdir())}
    free = {name: shutil.disk_usage(folder).free for name, folder in folders.items()}
    found = ", ".join(f"{size / 1e9:.1f} GB free ({name})" for name, size in free.items())
    if min(free.values()) < _LOW_DISK_BYTES:
        return Check(
            "Disk", "optional", found, "long clips may not fit; make room, or work elsewhere"
        )
    return Check("Disk", "ok", found)


def _check_graphics() -> Check:
    name, without = "Graphics card", "; the built-in models run on the processor"
    program = shutil.which("nvidia-smi")
    if program is None:
        return Check(name, "optional", f"no NVIDIA one was found{without}")
    query = ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    try:
        answer = subprocess.run(
            [program, *query],
            capture_output=True,
            text=True,
            timeout=_GRAPHICS_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        remedy = "install its driver again, if downloaded models should use it"
        return Check(name, "optional", f"nvidia-smi does not answer{without}", remedy)
    cards = "; ".join(line.strip() for line in answer.stdout.splitlines() if line.strip())
    return Check(name, "ok", f"{cards}, for downloaded models only")


def _check_adapters() -> Check:
    absent = [suffix for name, suffix in _ADAPTERS.items() if find_spec(name) is None]
    if not absent:
        return Check("Timelines", "ok", f".otio .otioz .otiod {' '.join(_ADAPTERS.values())}")
    remedy = 'pip install "longtake[formats]", if you need them'
    return Check("Timelines", "optional", f"no {', '.join(absent)}", remedy)


def _check_torch() -> Check:
    if find_spec("torch") is None:
        return Check("torch", "optional", "not here; only downloaded models would use it")
    return Check("torch", "ok", f"{metadata.version('torch')}, for downloaded models only")
