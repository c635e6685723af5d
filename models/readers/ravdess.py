"""RAVDESS speech and song (Livingstone & Russo 2018, CC BY-NC-SA 4.0): 24 actors, odd = male.

Published names: `03-01-EMOTION-INTENSITY-STATEMENT-REPETITION-ACTOR.wav`; the second number is 02 in song.
Actors 1-16 train, 17-20 validation, 21-24 test; `calm` counts as neutral.
"""

from pathlib import Path

from models.readers.sample import Sample
from models.readers.speech import read_speech

LABELS = dict(zip(("01", "02", "03", "04", "05", "06", "07", "08"),
                  ("neutral", "neutral", "happy", "sad", "angry", "fear", "disgust", "surprise")))
TWICE = "03-01-03-01-02-02-07"  # the same recording as ...-02-01-07


def read(data: Path) -> list[Sample]:
    """Spoken clips."""
    return read_speech(data, "ravdess-speech", "ravdess", _by_name)


def read_song(data: Path) -> list[Sample]:
    """Sung clips: no disgust, no surprise."""
    return read_speech(data, "ravdess-song", "ravdess-song", _by_name)


def _by_name(path: Path):
    parts = path.stem.split("-")
    if len(parts) != 7 or parts[2] not in LABELS:
        return None
    actor = int(parts[6])
    split = "train" if actor <= 16 else "val" if actor <= 20 else "test"
    sex = "male" if actor % 2 else "female"
    return LABELS[parts[2]], f"{actor:02d}", sex, "exclude" if path.stem == TWICE else split
