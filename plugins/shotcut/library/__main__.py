"""Longtake for Shotcut: `python3 FOLDER` is the window, `python3 FOLDER fill_gap` an edit."""

import sys

from longtake_desk import main
from longtake_shotcut import Shotcut

sys.exit(main(Shotcut()))
