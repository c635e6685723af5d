"""Recordings to 16 kHz mono samples, by the same ffmpeg the agent uses.

Input: files of any kind ffmpeg reads. Output: float32 arrays in [-1, 1].
"""

import subprocess
import tempfile
from pathlib import Path

import numpy as np

FILES_PER_CALL = 40  # starting ffmpeg costs more than decoding a three-second clip


def decode_all(paths: list[Path], rate_hz: int):
    """Yields one float32 array per path, in order; an unreadable file gives an empty array."""
    for first in range(0, len(paths), FILES_PER_CALL):
        yield from _decode(paths[first : first + FILES_PER_CALL], rate_hz)


def _decode(paths: list[Path], rate_hz: int) -> list[np.ndarray]:
    with tempfile.TemporaryDirectory() as folder:
        outs = [Path(folder) / f"{i}.raw" for i in range(len(paths))]
        command = ["ffmpeg", "-v", "error", "-nostdin", "-threads", "1"]
        for path in paths:
            command += ["-i", str(path)]
        for i, out in enumerate(outs):
            command += ["-map", f"{i}:a:0", "-ac", "1", "-ar", str(rate_hz), "-f", "f32le", str(out)]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode != 0 and len(paths) > 1:
            # One bad file fails the whole call: find it by decoding each alone.
            return [_decode([path], rate_hz)[0] for path in paths]
        return [np.fromfile(o, dtype="<f4") if o.exists() else np.zeros(0, "f4") for o in outs]
