"""YawDD frames and mouth crops (Abtahi et al. 2014): drivers yawning and not, in parked cars.

Input: `face-yawn.tar.gz`, or `drowsiness/yawn|no_yawn` frames as Kaggle publishes them (no persons there).
Persons are groups of frames that look alike (`group_loose`); those of the test clips in videos/ are `test`.
"""

from pathlib import Path

import numpy as np

from models.readers.pictures import files_of, folder_pictures
from models.readers.sample import Sample, need, split_by_group


def read_frames(data: Path) -> tuple[list[Sample], list[np.ndarray]]:
    """Whole frames labelled yawn or no_yawn."""
    pack = data / "face-yawn.tar.gz"
    if not pack.exists():
        files, pictures = folder_pictures(need(data / "drowsiness", "yawn frames"), {"yawn": "yawn", "no_yawn": "no_yawn"})
        return [Sample(f, label, f"yawdd-{f}", split_by_group(f, 0.15, 0.25)) for f, label in files], pictures
    rows, pictures = files_of(pack, "frames.csv")
    in_clips = {r["group_loose"] for r in rows if r["video"]}
    return [_sample(r, in_clips) for r in rows], pictures


def read_mouths(data: Path) -> tuple[list[Sample], list[np.ndarray]]:
    """Mouth crops labelled yawn or no_yawn, in the same splits as their frames."""
    pack = need(data / "face-yawn.tar.gz", "mouth crops")
    in_clips = {r["group_loose"] for r in files_of(pack, "frames.csv")[0] if r["video"]}
    rows, pictures = files_of(pack, "mouths.csv")
    return [_sample(r, in_clips) for r in rows], pictures


def _sample(row: dict, in_clips: set[str]) -> Sample:
    group = row["group_loose"]
    split = "test" if group in in_clips else split_by_group(f"yawdd-{group}", 0.15, 0.25)
    return Sample(row["file"], row["label"], f"yawdd-{group}", split)
