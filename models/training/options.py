"""What the command line of a training says, as plain values."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """`folder` holds this run's checkpoint, `cache` decoded data shared by all runs; both are git-ignored.

    `width` multiplies the channels (a teacher is wider); `teacher` is the folder of a run to learn from.
    """

    network: str
    data: Path
    cache: Path
    folder: Path
    seed: int
    epochs: int | None
    minutes: float | None
    smoke: bool
    width: float = 1.0
    teacher: Path | None = None
