"""Log-mel spectrogram in dB, as the agent computes it; every number is in models/preprocessing.json.

Input: mono samples at 16 kHz. Output: dB, shape [frames, 64], frame i centred at i*10 + 5 ms.
A clip becomes network input by `normalise`: one number per clip, so loudness does not matter.
"""

from functools import lru_cache

import numpy as np
import torch

from models.training.preprocessing import PREPROCESSING

VOICE = PREPROCESSING["voice"]
FLOOR_DB = float(10 * np.log10(VOICE["floorPower"]))


def _hz_to_mel(hz):
    return 2595.0 * np.log10(1.0 + np.asarray(hz) / 700.0)


def _mel_to_hz(mel):
    return 700.0 * (10.0 ** (np.asarray(mel) / 2595.0) - 1.0)


@lru_cache
def mel_filters() -> np.ndarray:
    """HTK triangles of height one over the FFT bins, shape [fftSize/2 + 1, melBands]."""
    low, high = _hz_to_mel(VOICE["fminHz"]), _hz_to_mel(VOICE["fmaxHz"])
    edges = _mel_to_hz(np.linspace(low, high, VOICE["melBands"] + 2))
    bins = np.arange(VOICE["fftSize"] // 2 + 1) * VOICE["sampleRateHz"] / VOICE["fftSize"]
    rising = (bins[:, None] - edges[None, :-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[None, 2:] - bins[:, None]) / (edges[2:] - edges[1:-1])
    return np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)


def log_mel(samples: np.ndarray) -> np.ndarray:
    """dB of mel power, float32 [floor(n / 160), 64]; 0 frames for less than 10 ms of sound."""
    pad, size, hop = VOICE["edgePadSamples"], VOICE["windowSamples"], VOICE["hopSamples"]
    padded = torch.nn.functional.pad(torch.from_numpy(np.ascontiguousarray(samples, np.float32)), (pad, pad))
    if len(padded) < size:
        return np.zeros((0, VOICE["melBands"]), np.float32)
    frames = padded.unfold(0, size, hop) * torch.hann_window(size, periodic=True)
    power = torch.fft.rfft(frames, VOICE["fftSize"]).abs() ** 2
    mel = power @ torch.from_numpy(mel_filters())
    return (10.0 * torch.log10(mel.clamp_min(VOICE["floorPower"]))).numpy()


def trim(db: np.ndarray) -> np.ndarray:
    """Cuts frames at both ends whose summed mel power is more than 35 dB under the loudest frame."""
    if len(db) == 0:
        return db
    frame_db = 10.0 * np.log10(np.sum(10.0 ** (db / 10.0), axis=1))
    loud = np.flatnonzero(frame_db > frame_db.max() - VOICE["trimBelowPeakDb"])
    return db[loud[0] : loud[-1] + 1]


def normalise(db: torch.Tensor) -> torch.Tensor:
    """[batch, frames, mel] dB to network input [batch, 1, mel, frames], about -2 .. 2.

    The reference is the k-th smallest value of the window, k = ceil(0.98 n).
    """
    low, high = VOICE["rangeDb"]
    flat = db.reshape(len(db), -1)
    k = int(np.ceil(flat.shape[1] * VOICE["referencePercentile"] / 100))
    reference = flat.kthvalue(k, dim=1).values[:, None, None]
    scaled = ((db - reference).clamp(low, high) + VOICE["offsetDb"]) / VOICE["scaleDb"]
    return scaled.transpose(1, 2).unsqueeze(1)


def windows(db: np.ndarray) -> np.ndarray:
    """Network windows of a clip, [n, 300, 64]: short clips centred on silence, long ones every second."""
    size, hop = VOICE["frames"], VOICE["hopFrames"]
    if len(db) <= size:
        out = np.full((1, size, VOICE["melBands"]), FLOOR_DB, np.float32)
        start = (size - len(db)) // 2
        out[0, start : start + len(db)] = db
        return out
    starts = list(range(0, len(db) - size + 1, hop))
    if starts[-1] != len(db) - size:
        starts.append(len(db) - size)
    return np.stack([db[s : s + size] for s in starts]).astype(np.float32)
