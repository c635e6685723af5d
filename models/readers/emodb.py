"""EMO-DB (Burkhardt et al. 2005): ten German actors. Never trained, tuned or calibrated on: split `holdout`.

Published names: `03a01Fa.wav` = speaker, sentence, emotion letter, version; boredom is left out.
"""

from pathlib import Path

from models.readers.sample import Sample
from models.readers.speech import read_speech

LABELS = {"W": "angry", "E": "disgust", "A": "fear", "F": "happy", "N": "neutral", "T": "sad"}
MEN = {"03", "10", "11", "12", "15"}


def read(data: Path) -> list[Sample]:
    """Samples from the pack or from `emodb/` in the published layout."""
    return read_speech(data, "emodb", "emodb", _by_name)


def _by_name(path: Path):
    stem = path.stem
    if len(stem) != 7 or stem[5] not in LABELS:
        return None
    return LABELS[stem[5]], stem[:2], "male" if stem[:2] in MEN else "female", "holdout"
