"""Training views of pictures: region, rotation, shift, light, blur, occlusion; whole batches at once.

Input: gray levels 0-255, float32 [n, 1, height, width]. Output: standardised [n, 1, side, side].
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional as F


@dataclass(frozen=True)
class Views:
    """Ranges of the random views; shares are chances per picture, lengths are parts of the picture's side."""

    region: tuple[float, float] = (0.78, 1.04)
    rotation_deg: float = 12.0
    shift: float = 0.045
    aspect: float = 0.08
    flip: float = 0.5
    contrast: float = 0.3
    gamma: float = 0.4
    dark: float = 0.1
    noise: float = 0.1
    blur: float = 0.15
    coarse: float = 0.0
    coarse_side: tuple[int, int] = (10, 24)
    erase: float = 0.25
    erase_side: tuple[float, float] = (0.12, 0.4)


def standardise(pictures: torch.Tensor, min_std: float) -> torch.Tensor:
    """(x - mean) / max(std, min_std) per picture: neither brightness nor contrast reaches the network."""
    mean = pictures.mean((1, 2, 3), keepdim=True)
    std = pictures.std((1, 2, 3), keepdim=True, unbiased=False)
    return (pictures - mean) / std.clamp_min(min_std)


def view(pictures: torch.Tensor, side: int, views: Views, rng: np.random.Generator) -> torch.Tensor:
    """A random region of each picture at `side`, still in gray levels: one resampling for all of it."""
    n = len(pictures)
    zoom = rng.uniform(*views.region, n)
    stretch = np.exp(rng.uniform(-views.aspect, views.aspect, n))
    angle = np.deg2rad(rng.uniform(-views.rotation_deg, views.rotation_deg, n))
    mirror = np.where(rng.random(n) < views.flip, -1.0, 1.0)
    shift = rng.uniform(-2 * views.shift, 2 * views.shift, (2, n))
    theta = np.zeros((n, 2, 3), np.float32)
    theta[:, 0, 0], theta[:, 0, 1] = zoom * stretch * np.cos(angle) * mirror, -zoom * np.sin(angle)
    theta[:, 1, 0], theta[:, 1, 1] = zoom * np.sin(angle) * mirror, zoom / stretch * np.cos(angle)
    theta[:, :, 2] = shift.T
    grid = F.affine_grid(torch.from_numpy(theta), (n, 1, side, side), align_corners=False)
    # Shrinking by more than half needs an average first, or fine texture turns into noise.
    while pictures.shape[-1] * zoom.mean() > 2 * side:
        pictures = F.avg_pool2d(pictures, 2)
    return F.grid_sample(pictures, grid, mode="bilinear", padding_mode="reflection", align_corners=False)


def disturb(pictures: torch.Tensor, views: Views, rng: np.random.Generator) -> torch.Tensor:
    """Light, sensor and lens: contrast and gamma, darkness with noise, blur, coarse pixels; gray levels stay 0-255."""
    n = len(pictures)
    unit = (pictures / 255).clamp(1e-4, 1) ** _each(np.exp(rng.uniform(-views.gamma, views.gamma, n)))
    gain = _each(1 + rng.uniform(-views.contrast, views.contrast, n))
    mean = unit.mean((1, 2, 3), keepdim=True)
    unit = (unit - mean) * gain + mean + _each(rng.uniform(-0.1, 0.1, n))
    dark = np.where(rng.random(n) < views.dark, rng.uniform(0.08, 0.4, n), 1.0)
    # Sensor noise grows against the picture in the dark, but a person must still see what it shows.
    grain = np.where((rng.random(n) < views.noise) | (dark < 1), rng.uniform(0.005, 0.05, n) * dark, 0.0)
    unit = unit.clamp(0, 1) * _each(dark) + torch.randn_like(unit) * _each(grain)
    blurred = F.avg_pool2d(F.pad(unit, (1, 1, 1, 1), mode="replicate"), 3, 1)
    share = _each(np.where(rng.random(n) < views.blur, rng.uniform(0.3, 1, n), 0))
    unit = unit * (1 - share) + blurred * share
    if views.coarse:
        rough = torch.from_numpy(rng.random(n) < views.coarse)
        if rough.any():
            small = F.interpolate(unit[rough], size=int(rng.integers(*views.coarse_side)), mode="area")
            unit[rough] = F.interpolate(small, size=unit.shape[-1], mode="bilinear", align_corners=False)
    return (unit.clamp(0, 1) * 255).round()


def erase(pictures: torch.Tensor, views: Views, rng: np.random.Generator) -> torch.Tensor:
    """A rectangle of some pictures in one gray level: a hand, a strap, a sun visor. Works in place."""
    side = pictures.shape[-1]
    for i in np.flatnonzero(rng.random(len(pictures)) < views.erase):
        h, w = (max(2, int(side * rng.uniform(*views.erase_side))) for _ in range(2))
        y, x = rng.integers(0, side - h + 1), rng.integers(0, side - w + 1)
        pictures[i, :, y : y + h, x : x + w] = float(rng.uniform(0, 255))
    return pictures


def augment(pictures: torch.Tensor, side: int, views: Views, min_std: float, rng: np.random.Generator) -> torch.Tensor:
    """All of the above, then standardised."""
    return standardise(erase(disturb(view(pictures, side, views, rng), views, rng), views, rng), min_std)


def _each(values: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.asarray(values, np.float32))[:, None, None, None]
