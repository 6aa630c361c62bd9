"""The bench of sound under extensions: `python tests/bench/sound --help`."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # `measure` lies there

import numpy as np
from clips import CLIPS, read_sound
from figures import continue_clip, measure
from measure.call import chosen
from measure.footage import ABSENT, find_footage
from spectrogram import draw, write_sheet

BEFORE_S, AFTER_S = 5.0, 10.0  # of what is drawn


def main() -> int:
    """Print the table; draw what is asked for."""
    parser = argparse.ArgumentParser("python tests/bench/sound", description=__doc__)
    parser.add_argument("--clips", metavar="NAME,..", help=f"of {', '.join(CLIPS)}")
    parser.add_argument("--hidden", type=float, metavar="SECONDS", help="a third where left out")
    parser.add_argument("--sheet", type=Path, metavar="PNG", help="spectrograms across the join")
    parser.add_argument("--music", choices=("fade", "hold"), default="fade", help="as drawn")
    asked = parser.parse_args()
    footage = find_footage()
    if footage is None:
        print(ABSENT, file=sys.stderr)
        return 3
    names = chosen(parser, asked.clips, tuple(CLIPS), CLIPS, "clip")
    pictures = []
    for number, name in enumerate(names):
        sound, rate = read_sound(footage, name)
        hidden_s = asked.hidden or min(3.0, sound.shape[1] / rate / 3)
        figures = asdict(measure(sound, rate, int(hidden_s * rate)))
        if number == 0:
            print(f"| clip | hidden, s | {' | '.join(figures)} |")
            print(f"|{' --- |' * (len(figures) + 2)}")
        cells = [f"{v:.2f}" if isinstance(v, float) else str(v) for v in figures.values()]
        print(f"| {name} | {hidden_s:.1f} | {' | '.join(cells)} |", flush=True)
        if asked.sheet:
            _, made = continue_clip(sound, rate, 0, int(AFTER_S * rate), asked.music)
            known = sound[:, -int(BEFORE_S * rate) :]
            whole = np.concatenate([known, made], axis=1)
            pictures.append(draw(whole, rate, known.shape[1] / rate, name))
    if asked.sheet:
        write_sheet(asked.sheet, pictures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
