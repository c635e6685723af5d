"""CREMA-D (Cao et al. 2014, ODbL): 91 actors, 12 sentences, six emotions, no surprise.

Published names: `1001_DFA_ANG_XX.wav` = actor, sentence, emotion, level. The published files carry no
sex: it comes from the set's own VideoDemographics.csv beside them.
"""

import csv
from pathlib import Path

from models.readers.sample import Sample, need
from models.readers.speech import read_speech

NAME = "crema-d"
LABELS = {"ANG": "angry", "DIS": "disgust", "FEA": "fear", "HAP": "happy", "NEU": "neutral", "SAD": "sad"}
VAL = {"1006", "1013", "1021", "1039", "1040", "1041", "1048", "1068", "1074"}
TEST = set("1001 1003 1008 1010 1016 1017 1028 1036 1038 1046 1063 1066 1070 1073 1081 1084 1086 1088".split())
# Digital silence, and recordings published under two labels (data notes of the set).
BROKEN = set("1076_MTI_SAD_XX 1006_TIE_HAP_XX 1006_TIE_NEU_XX 1013_WSI_DIS_XX 1013_WSI_SAD_XX".split()) | {
    "1017_IWW_ANG_XX",
    "1017_IWW_FEA_XX",
}


def read(data: Path) -> list[Sample]:
    """Samples from the pack or from `crema-d/` in the published layout."""
    packed = (data / f"speech-{NAME}.tar.gz").exists()
    sexes = {} if packed else _sexes(need(data / NAME / "VideoDemographics.csv", "CREMA-D's table of its actors"))

    def by_name(path: Path):
        parts = path.stem.split("_")
        if len(parts) != 4 or parts[2] not in LABELS:
            return None
        actor = parts[0]
        split = "test" if actor in TEST else "val" if actor in VAL else "train"
        return LABELS[parts[2]], actor, sexes.get(actor, ""), "exclude" if path.stem in BROKEN else split

    return read_speech(data, NAME, NAME, by_name)


def _sexes(path: Path) -> dict[str, str]:
    with path.open(newline="") as table:
        return {row["ActorID"]: row["Sex"].lower() for row in csv.DictReader(table)}
