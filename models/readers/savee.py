"""SAVEE (Jackson & Haq; research only, after registration): four British men.

Published names: `DC/a01.wav` (a folder per speaker) or `DC_a01.wav`; DC and JE train, JK validation, KL test.
"""

from pathlib import Path

from models.readers.sample import Sample
from models.readers.speech import read_speech

LABELS = {"a": "angry", "d": "disgust", "f": "fear", "h": "happy", "n": "neutral", "sa": "sad", "su": "surprise"}
SPLITS = {"DC": "train", "JE": "train", "JK": "val", "KL": "test"}


def read(data: Path) -> list[Sample]:
    """Samples from the pack or from `savee/` in either published layout."""
    return read_speech(data, "savee", "savee", _by_name)


def _by_name(path: Path):
    speaker, _, rest = path.stem.partition("_") if "_" in path.stem else (path.parent.name, "", path.stem)
    letters = rest.rstrip("0123456789")
    if speaker not in SPLITS or letters not in LABELS:
        return None
    return LABELS[letters], speaker, "male", SPLITS[speaker]
