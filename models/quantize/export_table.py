"""What quantization compares on: `python3 -m models.quantize.export_table SET OUT SPLIT COUNT [--data DIR]`.

As models.readers.export, but at most COUNT samples spread evenly over the split, for speech the path of
each sound, and FER+'s majority labels where a set has them. Output: OUT/labels.csv with
`file,label,speaker,split,sex,ferplus`; `file` is absolute or relative to OUT.
"""

import argparse
import csv
from pathlib import Path

from PIL import Image

from models.readers import export, noise
from models.readers.sample import Sample
from models.readers.speech import sound_folder


def main() -> None:
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(prog="models.quantize.export_table", description="Samples of a set's split.")
    parser.add_argument("set", choices=sorted(export.SOUNDS | export.PICTURES))
    parser.add_argument("out", type=Path)
    parser.add_argument("split")
    parser.add_argument("count", type=int)
    parser.add_argument("--data", type=Path, default=root.parent / "shared" / "data")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    cache = root / ".cache" / "training"
    if asked.set in export.SOUNDS:
        is_noise = asked.set == "noise"
        folder = noise.noise_folder(asked.data, cache) if is_noise else sound_folder(asked.data, asked.set, cache)
        chosen = spread(list(enumerate(export.SOUNDS[asked.set](asked.data))), asked.split, asked.count)
        rows = [(str((folder / s.file).resolve()), s) for _, s in chosen]
    else:
        samples, pictures = export.PICTURES[asked.set](asked.data)
        rows = []
        for i, s in spread(list(enumerate(samples)), asked.split, asked.count):
            Image.fromarray(pictures[i]).save(asked.out / f"{i}.png")
            rows.append((f"{i}.png", s))
    with (asked.out / "labels.csv").open("w", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["file", "label", "speaker", "split", "sex", "ferplus"])
        table.writerows([f, s.label, s.speaker, s.split, s.sex, s.tags.get("majority", "")] for f, s in rows)


def spread(samples: list[tuple[int, Sample]], split: str, count: int) -> list[tuple[int, Sample]]:
    """At most `count` samples of the split, evenly over its order: no class and no speaker is left out by chance."""
    there = [(i, s) for i, s in samples if s.split == split]
    return [there[k * len(there) // count] for k in range(count)] if len(there) > count else there


if __name__ == "__main__":
    main()
