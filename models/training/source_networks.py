"""The source system's two networks, layer by layer ("Emotion AI: Predicting Humans Affectively").

Input: gray face [batch, 1, 48, 48]; 49 mean MFCCs [batch, 1, 49]. Output: logits of 7 and of 14 classes.
Keras counts 3,966,407 and 676,558 parameters with the norms' statistics; `keras_parameters` counts as it does.
"""

import torch
from torch import nn

IMAGE_PARAMETERS, VOICE_PARAMETERS = 3_966_407, 676_558


class SourceImage(nn.Module):
    """Three pairs of "same" convolutions (64 3x3, 128 5x5, 256 3x3), each with norm and pool; 256, 256, 7."""

    def __init__(self):
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 1
        for outputs, kernel in ((64, 3), (128, 5), (256, 3)):
            for _ in range(2):
                layers += [nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2), nn.ReLU()]
                inputs = outputs
            layers += [nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01), nn.MaxPool2d(2)]
        self.body = nn.Sequential(*layers)
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(256 * 36, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(),
                                  nn.Dropout(0.2), nn.Linear(256, 7))
        like_keras(self)

    def forward(self, face: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(face))


class SourceVoice(nn.Module):
    """Four "same" 1-D convolutions (32 k3, 64 k3, 128 k5, 256 k3), each with norm and pool; 512, 256, 14."""

    def __init__(self):
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 1
        for outputs, kernel in ((32, 3), (64, 3), (128, 5), (256, 3)):
            layers += [nn.Conv1d(inputs, outputs, kernel, padding=kernel // 2), nn.ReLU(),
                       nn.BatchNorm1d(outputs, eps=1e-3, momentum=0.01), nn.MaxPool1d(2)]
            inputs = outputs
        self.body = nn.Sequential(*layers)
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(768, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(),
                                  nn.Dropout(0.2), nn.Linear(256, 14))
        like_keras(self)

    def forward(self, mfcc: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(mfcc))


def like_keras(model: nn.Module) -> None:
    """Glorot-uniform weights and zero biases, which are Keras's defaults."""
    for layer in model.modules():
        if isinstance(layer, (nn.Conv1d, nn.Conv2d, nn.Linear)):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)


def keras_parameters(model: nn.Module) -> int:
    """Weights and the norms' running means and variances: what Keras prints as total parameters."""
    statistics = sum(b.numel() for name, b in model.named_buffers() if "running" in name)
    return sum(p.numel() for p in model.parameters()) + statistics


def checked(model: nn.Module, expected: int) -> nn.Module:
    """The model, or an error when its size is not the source's."""
    if keras_parameters(model) != expected:
        raise RuntimeError(f"{type(model).__name__} has {keras_parameters(model)} parameters, the source has {expected}.")
    return model
