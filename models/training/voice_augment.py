"""Training batches of log-mel windows: speed, stretch, cabin noise, equalizer, masks.

Input: Clips by speed and noises, in dB. Output: float32 dB windows [n, 300, 64] (then log_mel.normalise).
Noise is added in mel power, which is what adding waveforms does on average.
"""

import numpy as np
import torch

from models.training.log_mel import FLOOR_DB, VOICE, normalise
from models.training.voice_data import Clips

FRAMES, BANDS = VOICE["frames"], VOICE["melBands"]
NOISE_SHARE, SNR_DB = 0.55, (-1.0, 22.0)
STRETCH, STRETCH_SHARE = (0.86, 1.16), 0.5
EQUALIZER_DB = 3.0
MASK_BANDS, MASK_FRAMES = 6, 25


class Noises:
    """Draws noise windows [300, 64] in mel power: recorded, babble of training voices, or shaped at random."""

    def __init__(self, recorded: Clips | None, voices: Clips, split: str):
        self.voices = [i for i, s in enumerate(voices.samples) if s.split == "train"]
        self.speech, self.recorded = voices, recorded
        self.by_kind = {kind: [i for i, s in enumerate(recorded.samples) if s.split == split and s.tags["kind"] == kind]
                        for kind in ("engine", "road", "babble", "other")} if recorded else {}

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """One window by chance over the kinds."""
        kind = rng.choice(["engine", "road", "babble", "other", "voices", "shaped"], p=[0.22, 0.2, 0.12, 0.06, 0.12, 0.28])
        if kind == "voices":
            return sum(self.window(self.speech, int(rng.choice(self.voices)), rng) for _ in range(rng.integers(3, 7)))
        if kind == "shaped" or not self.by_kind.get(kind):
            return shaped_noise(rng)
        return self.window(self.recorded, int(rng.choice(self.by_kind[kind])), rng)

    def window(self, clips: Clips, i: int, rng: np.random.Generator) -> np.ndarray:
        """300 frames of clip i in power, repeated when it is shorter, at equal mean power."""
        start = rng.integers(0, max(1, clips.length[i] - FRAMES))
        frames = (start + np.arange(FRAMES)) % clips.length[i]
        power = 10.0 ** (clips.db(i)[frames].astype(np.float32) / 10.0)
        return power / power.sum(1).mean()


def shaped_noise(rng: np.random.Generator) -> np.ndarray:
    """1/f^a noise with a slow swell: engine and tyre noise at no speed in particular; [300, 64] power."""
    hz = 50.0 * (7000 / 50.0) ** np.linspace(0, 1, BANDS)
    spectrum = hz ** -rng.uniform(0.0, 2.6)
    if rng.random() < 0.3:  # an engine order and its harmonics stand out
        base = rng.uniform(40, 160)
        spectrum *= 1 + 4 * np.exp(-((np.minimum(hz / base % 1, 1 - hz / base % 1)) ** 2) / 0.02) * (hz < 900)
    swell = 10 ** (rng.uniform(0, 3) * np.sin(np.arange(FRAMES) * rng.uniform(0.005, 0.1) + rng.uniform(0, 6.3)) / 10)
    power = (spectrum * rng.gamma(2.0, 0.5, (FRAMES, BANDS)) * swell[:, None]).astype(np.float32)
    return power / power.sum(1).mean()


def training_window(db: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A clip stretched and placed or cut at random: dB [300, 64] and which frames hold speech."""
    if rng.random() < STRETCH_SHARE:
        db = stretch(db, rng.uniform(*STRETCH))
    out = np.full((FRAMES, BANDS), FLOOR_DB, np.float32)
    room = FRAMES - len(db)
    start = int(rng.integers(0, abs(room) + 1))
    if room >= 0:
        out[start : start + len(db)] = db
        return out, slice(start, start + len(db))
    out[:] = db[start : start + FRAMES]
    return out, slice(0, FRAMES)


def stretch(db: np.ndarray, factor: float) -> np.ndarray:
    """Tempo times 1/factor with the pitch kept: frames interpolated in dB."""
    at = np.linspace(0, len(db) - 1.001, max(12, int(len(db) * factor)))
    low = at.astype(int)
    part = (at - low)[:, None].astype(np.float32)
    return db[low].astype(np.float32) * (1 - part) + db[low + 1].astype(np.float32) * part


def add_noise(db: np.ndarray, speech: slice, noise: np.ndarray, snr_db: float) -> np.ndarray:
    """dB window with `noise` (mean frame power 1) under its speech frames' mean power by `snr_db`."""
    power = 10.0 ** (db / 10.0)
    level = power[speech].sum(1).mean() / 10 ** (snr_db / 10)
    return 10.0 * np.log10(power + level * noise)


def augment(db: np.ndarray, rng: np.random.Generator, noises: Noises) -> np.ndarray:
    """One clip to one training window [300, 64], dB."""
    window, speech = training_window(db, rng)
    if rng.random() < NOISE_SHARE:
        window = add_noise(window, speech, noises.draw(rng), rng.uniform(*SNR_DB))
    bands = np.arange(BANDS) / BANDS
    curve = sum(rng.normal(0, EQUALIZER_DB / k) * np.cos(np.pi * k * bands + rng.uniform(0, 6.3)) for k in (1, 2, 3))
    return (window + curve).astype(np.float32)


def masked(inputs: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """One band mask and one time mask per normalised window, filled with the window's mean."""
    for window in inputs:
        fill = window.mean()
        bands, frames = rng.integers(0, MASK_BANDS + 1), rng.integers(0, MASK_FRAMES + 1)
        band, frame = rng.integers(0, BANDS - bands + 1), rng.integers(0, FRAMES - frames + 1)
        window[:, band : band + bands] = fill
        window[:, :, frame : frame + frames] = fill
    return inputs


def network_input(windows: np.ndarray) -> torch.Tensor:
    """dB windows [n, 300, 64] to [n, 1, 64, 300]."""
    return normalise(torch.from_numpy(windows)).contiguous()
