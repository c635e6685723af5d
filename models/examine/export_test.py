"""What the networks are examined on: `python3 -m models.examine.export_test SET SPLIT OUT [--data DIR]`.

Output: OUT/labels.csv and, for pictures, the files it names, pixels without loss; sounds are named where they lie.
Columns: `file,label,speaker,split,sex,ferplus,copy,age,race,kind`; empty where a set does not say. `ferplus` is the
majority of FER+ votes, `copy` is 1 for a pixel copy of a training picture, `age` a span of years.
"""

import argparse
import csv
import os
import shutil
from pathlib import Path

from PIL import Image

from models.readers import export, noise
from models.readers.sample import Sample
from models.readers.speech import sound_folder

COLUMNS = ["file", "label", "speaker", "split", "sex", "ferplus", "copy", "age", "race", "kind"]
RACES = {"0": "White", "1": "Black", "2": "Asian", "3": "Indian", "4": "Others"}
AGES = ((0, 25), (26, 45), (46, 60), (61, 120))


def main() -> None:
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(prog="models.examine.export_test", description="A split of a set, as files.")
    parser.add_argument("set", choices=sorted(export.SOUNDS | export.PICTURES))
    parser.add_argument("split")
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, default=root.parent / "shared" / "data")
    asked = parser.parse_args()
    # Whole or not there: two who export at once do not meet half a folder.
    part = asked.out.with_name(f"{asked.out.name}.{os.getpid()}")
    part.mkdir(parents=True)
    try:
        named = _sounds(asked, root) if asked.set in export.SOUNDS else _pictures(asked, part)
        with (part / "labels.csv").open("w", newline="") as out:
            table = csv.writer(out, lineterminator="\n")
            table.writerow(COLUMNS)
            table.writerows([file, *_cells(sample)] for file, sample in named)
        if not asked.out.exists():
            part.rename(asked.out)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _sounds(asked: argparse.Namespace, root: Path) -> list[tuple[str, Sample]]:
    """Absolute paths: recordings stay where they are."""
    cache = root / ".cache" / "training"
    is_noise = asked.set == "noise"
    folder = noise.noise_folder(asked.data, cache) if is_noise else sound_folder(asked.data, asked.set, cache)
    samples = export.SOUNDS[asked.set](asked.data)
    return [(str((folder / s.file).resolve()), s) for s in samples if s.split == asked.split]


def _pictures(asked: argparse.Namespace, out: Path) -> list[tuple[str, Sample]]:
    """Numbered PNGs."""
    named = []
    for i, (sample, picture) in enumerate(zip(*export.PICTURES[asked.set](asked.data))):
        if sample.split == asked.split:
            Image.fromarray(picture).save(out / f"{i}.png", compress_level=1)
            named.append((f"{i}.png", sample))
    return named


def _cells(sample: Sample) -> list[str]:
    tags = sample.tags
    span = next((f"{a}-{b}" for a, b in AGES if a <= tags.get("age", -1) <= b), "")
    race = RACES.get(tags.get("race", ""), "")
    copy = "1" if tags.get("copy") else ""
    kind = tags.get("kind", "")
    return [sample.label, sample.speaker, sample.split, sample.sex, tags.get("majority", ""), copy, span, race, kind]


if __name__ == "__main__":
    main()
