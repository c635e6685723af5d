"""One labelled recording or picture, and the table TypeScript reads.

Output: CSV with the columns `file,label,speaker,split` (+ `sex` where a set has it);
`split` is train, val, test, holdout or exclude. No speaker, person or group is in two splits.
"""

import csv
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

EMOTIONS = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")


@dataclass(frozen=True)
class Sample:
    """`file` is relative to the set's folder; `speaker` is the person or group that must stay in one split."""

    file: str
    label: str
    speaker: str
    split: str
    sex: str = ""
    tags: dict = field(default_factory=dict)


def split_by_group(group: str, val: float, test: float) -> str:
    """The same split for the same group for ever: a hash, so that adding groups moves nobody."""
    share = int(hashlib.sha256(group.encode()).hexdigest()[:8], 16) / 0x100000000
    if share < test:
        return "test"
    return "val" if share < test + val else "train"


def write_table(samples: list[Sample], path: Path) -> None:
    """Writes the table; adds the column `sex` when any sample has one."""
    has_sex = any(s.sex for s in samples)
    with path.open("w", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(["file", "label", "speaker", "split"] + (["sex"] if has_sex else []))
        for s in samples:
            rows.writerow([s.file, s.label, s.speaker, s.split] + ([s.sex] if has_sex else []))


def need(path: Path, what: str) -> Path:
    """`path` if it exists, else one sentence that says what is missing."""
    if not path.exists():
        raise SystemExit(f"{what}: {path} is not there; give the data folder with --data.")
    return path
