"""Masked and unmasked faces (chandrikadeb7/Face-Mask-Detection): occluder textures for tests alone.

Input: `face-mask.tar.gz`, or `face-mask/with_mask|without_mask`. Split `test` throughout.
"""

from pathlib import Path

import numpy as np

from models.readers.pictures import files_of, folder_pictures
from models.readers.sample import Sample, need

LABELS = {"with_mask": "with_mask", "without_mask": "without_mask"}


def read(data: Path) -> tuple[list[Sample], list[np.ndarray]]:
    """Samples labelled with_mask or without_mask, and their pixels."""
    pack = data / "face-mask.tar.gz"
    if pack.exists():
        rows, pictures = files_of(pack, "labels.csv")
        listed = [(r["file"], r["label"]) for r in rows]
    else:
        listed, pictures = folder_pictures(need(data / "face-mask", "masked faces"), LABELS)
    return [Sample(f, label, f"mask-{f}", "test") for f, label in listed], pictures
