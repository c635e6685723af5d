"""Closed Eyes in the Wild (Song et al. 2014): gray 24x24 eye patches, open ones from LFW.

Input: `face-eyes-cew.tar`, or `cew/closedEyes|openEyes` folders of patches. Split by person: the
published train/val folders put left and right eyes of one person on both sides.
"""

import re
from pathlib import Path

import numpy as np

from models.readers.pictures import folder_pictures, strips
from models.readers.sample import Sample, need, split_by_group


def read(data: Path) -> tuple[list[Sample], list[np.ndarray]]:
    """Samples labelled open or closed, and their pixels."""
    pack = data / "face-eyes-cew.tar"
    if pack.exists():
        rows, pictures = strips(pack, 24)
        listed = [(f"cew/{r['index']}.png", r["label"], r["person"]) for r in rows]
    else:
        folder = need(data / "cew", "CEW")
        files, pictures = folder_pictures(folder, {"closedEyes": "closed", "openEyes": "open",
                                                   "closedLeftEyes": "closed", "closedRightEyes": "closed",
                                                   "openLeftEyes": "open", "openRightEyes": "open"})
        listed = [(f, label, _person(f)) for f, label in files]
    return [Sample(f, label, f"cew-{p}", split_by_group(f"cew-{p}", 0.1, 0.2)) for f, label, p in listed], list(pictures)


def _person(file: str) -> str:
    """`Aaron_Guiel_0001_L.jpg` -> Aaron_Guiel; `closed_eye_0003.jpg_face_2_L.jpg` -> closed_eye_0003_f2."""
    closed = re.search(r"(closed_eye_\d+)\.jpg_face_(\d+)", file)
    if closed:
        return f"{closed[1]}_f{closed[2]}"
    return re.sub(r"_\d{4}.*$", "", Path(file).stem)
