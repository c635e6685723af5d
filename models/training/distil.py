"""A small network learns from a larger one of the same task and data.

Input: logits of both, and where each head lies in them. Output: a loss to mix with the labels' loss.
A teacher is another run of the same network (`--run big --width 2`, then `--teacher big`), so a network that
may be used for anything is never taught by one that saw more data.
"""

from pathlib import Path

import torch
from torch import nn

from models.training.loop import device
from models.training.networks import FaceNet, VoiceNet

SOFTNESS, SHARE = 2.0, 0.6  # usual values of the literature, not tuned here


def agreement(student: torch.Tensor, teacher: torch.Tensor, heads: list[slice]) -> torch.Tensor:
    """Mean cross-entropy to the teacher's softened answers, summed over the heads."""
    loss = torch.zeros((), device=student.device)
    for head in heads:
        soft = (teacher[:, head] / SOFTNESS).softmax(1)
        loss = loss - SOFTNESS**2 * (soft * (student[:, head] / SOFTNESS).log_softmax(1)).sum(1).mean()
    return loss


def taught(labels_loss: torch.Tensor, student: torch.Tensor, inputs: torch.Tensor, teacher: nn.Module | None,
           heads: list[slice]) -> torch.Tensor:
    """The labels' loss alone, or mixed with agreement with `teacher` on the same inputs."""
    if teacher is None:
        return labels_loss
    with torch.no_grad():
        answers = teacher(inputs).float()
    return (1 - SHARE) * labels_loss + SHARE * agreement(student, answers, heads)


def teacher_of(folder: Path | None) -> nn.Module | None:
    """The best weights of the run in `folder`, frozen; the architecture is read off the shapes."""
    if folder is None:
        return None
    if not (folder / "checkpoint.pt").exists():
        raise SystemExit(f"--teacher: {folder} has no checkpoint; train that run first.")
    state = torch.load(folder / "checkpoint.pt", map_location="cpu")["at"]["best_state"]
    model = like(state)
    model.load_state_dict(state)
    return model.to(device()).to(memory_format=torch.channels_last).eval().requires_grad_(False)


def like(state: dict) -> nn.Module:
    """An untrained network with the shapes of `state`."""
    if "heads.weight" in state:
        return VoiceNet(state["heads.weight"].shape[0] - 2, state["body.0.0.weight"].shape[0] / 16)
    widths = tuple(state[f"body.{i}.first.0.weight"].shape[0] for i in (1, 2, 5))
    return FaceNet(state["head.weight"].shape[0], widths)
