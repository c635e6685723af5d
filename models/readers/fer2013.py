"""FER2013 (Goodfellow et al. 2013) with the FER+ votes (Barsoum et al. 2016): gray 48x48 faces.

Input: `face-fer2013.tar`, or the published `fer2013.csv` (+ `fer2013new.csv` of FER+ beside it).
Output: Samples, pixels [n, 48, 48] and FER+ vote shares [n, 7] (a row of zeros where votes are unusable).
PublicTest is `test`, PrivateTest `holdout`, 4 % of Training (whole groups of pixel copies) `val`.
"""

import csv
from pathlib import Path

import numpy as np

from models.readers.pictures import pixel_hash, strips
from models.readers.sample import EMOTIONS, Sample, need, split_by_group

FER_LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
VOTES = {"anger": "angry", "disgust": "disgust", "fear": "fear", "happiness": "happy", "neutral": "neutral",
         "sadness": "sad", "surprise": "surprise"}
OTHER_VOTES = ("contempt", "unknown", "NF")


def read(data: Path) -> tuple[list[Sample], np.ndarray, np.ndarray]:
    """Samples, pixels and vote shares; tags: `majority` (FER+ label or ""), `notFace` votes, `copy` of training."""
    pack = data / "face-fer2013.tar"
    rows, pictures = strips(pack, 48) if pack.exists() else _published(data)
    hashes = [pixel_hash(p) for p in pictures]
    in_training = {h for h, r in zip(hashes, rows) if r["usage"] == "Training"}
    votes = np.array([_votes(r) for r in rows])
    samples = []
    for i, row in enumerate(rows):
        usage = row["usage"]
        split = {"PublicTest": "test", "PrivateTest": "holdout"}.get(usage) or split_by_group(hashes[i], 0.04, 0.0)
        tags = {"majority": _majority(row), "notFace": int(row.get("fp_NF") or 0),
                "copy": usage != "Training" and hashes[i] in in_training}
        label = FER_LABELS[int(row["emotion"])]
        samples.append(Sample(f"fer2013/{row['row']}.png", label, hashes[i], split, tags=tags))
    return samples, pictures, votes


def _votes(row: dict) -> np.ndarray:
    """Shares of the seven classes; a single vote counts as a slip, as in the FER+ authors' own training."""
    shares = np.zeros(len(EMOTIONS))
    if row.get("align") == "unordered" or "fp_anger" not in row:
        return shares
    for theirs, ours in VOTES.items():
        count = int(row[f"fp_{theirs}"] or 0)
        shares[EMOTIONS.index(ours)] = count if count > 1 else 0
    return shares / shares.sum() if shares.sum() else shares


def _majority(row: dict) -> str:
    """The class with more than half of all votes cast, else ""."""
    if row.get("align") == "unordered" or "fp_anger" not in row:
        return ""
    counts = {ours: int(row[f"fp_{theirs}"] or 0) for theirs, ours in VOTES.items()}
    cast = sum(counts.values()) + sum(int(row[f"fp_{o}"] or 0) for o in OTHER_VOTES)
    best = max(counts, key=lambda k: counts[k])
    return best if cast and counts[best] * 2 > cast else ""


def _published(data: Path) -> tuple[list[dict], np.ndarray]:
    """The layout of the competition: emotion,pixels,Usage; FER+ repeats its row order."""
    with need(data / "fer2013.csv", "FER2013").open(newline="") as table:
        given = list(csv.DictReader(table))
    plus = []
    if (data / "fer2013new.csv").exists():
        with (data / "fer2013new.csv").open(newline="") as table:
            plus = list(csv.DictReader(table))
    rows = []
    for i, row in enumerate(given):
        named = {f"fp_{k}": plus[i][k] for k in (*VOTES, *OTHER_VOTES)} if plus else {}
        rows.append({"row": str(i), "usage": row["Usage"], "emotion": row["emotion"], **named})
    pixels = np.array([np.array(r["pixels"].split(), np.uint8) for r in given]).reshape(-1, 48, 48)
    return rows, pixels
