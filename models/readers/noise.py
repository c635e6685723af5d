"""Background and body sounds: pack `noise-sounds.tar.gz` + `noise.csv`, or `noise/<class>/*` of one's own.

Output: Samples with label = sound class and tags kind = engine | road | babble | body | other.
The one recording of a passenger car's cabin and a fifth of the others are kept for tests.
"""

import csv
import tarfile
from pathlib import Path

from models.readers.sample import Sample, need, split_by_group

KINDS = {
    "engine": {"diesel-engine", "petrol-engine", "truck", "bus", "motorcycle", "moped", "military-vehicle-interior", "tram"},
    "road": {"car-interior", "train-interior", "car-passby", "tram-passby", "traffic-car", "street", "subway", "train",
             "wind", "rain"},
    "babble": {"babble-airport", "babble-crowd", "babble-exhibition", "babble-restaurant"},
    "body": {"yawning", "yawn", "sighing", "snoring", "coughing", "cough", "sneezing", "sneeze", "laughing", "crying",
             "throat-clearing", "panting", "moaning", "screaming"},
}


def read(data: Path) -> list[Sample]:
    """Samples of the pack, or of `noise/` with one folder per class."""
    if not (data / "noise-sounds.tar.gz").exists():
        folder = need(data / "noise", "noise")
        files = sorted(p for p in folder.rglob("*") if p.is_file())
        return [_sample(str(p.relative_to(folder)), p.parent.name) for p in files]
    with need(data / "noise.csv", "table of the noise pack").open(newline="") as table:
        return [_sample(row["file"], row["class"]) for row in csv.DictReader(table)]


def noise_folder(data: Path, cache: Path) -> Path:
    """Folder that holds the sounds; unpacks the pack under `cache` the first time."""
    pack = data / "noise-sounds.tar.gz"
    if not pack.exists():
        return data / "noise"
    folder = cache / "sound" / "noise"
    if not (folder / ".complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(pack) as tar:
            tar.extractall(folder)
        (folder / ".complete").touch()
    return folder


def _sample(file: str, label: str) -> Sample:
    kind = next((k for k, labels in KINDS.items() if label in labels), "other")
    split = "test" if label == "car-interior" else split_by_group(file, 0.1, 0.2)
    return Sample(file, label, file, split, tags={"kind": kind})
