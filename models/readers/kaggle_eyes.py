"""Eyes of Kaggle's "Drowsiness_dataset": close-up colour photographs from the web.

Input: `face-eyes-kaggle.tar.gz`, or `drowsiness/Closed|Open`. Never trained, tuned or calibrated on: `holdout`.
"""

from pathlib import Path

import numpy as np

from models.readers.pictures import files_of, folder_pictures
from models.readers.sample import Sample, need


def read(data: Path) -> tuple[list[Sample], list[np.ndarray]]:
    """Samples labelled open or closed, and their pixels."""
    pack = data / "face-eyes-kaggle.tar.gz"
    if pack.exists():
        rows, pictures = files_of(pack, "labels.csv")
        listed = [(r["file"], r["label"]) for r in rows]
    else:
        listed, pictures = folder_pictures(need(data / "drowsiness", "Kaggle eyes"), {"Closed": "closed", "Open": "open"})
    return [Sample(f, label, f"kaggle-{f}", "holdout") for f, label in listed], pictures
