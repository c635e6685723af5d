"""Speech and noise as log-mels in memory, decoded once into .cache/training.

Output: `Clips`: one flat float16 array of dB frames + where each clip lies in it. Training clips exist at
three speeds (resampled, so pitch and formants move too): with the time stretch drawn later, pitch and
tempo vary apart, which foreign female voices need.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from models.readers import crema_d, emodb, noise, ravdess, savee, tess
from models.readers.sample import Sample
from models.readers.speech import sound_folder
from models.training.log_mel import VOICE, log_mel, trim
from models.training.progress import Progress
from models.training.sound import decode_all

# Sample counts change by down/up: 10/9 is slower and lower (x 0.9), 8/9 faster and higher (x 1.125).
SPEEDS = {"1": (1, 1), "0.9": (10, 9), "1.125": (8, 9)}
CORPORA = {"crema-d": crema_d.read, "ravdess": ravdess.read, "ravdess-song": ravdess.read_song,
           "savee": savee.read, "tess": tess.read, "emodb": emodb.read}


@dataclass
class Clips:
    """Clip i is `frames[start[i] : start[i] + length[i]]`, dB, float16 [n, 64]."""

    samples: list[Sample]
    frames: np.ndarray
    start: np.ndarray
    length: np.ndarray

    def db(self, i: int) -> np.ndarray:
        return self.frames[self.start[i] : self.start[i] + self.length[i]]


def speech(data: Path, cache: Path, corpora: tuple[str, ...], smoke: bool) -> dict[str, Clips]:
    """Clips by speed; speeds other than "1" hold the train split alone."""
    parts: dict[str, list[Clips]] = {speed: [] for speed in SPEEDS}
    for name in corpora:
        samples = [s for s in CORPORA[name](data) if s.split != "exclude"]
        folder = sound_folder(data, name, cache)
        samples = samples[:: max(1, len(samples) // 60)] if smoke else samples
        for speed, clips in _cached(name, samples, folder, cache, SPEEDS, cut=True).items():
            parts[speed].append(clips)
    return {speed: _join(p) for speed, p in parts.items()}


def noises(data: Path, cache: Path, smoke: bool) -> Clips:
    """Background sounds, not trimmed; body sounds are labelled by kind."""
    samples = noise.read(data)
    samples = samples[::20] if smoke else samples
    return _cached("noise", samples, noise.noise_folder(data, cache), cache, {"1": (1, 1)}, cut=False)["1"]


def _cached(name: str, samples: list[Sample], folder: Path, cache: Path, speeds: dict, cut: bool) -> dict[str, Clips]:
    # The key covers what the stored numbers depend on: the list of files and the feature's constants.
    parts = [json.dumps(VOICE, sort_keys=True), str(sorted(speeds)), *(f"{s.file} {s.split}" for s in samples)]
    stem = cache / "mel" / f"{name}-{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:12]}"
    if not Path(f"{stem}-1.npz").exists():
        _compute(name, samples, folder, stem, speeds, cut)
    found = {}
    for speed in speeds:
        stored = np.load(f"{stem}-{speed}.npz")
        kept = [samples[i] for i in stored["kept"]]
        found[speed] = Clips(kept, stored["frames"], stored["start"], stored["length"])
    return found


def _compute(name: str, samples: list[Sample], folder: Path, stem: Path, speeds: dict, cut: bool) -> None:
    stem.parent.mkdir(parents=True, exist_ok=True)
    progress = Progress(f"log-mels of {name}", len(samples))
    mels: dict[str, list] = {speed: [] for speed in speeds}
    decoded = decode_all([folder / s.file for s in samples], VOICE["sampleRateHz"])
    for i, wave in enumerate(decoded):
        for speed, (up, down) in speeds.items():
            if speed != "1" and samples[i].split != "train":
                continue
            db = log_mel(wave if speed == "1" else resample_poly(wave, up, down))
            mels[speed].append((i, (trim(db) if cut else db).astype(np.float16)))
        progress.step()
    # The plain speed is written last: its presence says that all are complete.
    for speed in sorted(speeds, reverse=True):
        kept = [(i, db) for i, db in mels[speed] if len(db) > 10]
        length = np.array([len(db) for _, db in kept], np.int64)
        frames = np.concatenate([db for _, db in kept]) if kept else np.zeros((0, VOICE["melBands"]), np.float16)
        start = np.concatenate([[0], np.cumsum(length)[:-1]]) if kept else np.zeros(0, np.int64)
        np.savez(f"{stem}-{speed}.npz", frames=frames, start=start, length=length, kept=[i for i, _ in kept])


def _join(parts: list[Clips]) -> Clips:
    offsets = np.cumsum([0] + [len(p.frames) for p in parts])
    return Clips(
        [s for p in parts for s in p.samples],
        np.concatenate([p.frames for p in parts]),
        np.concatenate([p.start + o for p, o in zip(parts, offsets)]),
        np.concatenate([p.length for p in parts]),
    )
