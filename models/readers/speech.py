"""Speech corpora: what all readers of recorded speech share.

Input: a data folder with `speech.csv` + `speech-<name>.tar.gz` packs, or `<name>/` holding the
corpus in its own published layout (found by file name anywhere below). Output: Samples whose
`file` lies under the folder that `sound_folder` returns; labels are the seven emotions.
"""

import csv
import tarfile
from collections.abc import Callable
from pathlib import Path

from models.readers.sample import EMOTIONS, Sample, need

# What one corpus says about a file by its path alone: (label, speaker, sex, split), or None for a stranger.
ByName = Callable[[Path], tuple[str, str, str, str] | None]
SOUND_ENDINGS = {".wav", ".opus", ".flac", ".mp3", ".ogg"}


def read_speech(data: Path, corpus: str, name: str, by_name: ByName) -> list[Sample]:
    """Samples of a corpus: from speech.csv when the pack is there, else by published file names."""
    if (data / f"speech-{name}.tar.gz").exists():
        return _from_pack(data, corpus, name)
    return _from_published(need(data / name, f"speech corpus {corpus}"), by_name)


def sound_folder(data: Path, name: str, cache: Path) -> Path:
    """Folder that holds the corpus's files; unpacks the pack under `cache` the first time."""
    pack = data / f"speech-{name}.tar.gz"
    if not pack.exists():
        return data / name
    folder = cache / "sound" / name
    done = folder / ".complete"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(pack) as tar:
            tar.extractall(folder)
        done.touch()
    return folder


def _from_pack(data: Path, corpus: str, name: str) -> list[Sample]:
    samples = []
    with need(data / "speech.csv", "table of the speech packs").open(newline="") as table:
        for row in csv.DictReader(table):
            # `calm` counts as neutral, as in the source system; `boredom` is none of the seven.
            label = "neutral" if row["emotion"] == "calm" else row["emotion"]
            if row["corpus"] != corpus or label not in EMOTIONS:
                continue
            tags = {"corpus": name, "intensity": row["intensity"]}
            samples.append(Sample(row["file"], label, _speaker(name, row["speaker"]), row["split"], row["sex"], tags))
    return samples


def _from_published(folder: Path, by_name: ByName) -> list[Sample]:
    samples = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in SOUND_ENDINGS):
        known = by_name(path)
        if known and known[0] in EMOTIONS:
            label, speaker, sex, split = known
            tags = {"corpus": folder.name, "intensity": ""}
            samples.append(Sample(str(path.relative_to(folder)), label, _speaker(folder.name, speaker), split, sex, tags))
    return samples


def _speaker(name: str, speaker: str) -> str:
    """Unique over all corpora; RAVDESS actors are the same persons in speech and song."""
    corpus = name.removesuffix("-song")
    return speaker if speaker.startswith(corpus) else f"{corpus}-{speaker}"
