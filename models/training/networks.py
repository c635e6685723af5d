"""Our networks: plain convolutions + batch norm + ReLU, because those quantize best and fuse in INT8.

Input: float32 [batch, 1, height, width] as models/preprocessing.json says. Output: logits, heads side by side.
"""

import torch
from torch import nn


def conv(inputs: int, outputs: int, kernel=3, stride=1, padding=1) -> nn.Sequential:
    """Convolution, batch norm, ReLU; the exporter folds the norm into the convolution."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )


class VoiceNet(nn.Module):
    """Log-mel [1, 64, 300] to emotion logits then 2 sex logits; 609 k parameters, 87 MMACs at width 1."""

    def __init__(self, emotions: int, width: float = 1.0, dropout: float = 0.3):
        super().__init__()
        c16, c32, c64, c96, c128, c192 = (int(n * width) for n in (16, 32, 64, 96, 128, 192))
        self.body = nn.Sequential(
            conv(1, c16, 5, 2, 2),
            conv(c16, c32, 3, 2),
            conv(c32, c64, 3, (2, 1)),
            conv(c64, c64),
            conv(c64, c96, 3, 2),
            conv(c96, c96),
            conv(c96, c128, 3, (2, 1)),
            conv(c128, c128),
            conv(c128, c192, (2, 3), 1, (0, 1)),
        )
        # Fixed pools: the 300 frames leave 38 steps, and the quantizer fuses fixed kernels only.
        self.mean, self.max = nn.AvgPool2d((1, 38)), nn.MaxPool2d((1, 38))
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.Linear(2 * c192, emotions + 2)

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        seen = self.body(mel)
        pooled = torch.cat([self.mean(seen), self.max(seen)], 1).flatten(1)
        return self.heads(self.dropout(pooled))


class Residual(nn.Module):
    """Two 3x3 convolutions around a shortcut; a 1x1 projection where the shape changes."""

    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.first = conv(inputs, outputs, 3, stride)
        self.second = nn.Sequential(nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        same = inputs == outputs and stride == 1
        self.short = (
            nn.Identity()
            if same
            else nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        )
        self.relu = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.relu(self.second(self.first(x)) + self.short(x))


class FaceNet(nn.Module):
    """Gray face of any side (48 in the product) to `outputs` logits; 0.95 M parameters with the default widths."""

    def __init__(self, outputs: int, widths=(32, 64, 160), deep: int = 1, dropout: float = 0.2):
        super().__init__()
        a, b, c = widths
        layers = [conv(1, 32, 5, 2, 2), Residual(32, a, 1), Residual(a, b, 2)]
        layers += [Residual(b, b, 1) for _ in range(deep)]
        layers += [Residual(b, c, 2), Residual(c, c, 1)]
        self.body = nn.Sequential(*layers)
        self.pool = nn.AdaptiveAvgPool2d(1)  # a mean over axes would export as ReduceMean, which does not quantize
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(c, outputs)

    def forward(self, face: torch.Tensor) -> torch.Tensor:
        return self.head(self.dropout(self.pool(self.body(face)).flatten(1)))


class PatchNet(nn.Module):
    """Gray 32x32 eye or mouth crop to `outputs` logits; 0.06-0.24 M parameters, it runs on every frame."""

    def __init__(self, outputs: int, width: int = 16, dropout: float = 0.2):
        super().__init__()
        w = width
        self.body = nn.Sequential(
            conv(1, w), conv(w, 2 * w, 3, 2), conv(2 * w, 2 * w), conv(2 * w, 4 * w, 3, 2), conv(4 * w, 4 * w),
            conv(4 * w, 4 * w, 3, 2),
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(4 * w, outputs)

    def forward(self, crop: torch.Tensor) -> torch.Tensor:
        return self.head(self.dropout(self.pool(self.body(crop)).flatten(1)))


def parameters(model: nn.Module) -> int:
    """Number of trained and untrained weights, without batch-norm statistics."""
    return sum(p.numel() for p in model.parameters())
