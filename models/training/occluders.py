"""Eyes that cannot be seen, synthesised: no data set has them.

Input: gray crops, uint8 [side, side]. Output: the same, covered. Two families, so that a test never meets
what training drew: `TRAINED` = dark lens, hand, hair or cheek patches, glare; `UNSEEN` = a lens that mirrors
a car's surroundings, a mask's cloth, motion smear (which a lid's line may survive).
"""

import cv2
import numpy as np


def dark_lens(crop: np.ndarray, rng: np.random.Generator, _texture: np.ndarray) -> np.ndarray:
    """A sunglass lens: nearly black to middling gray, a gradient, one soft reflection, sometimes its rim."""
    side = crop.shape[0]
    y, x = np.mgrid[0:side, 0:side] / side
    level = rng.uniform(5, 90)
    lens = level * (1 + rng.uniform(-0.6, 0.6) * (y - 0.5) + rng.uniform(-0.4, 0.4) * (x - 0.5))
    cy, cx, size = rng.uniform(0, 1), rng.uniform(0, 1), rng.uniform(0.05, 0.3)
    lens += rng.uniform(0, 110) * np.exp(-((y - cy) ** 2 + ((x - cx) * rng.uniform(0.3, 1.5)) ** 2) / size**2)
    seen = rng.uniform(0, 0.12)  # a little of the eye may shine through without being readable
    inside = _ellipse(side, rng, 0.42, 0.75)
    out = np.where(inside, lens * (1 - seen) + seen * crop, crop)
    if rng.random() < 0.4:
        rim = inside & ~cv2.erode(inside.astype(np.uint8), np.ones((3, 3))).astype(bool)
        out = np.where(rim, rng.uniform(0, 60), out)
    return _finish(out, rng)


def hand(crop: np.ndarray, rng: np.random.Generator, _texture: np.ndarray) -> np.ndarray:
    """Two to four parallel fingers with shaded edges, over all or nearly all of the crop."""
    side = crop.shape[0]
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    angle = rng.uniform(0, np.pi)
    across = x * np.cos(angle) + y * np.sin(angle)
    width, phase = rng.uniform(0.22, 0.5), rng.uniform(0, 1)
    fold = np.abs(((across / width + phase) % 1) - 0.5) * 2
    skin = rng.uniform(60, 210) * (1 - rng.uniform(0.1, 0.45) * fold ** rng.uniform(2, 6))
    skin += rng.normal(0, 2, (side, side))
    return _finish(np.where(np.abs(across) < rng.uniform(0.45, 0.8), skin, crop), rng)


def patch(crop: np.ndarray, rng: np.random.Generator, texture: np.ndarray) -> np.ndarray:
    """Hair, cheek, forehead, background: another piece of a face picture where the eye should be (profile, bad track)."""
    return _finish(texture.astype(np.float32), rng)


def glare(crop: np.ndarray, rng: np.random.Generator, _texture: np.ndarray) -> np.ndarray:
    """The sun on a lens: a saturated blob that hides the eye."""
    side = crop.shape[0]
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    blob = np.exp(-((x / rng.uniform(0.3, 0.6)) ** 2 + (y / rng.uniform(0.25, 0.5)) ** 2) ** 2)
    return _finish(crop * (1 - blob) + 255 * blob, rng)


def mirror_lens(crop: np.ndarray, rng: np.random.Generator, texture: np.ndarray) -> np.ndarray:
    """A lens that mirrors the surroundings: a piece of a car's interior, darkened."""
    inside = _ellipse(crop.shape[0], rng, 0.45, 0.8)
    return np.clip(np.where(inside, texture * rng.uniform(0.25, 0.6), crop), 0, 255).astype(np.uint8)


def cloth(crop: np.ndarray, rng: np.random.Generator, texture: np.ndarray) -> np.ndarray:
    """A picture's lower half where the eye should be: a mask's cloth."""
    return texture


def smear(crop: np.ndarray, rng: np.random.Generator, _texture: np.ndarray) -> np.ndarray:
    """Motion over half the crop's side."""
    side = crop.shape[0]
    kernel = np.ones((1, side // 2), np.float32) if rng.random() < 0.5 else np.ones((side // 2, 1), np.float32)
    return cv2.blur(crop, kernel.shape[::-1], borderType=cv2.BORDER_REFLECT)


TRAINED = (dark_lens, dark_lens, hand, patch, patch, glare)
UNSEEN = {"mirror lens": mirror_lens, "cloth": cloth, "smear": smear}


def texture_of(picture: np.ndarray, side: int, rows: tuple[float, float], rng: np.random.Generator) -> np.ndarray:
    """A random piece of a gray picture, its top within `rows` (parts of the height), resized to side x side."""
    h, w = picture.shape
    size = int(min(h, w) * rng.uniform(0.15, 0.35))
    y = int(np.clip(h * rng.uniform(*rows), 0, h - size))
    x = int(rng.integers(0, w - size + 1))
    return cv2.resize(picture[y : y + size, x : x + size], (side, side), interpolation=cv2.INTER_LINEAR)


def _ellipse(side: int, rng: np.random.Generator, low: float, high: float) -> np.ndarray:
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    cy, cx = rng.uniform(-0.08, 0.08, 2)
    a, b = rng.uniform(low, high, 2)
    return ((x - cx) / a) ** 2 + ((y - cy) / b) ** 2 < 1


def _finish(out: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.clip(out + rng.normal(0, rng.uniform(0, 3), out.shape), 0, 255).astype(np.uint8)
