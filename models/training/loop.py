"""The one training loop: schedule, averaging of weights, checkpoint per epoch, resume.

A background process dies with whoever started it, so every epoch is saved and the same command goes on
where it stopped. Randomness is seeded per epoch: a resumed run draws what an unbroken one would.
"""

import copy
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from models.training.progress import Progress


@dataclass(frozen=True)
class Plan:
    """How long and how fast. With `minutes` the schedule follows the training time spent, else the epochs.

    `patience`: epochs without a better score after which it is over; `constant`: the rate stays at its peak.
    """

    epochs: int
    steps: int
    peak_rate: float
    minutes: float | None = None
    warm: float = 0.12
    average: float = 0.998
    seed: int = 1
    evaluate_every: int = 1
    patience: int | None = None
    constant: bool = False
    half: bool = True


@dataclass
class Task:
    """One network and what feeds it; `evaluate` returns numbers, of which `score` chooses the best epoch."""

    model: nn.Module
    optimizer: torch.optim.Optimizer
    batches: Callable[[np.random.Generator, float], Iterator]
    loss: Callable[[nn.Module, tuple], torch.Tensor]
    evaluate: Callable[[nn.Module], dict]


@dataclass
class Trained:
    """Best weights by validation score, and how it came to them."""

    state: dict
    epochs: int
    spent_s: float
    best_epoch: int
    history: list[dict]
    finished: bool


def device() -> torch.device:
    """CUDA where there is one, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def rate(progress: float, plan: Plan) -> float:
    """Linear warm-up, then half a cosine to zero; progress 0-1."""
    if plan.constant:
        return plan.peak_rate
    if progress < plan.warm:
        return plan.peak_rate * max(progress / plan.warm, 0.02)
    return plan.peak_rate * 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - plan.warm) / (1 - plan.warm))))


def fit(task: Task, plan: Plan, folder: Path) -> Trained:
    """Trains from the last checkpoint in `folder` (or from the start) to the end of the plan."""
    folder.mkdir(parents=True, exist_ok=True)
    saved = folder / "checkpoint.pt"
    average = copy.deepcopy(task.model).eval()
    at = {"epoch": 0, "spent_s": 0.0, "best": -math.inf, "best_epoch": 0, "history": [], "best_state": None}
    if saved.exists():
        stored = torch.load(saved, map_location=device())
        task.model.load_state_dict(stored["model"])
        average.load_state_dict(stored["average"])
        task.optimizer.load_state_dict(stored["optimizer"])
        at = stored["at"]
        print(f"resuming {folder.name} after epoch {at['epoch']}, {at['spent_s'] / 60:.1f} min", flush=True)
    while not _over(at, plan):
        _epoch(task, average, plan, at)
        if at["epoch"] % plan.evaluate_every == 0 or _over(at, plan):
            _judge(task, average, at)
        _save(saved, {"model": task.model.state_dict(), "average": average.state_dict(),
                      "optimizer": task.optimizer.state_dict(), "at": at})
    return Trained(at["best_state"], at["epoch"], at["spent_s"], at["best_epoch"], at["history"], _over(at, plan))


def _over(at: dict, plan: Plan) -> bool:
    if plan.patience and at["epoch"] - at["best_epoch"] >= plan.patience:
        return True
    return at["spent_s"] >= plan.minutes * 60 if plan.minutes else at["epoch"] >= plan.epochs


def _epoch(task: Task, average: nn.Module, plan: Plan, at: dict) -> None:
    began = time.monotonic()
    torch.manual_seed(plan.seed * 10_000 + at["epoch"])
    rng = np.random.default_rng([plan.seed, at["epoch"]])
    progress = Progress(f"epoch {at['epoch'] + 1}", plan.steps)

    def share(step: int) -> float:
        if plan.minutes:
            return min(1.0, (at["spent_s"] + time.monotonic() - began) / (plan.minutes * 60))
        return (at["epoch"] + step / plan.steps) / plan.epochs

    task.model.train()
    losses = []
    batches = task.batches(rng, share(0))
    for step in range(plan.steps):
        for group in task.optimizer.param_groups:
            group["lr"] = rate(share(step), plan) * group.get("scale", 1.0)
        task.optimizer.zero_grad(set_to_none=True)
        batch = next(batches)
        with torch.autocast(device().type, dtype=torch.bfloat16, enabled=plan.half):
            loss = task.loss(task.model, batch)
        loss.backward()
        task.optimizer.step()
        taken = at["epoch"] * plan.steps + step
        _follow(average, task.model, min(plan.average, (1 + taken) / (10 + taken)))
        losses.append(float(loss.detach()))
        progress.step(f"loss {np.mean(losses[-50:]):.3f}")
    at["epoch"] += 1
    at["spent_s"] += time.monotonic() - began
    at["loss"] = float(np.mean(losses))


@torch.no_grad()
def _follow(average: nn.Module, model: nn.Module, keep: float) -> None:
    """Exponential moving average of the weights; it starts short, so that the first epochs count too."""
    for kept, new in zip(average.state_dict().values(), model.state_dict().values()):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, 1 - keep)
        else:
            kept.copy_(new)


def _judge(task: Task, average: nn.Module, at: dict) -> None:
    seen = task.evaluate(average)
    at["history"].append({"epoch": at["epoch"], "spentS": round(at["spent_s"]), "loss": round(at["loss"], 4),
                          **{k: round(float(v), 4) for k, v in seen.items()}})
    print(at["history"][-1], flush=True)
    if seen["score"] >= at["best"]:
        at["best"], at["best_epoch"] = seen["score"], at["epoch"]
        at["best_state"] = copy.deepcopy(average.state_dict())


def _save(path: Path, what: dict) -> None:
    # Written beside and renamed: a killed process leaves the last whole checkpoint.
    torch.save(what, path.with_suffix(".new"))
    path.with_suffix(".new").rename(path)
