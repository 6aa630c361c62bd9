"""Ways bettered by a network that OpenCV runs: no torch is needed, and it is as quick."""

import threading
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from longtake_engine.errors import BadInput
from longtake_engine.models.between.fusion import Way
from longtake_engine.models.between.network.evidence import CHANNELS, Evidence
from longtake_engine.models.between.network.refiner import Refiner, changed

SHIPPED = Path(__file__).with_name("refinement.onnx")
CHANGES = 5  # offsets to the first picture, to the second, and a share


class CompiledRefiner:
    """Betters ways by a network in an ONNX file.

    Raises:
        BadInput: If OpenCV cannot run the file here.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        # A network keeps what it was last given, and serves one thread at a time.
        self._own = threading.local()
        try:
            made = self._run(np.zeros((CHANNELS, 12, 20), np.float32))
        except cv2.error as error:
            raise BadInput(
                f"{path} is no network that this OpenCV can run: leave it out, or install the "
                "OpenCV that Longtake asks for."
            ) from error
        if made.shape != (CHANGES, 12, 20):
            raise BadInput(f"{path} holds another network: give the one between frames.")

    def refine(self, evidence: Evidence) -> Way:
        """The way with what the network changes of it."""
        return changed(evidence, self._run(evidence.channels))

    def _run(self, channels: np.ndarray) -> np.ndarray:
        network = getattr(self._own, "network", None)
        if network is None:
            network = self._own.network = cv2.dnn.readNetFromONNX(str(self._path))
        network.setInput(channels[None])
        return network.forward()[0]


@cache
def shipped_refiner() -> Refiner | None:
    """The network that comes with Longtake; None where it does not, or cannot run here."""
    if not SHIPPED.is_file():
        return None
    try:
        return CompiledRefiner(SHIPPED)
    except BadInput:  # an older OpenCV: the classical result is as good as it was
        return None
