"""Looking into every file of installed models once more."""

import msgspec

from longtake_engine.errors import EngineError
from longtake_engine.weights import check
from longtake_engine.weights.manifest import Manifest, StoredFile
from longtake_engine.weights.progress import Tally, Tell
from longtake_engine.weights.store import ModelStore


def verify(name: str, store: ModelStore, tell: Tell) -> str:
    """What is wrong with an installed model, in a sentence; empty where it is what it was.

    A model that is found damaged is not used from then on, until it is mended; one that is found
    whole is used again.

    Raises:
        NotPossible: It is not installed.
        Busy: It is being changed.
    """
    manifest = store.manifest(name)
    if manifest is None:
        store.find(name)  # which says what there is of it
        raise AssertionError(name)
    with store.locked(name):
        tally = Tally(tell, "checking", manifest.size_bytes)
        looked, problem = [], ""
        for file in manifest.files:
            tally.begin(f"{name}: {file.path}")
            again, fault = _look(manifest, file, tally)
            looked.append(again)
            problem = problem or fault
        files = tuple(looked)
        if problem != manifest.problem or files != manifest.files:
            store.finish(msgspec.structs.replace(manifest, files=files, problem=problem))
    return problem


def _look(manifest: Manifest, file: StoredFile, tally: Tally) -> tuple[StoredFile, str]:
    """A file as it is to be remembered, and what is wrong with it."""
    path = manifest.folder / file.path
    mend = f"`longtake models install {manifest.name}` mends it"
    if manifest.imported:
        mend = "bring it back and import it again"
    if not path.is_file():
        return file, f"The model {manifest.name} lacks its file {path}; {mend}."
    try:
        sha256, _ = check.hash_file(path, tally.add)
        if sha256 != file.sha256:
            return file, f"{path} is not what it was when {manifest.name} was installed; {mend}."
        if file.path.endswith(check.SAFE):
            check.check_safetensors(path)
    except EngineError as error:
        return file, error.sentence
    return msgspec.structs.replace(file, modified_ns=path.stat().st_mtime_ns), ""
