"""Longtake for Kdenlive: `python3 FOLDER` is the window, `... FOLDER extend --tail 2s` an edit."""

import sys

import longtake_clip_job
from longtake_desk import main
from longtake_kdenlive import Kdenlive

if sys.argv[1:2] == ["jobs"]:
    sys.exit(longtake_clip_job.main(sys.argv[2:]))
sys.exit(main(Kdenlive()))
