"""What training's preprocessing makes of given inputs, for TypeScript to be compared with.

`python3 -m models.preprocess.golden` rewrites tests/models/preprocess/golden/preprocessing.json from seeded
synthetic inputs (no recording, no photograph). `--live PICTURE|SOUND ...` prints the same for real files.
Arrays are base64: gray levels as uint8, the rest as float32.
"""

import argparse
import base64
import json
from pathlib import Path

import numpy as np
import torch

from models.readers.pictures import decode
from models.training.log_mel import VOICE, log_mel, normalise, trim, windows
from models.training.picture_augment import standardise
from models.training.pictures_data import gray, letterbox, square, tensor
from models.training.preprocessing import PREPROCESSING
from models.training.sound import decode_all
from models.training.source_voice import V, mfcc_mean

GOLDEN = Path(__file__).resolve().parents[2] / "tests" / "models" / "preprocess" / "golden" / "preprocessing.json"
# width, height, channels: shrinking and growing, odd sizes, both orientations, one that is already right.
PICTURES = [(97, 61, 3), (30, 44, 3), (24, 24, 1), (640, 9, 1), (48, 48, 1), (5, 3, 1)]
SECONDS = [0.4, 1.3, 4.0]
EVERY = 41  # of a network's input, so that the file stays small
KINDS = ("face", "faceSex", "eye")


def noise(count: int, seed: int) -> np.ndarray:
    """uint32 of the generator x -> 1664525 x + 1013904223 (Numerical Recipes)."""
    out, x = np.empty(count, np.uint32), seed
    for i in range(count):
        x = (1664525 * x + 1013904223) & 0xFFFFFFFF
        out[i] = x
    return out


def synthetic_picture(width: int, height: int, channels: int) -> np.ndarray:
    """A ramp with noise, so that neither smoothing nor orientation goes unnoticed."""
    grain = (noise(width * height * channels, width * 1000 + height) >> 25).astype(int).reshape(height, width, channels)
    y, x = np.mgrid[0:height, 0:width]
    ramp = (3 * x + 2 * y) % 128
    picture = (ramp[:, :, None] + grain).astype(np.uint8)
    return picture if channels == 3 else picture[:, :, 0]


def synthetic_sound(seconds: float, rate_hz: int) -> np.ndarray:
    """Silence, then two rising tones under noise, then silence."""
    n = int(seconds * rate_hz)
    t = np.arange(n) / rate_hz
    grain = noise(n, n) / 2**32 - 0.5
    tones = 0.3 * np.sin(2 * np.pi * (200 + 150 * t) * t) + 0.1 * np.sin(2 * np.pi * 2500 * t)
    loud = (t > 0.15 * seconds) & (t < 0.8 * seconds)
    return (np.where(loud, tones + 0.05 * grain, 1e-5 * grain)).astype(np.float32)


def of_picture(picture: np.ndarray) -> dict:
    """All that networks see of a picture."""
    flat = gray(picture)
    found = {"gray": levels(flat), "letterbox": levels(letterbox(picture, PREPROCESSING["mouth"]["side"]))}
    for kind in KINDS:
        small = square(picture, PREPROCESSING[kind]["side"])
        found[kind] = levels(small)
        found[f"{kind} input"] = floats(standardise(tensor(small.copy()[None]), PREPROCESSING[kind]["minStd"]).numpy().ravel()[::EVERY])
    return found


def of_sound(samples: np.ndarray, source_samples: np.ndarray) -> dict:
    """dB frames (thinned), the trimmed stretch, window inputs (thinned), mean MFCCs."""
    db = log_mel(samples)
    cut = trim(db)
    first = next((i for i in range(len(db)) if np.array_equal(db[i : i + len(cut)], cut)), 0)
    inputs = normalise(torch.from_numpy(windows(cut))).numpy()
    return {"frames": len(db), "db": floats(db[::7, ::3]), "trimmed": [first, first + len(cut)], "windows": len(inputs),
            "inputs": floats(inputs.reshape(len(inputs), -1)[:, ::EVERY]), "mfcc": floats(mfcc_mean(source_samples))}


def levels(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values, np.uint8).tobytes()).decode()


def floats(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode()


def live(files: list[Path]) -> dict:
    """The same for real files, by name."""
    pictures = [f for f in files if f.suffix in {".png", ".jpg"}]
    sounds = [f for f in files if f not in pictures]
    decoded = zip(sounds, decode_all(sounds, VOICE["sampleRateHz"]), decode_all(sounds, V["sampleRateHz"]))
    return {"pictures": {str(f): of_picture(decode(f.read_bytes())) for f in pictures},
            "sounds": {str(f): of_sound(a, b) for f, a, b in decoded}}


def synthetic() -> dict:
    """The golden document."""
    pictures = [{"size": p, **of_picture(synthetic_picture(*p))} for p in PICTURES]
    for picture in pictures:
        if picture["size"][0] * picture["size"][1] > 2500:
            del picture["gray"]  # large, and seen through the small ones
    sounds = [{"seconds": s, **of_sound(synthetic_sound(s, VOICE["sampleRateHz"]), synthetic_sound(s, V["sampleRateHz"]))}
              for s in SECONDS]
    return {"every": EVERY, "pictures": pictures, "sounds": sounds}


def main() -> None:
    parser = argparse.ArgumentParser(prog="models.preprocess.golden", description="Golden values of the preprocessing.")
    parser.add_argument("--live", nargs="+", type=Path, help="print the values of these files instead")
    asked = parser.parse_args()
    if asked.live:
        print(json.dumps(live(asked.live)))
        return
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text(json.dumps(synthetic(), indent=1) + "\n")


if __name__ == "__main__":
    main()
