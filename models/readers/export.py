"""Writes a set's table for TypeScript: `python3 -m models.readers.export SET --out DIR [--data DIR]`.

Output: DIR/labels.csv with `file,label,speaker,split` (+ `sex`), and, for pictures, the files it names as PNG.
Speech and noise name the files of their own folder, which is printed.
"""

import argparse
from pathlib import Path

from PIL import Image

from models.readers import cew, crema_d, emodb, face_mask, fer2013, kaggle_eyes, mrl, noise, ravdess, savee, tess
from models.readers import utkface, yawdd
from models.readers.sample import Sample, write_table
from models.readers.speech import sound_folder

SOUNDS = {"crema-d": crema_d.read, "ravdess": ravdess.read, "ravdess-song": ravdess.read_song, "savee": savee.read,
          "tess": tess.read, "emodb": emodb.read, "noise": noise.read}
PICTURES = {"fer2013": lambda data: fer2013.read(data)[:2], "cew": cew.read, "mrl": mrl.read,
            "kaggle-eyes": kaggle_eyes.read,
            "yawdd-frames": yawdd.read_frames, "yawdd-mouths": yawdd.read_mouths, "utkface": utkface.read,
            "face-mask": face_mask.read}


def main() -> None:
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(prog="models.readers.export", description="Writes a set's table and pictures.")
    parser.add_argument("set", choices=sorted(SOUNDS | PICTURES))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=root.parent / "shared" / "data")
    parser.add_argument("--split", help="only this split")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    if asked.set in SOUNDS:
        samples = SOUNDS[asked.set](asked.data)
        cache = root / ".cache" / "training"
        folder = noise.noise_folder(asked.data, cache) if asked.set == "noise" else sound_folder(asked.data, asked.set, cache)
        print(f"files under {folder}")
    else:
        samples = _pictures(*PICTURES[asked.set](asked.data), asked.out, asked.split)
    write_table([s for s in samples if asked.split in (None, s.split)], asked.out / "labels.csv")


def _pictures(samples: list[Sample], pictures, out: Path, split: str | None) -> list[Sample]:
    """Stores the pixels without loss and names them in the samples."""
    written = []
    for sample, picture in zip(samples, pictures):
        named = Path(sample.file).with_suffix(".png")
        if split in (None, sample.split):
            (out / named).parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(picture).save(out / named)
        written.append(Sample(str(named), sample.label, sample.speaker, sample.split, sample.sex))
    return written


if __name__ == "__main__":
    main()
