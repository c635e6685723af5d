"""Pictures to network input: gray, square, standardised; and a network's answers to them.

Resizing is Pillow's BILINEAR (a triangle filter that widens when it shrinks), gray is the weighted sum of
models/preprocessing.json; the agent does the same.
"""

import numpy as np
import torch
from PIL import Image
from torch import nn

from models.training.loop import device
from models.training.picture_augment import standardise
from models.training.preprocessing import PREPROCESSING

GRAY = np.array(PREPROCESSING["grayWeights"], np.float32)


def gray(picture: np.ndarray) -> np.ndarray:
    """uint8 [h, w] from gray or RGB."""
    return picture if picture.ndim == 2 else np.round(picture.astype(np.float32) @ GRAY).astype(np.uint8)


def square(picture: np.ndarray, side: int) -> np.ndarray:
    """The whole picture stretched to side x side, uint8."""
    return np.asarray(Image.fromarray(gray(picture)).resize((side, side), Image.BILINEAR))


def letterbox(picture: np.ndarray, side: int) -> np.ndarray:
    """The picture's longer side fitted to `side`, the rest filled with its mean: how open a mouth is stays visible."""
    flat = gray(picture)
    scale = side / max(flat.shape)
    w, h = (max(1, round(n * scale)) for n in (flat.shape[1], flat.shape[0]))
    small = np.asarray(Image.fromarray(flat).resize((w, h), Image.BILINEAR))
    out = np.full((side, side), round(float(small.mean())), np.uint8)
    y, x = (side - h) // 2, (side - w) // 2
    out[y : y + h, x : x + w] = small
    return out


def tensor(pictures: np.ndarray) -> torch.Tensor:
    """uint8 [n, h, w] to float32 [n, 1, h, w], gray levels."""
    return torch.from_numpy(np.ascontiguousarray(pictures)).float().unsqueeze(1)


@torch.no_grad()
def answers(model: nn.Module, pictures: np.ndarray, min_std: float, mirrored: bool = False) -> np.ndarray:
    """Logits [n, classes] of uint8 pictures [n, side, side]; `mirrored` averages with the mirror image."""
    model.eval()
    out = []
    for first in range(0, len(pictures), 256):
        batch = standardise(tensor(pictures[first : first + 256]), min_std).to(device())
        batch = batch.to(memory_format=torch.channels_last)
        logits = model(batch).float()
        out.append(((logits + model(batch.flip(3)).float()) / 2 if mirrored else logits).cpu().numpy())
    return np.concatenate(out)
