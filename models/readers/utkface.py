"""UTKFace (Zhang et al. 2017; non-commercial research): faces with sex, age and race.

Input: `face-sex-utk.tar.gz`, or `UTKFace/` with the published names `age_sex_race_date.jpg.chip.jpg`.
No person ids exist; pixel copies stay in one split. Tags: age in years, race 0-4 as published.
"""

from pathlib import Path

import numpy as np

from models.readers.pictures import decode, files_of, pixel_hash
from models.readers.sample import Sample, need, split_by_group


def read(data: Path) -> tuple[list[Sample], list[np.ndarray]]:
    """Samples labelled female or male, and their pixels."""
    pack = data / "face-sex-utk.tar.gz"
    if pack.exists():
        rows, pictures = files_of(pack, "labels.csv")
        listed = [(r["file"], r["sex"], int(r["age"]), r["race"]) for r in rows]
    else:
        folder = need(data / "UTKFace", "UTKFace")
        paths = [p for p in sorted(folder.rglob("*.jpg")) if p.name.count("_") >= 3]
        parts = [p.name.split("_") for p in paths]
        listed = [(str(p.relative_to(folder)), "female" if n[1] == "1" else "male", int(n[0]), n[2])
                  for p, n in zip(paths, parts)]
        pictures = [decode(p.read_bytes()) for p in paths]
    groups = [f"utk-{pixel_hash(p)}" for p in pictures]
    return [Sample(f, sex, g, split_by_group(g, 0.08, 0.15), sex, {"age": age, "race": race})
            for (f, sex, age, race), g in zip(listed, groups)], pictures
