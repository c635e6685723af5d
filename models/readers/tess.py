"""TESS (Dupuis & Pichora-Fuller 2010, CC BY-NC-ND 4.0): two actresses, 200 words each.

Published names: `OAF_back_angry.wav`; `ps` = pleasant surprise. YAF trains, OAF tests: inside one speaker
a random split gives a meaningless 99 %.
"""

from pathlib import Path

from models.readers.sample import EMOTIONS, Sample
from models.readers.speech import read_speech


def read(data: Path) -> list[Sample]:
    """Samples from the pack or from `tess/` in the published layout."""
    return read_speech(data, "tess", "tess", _by_name)


def _by_name(path: Path):
    parts = path.stem.split("_")
    label = {"ps": "surprise"}.get(parts[-1].lower(), parts[-1].lower())
    if len(parts) < 3 or label not in EMOTIONS:
        return None
    speaker = "OAF" if parts[0].startswith("OA") else "YAF"  # one file is called OA_bite_neutral
    return label, speaker, "female", "test" if speaker == "OAF" else "train"
