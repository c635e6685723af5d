"""MRL eyes (Fusek 2018): infrared eye crops, 37 people, glasses and reflections among them.

Input: `face-eyes-mrl.tar` (10,000 without person ids), or `mrlEyes_2018_01/` in the published layout
(`s0001_00001_0_0_0_0_0_01.png`: person, number, sex, glasses, eye state, ...). Without person ids, blocks of
neighbouring numbers stay together; a score on them is on people seen in training and says so.
"""

from pathlib import Path

import numpy as np

from models.readers.pictures import decode, strips
from models.readers.sample import Sample, need, split_by_group

BLOCK = 250  # `num` follows time: neighbours are near-duplicates


def read(data: Path) -> tuple[list[Sample], list[np.ndarray]]:
    """Samples labelled open or closed, and their pixels; tag `glasses` where the published name tells."""
    pack = data / "face-eyes-mrl.tar"
    if pack.exists():
        rows, pictures = strips(pack, 48)
        groups = [f"mrl-{r['label']}-{int(r['num']) // BLOCK}" for r in rows]
        return [Sample(f"mrl/{r['index']}.png", r["label"], g, split_by_group(g, 0.1, 0.2))
                for r, g in zip(rows, groups)], list(pictures)
    folder = need(data / "mrlEyes_2018_01", "MRL eyes")
    samples, pictures = [], []
    for path in sorted(folder.rglob("s*.png")):
        parts = path.stem.split("_")
        group = f"mrl-{parts[0]}"
        samples.append(Sample(str(path.relative_to(data)), "open" if parts[4] == "1" else "closed", group,
                              split_by_group(group, 0.1, 0.2), tags={"glasses": parts[3] == "1"}))
        pictures.append(decode(path.read_bytes()))
    return samples, pictures
