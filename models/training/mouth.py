"""Yawning or not, from the mouth's crop.

Input: YawDD mouth crops, split by person group; the longer side of the lips' box fits the input, so that how
far the mouth is open stays visible. Output: weights/mouth.onnx and its metrics.
The set's no_yawn crops are nearly all closed mouths: talking, laughing and a covering hand are synthesised or
missing, and the score says nothing about them. The agent needs a duration besides.
"""

from collections import Counter

import numpy as np
import torch
from torch import nn

from models.readers import yawdd
from models.training import occluders
from models.training.loop import Plan, Task, device, fit
from models.training.networks import PatchNet
from models.training.options import Options
from models.training.picture_augment import Views, augment
from models.training.pictures_data import answers, gray, letterbox, tensor
from models.training.preprocessing import PREPROCESSING
from models.training.scores import scores, softmax, temperature

MOUTH = PREPROCESSING["mouth"]
SIDE, MIN_STD, LABELS = MOUTH["side"], MOUTH["minStd"], MOUTH["labels"]
KEPT_SIDE = 48
BATCH, SMOOTHING, HAND_SHARE, HALF_OPEN_SHARE = 64, 0.05, 0.1, 0.12
VIEWS = Views(region=(0.85, 1.25), rotation_deg=15, shift=0.06, aspect=0.08, contrast=0.4, gamma=0.5, dark=0.15,
              noise=0.25, blur=0.3, coarse=0.3, coarse_side=(10, 22), erase=0.15, erase_side=(0.1, 0.3))


class MouthTraining:
    """Mouth crops, batches, loss and scores."""

    def __init__(self, options: Options):
        self.samples, pictures = yawdd.read_mouths(options.data)
        self.flat = [gray(p) for p in pictures]
        self.pictures = np.stack([letterbox(p, KEPT_SIDE) for p in self.flat])
        self.label = np.array([LABELS.index(s.label) for s in self.samples])

    def of(self, split: str) -> np.ndarray:
        """Numbers of a split's samples."""
        return np.array([i for i, s in enumerate(self.samples) if s.split == split], int)

    def batches(self, rng: np.random.Generator, progress: float):
        """Endless batches, half of each label; some closed mouths under a hand, some yawns pressed half shut."""
        train = [[i for i in self.of("train") if self.label[i] == k] for k in range(2)]
        while True:
            crops, labels = [], []
            for _ in range(BATCH):
                label = int(rng.integers(0, 2))
                i = int(rng.choice(train[label]))
                crop = self.pictures[i]
                chance = rng.random()
                if label == 1 and chance < HAND_SHARE:
                    crop = occluders.hand(crop, rng, crop)
                elif label == 0 and chance < HALF_OPEN_SHARE:
                    crop, label = self.half_open(self.flat[i], rng), 1
                crops.append(crop)
                labels.append(label)
            hard = nn.functional.one_hot(torch.tensor(labels), 2).float()
            yield augment(tensor(np.stack(crops)), SIDE, VIEWS, MIN_STD, rng), hard * (1 - SMOOTHING) + SMOOTHING / 2

    def half_open(self, crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """An open mouth pressed to a talking one: its height a third or less of its width."""
        h, w = crop.shape
        low = max(4, int(w * rng.uniform(0.2, 0.34)))
        rows = np.linspace(0, h - 1, min(low, h)).astype(int)
        return letterbox(crop[rows], KEPT_SIDE)

    def loss(self, model: nn.Module, batch: tuple) -> torch.Tensor:
        """Cross-entropy."""
        crops, labels = (t.to(device()) for t in batch)
        return -(labels * model(crops.to(memory_format=torch.channels_last)).float().log_softmax(1)).sum(1).mean()

    def logits(self, model: nn.Module, chosen: np.ndarray) -> np.ndarray:
        """Answers to the published crops."""
        return answers(model, np.stack([letterbox(self.flat[i], SIDE) for i in chosen]), MIN_STD)

    def evaluate(self, model: nn.Module) -> dict:
        """Validation accuracy, less its error in likelihood: the few crops are soon all right."""
        chosen = self.of("val")
        p = softmax(self.logits(model, chosen))
        right = float((p.argmax(1) == self.label[chosen]).mean())
        nll = float(-np.log(p[np.arange(len(chosen)), self.label[chosen]] + 1e-9).mean())
        return {"accuracy": right, "nll": nll, "score": right - 0.1 * nll}

    def facts(self, model: nn.Module) -> dict:
        """Data counts, calibration and scores; the aspect alone is scored beside them, as what must be beaten."""
        val, train = self.of("val"), self.of("train")
        aspect = np.array([p.shape[0] / p.shape[1] for p in self.flat])
        cut = max(np.linspace(0.2, 1, 81), key=lambda t: ((aspect[train] > t) == (self.label[train] == 0)).mean())
        found = {}
        for split in ("val", "test"):
            chosen = self.of(split)
            found[split] = scores(softmax(self.logits(model, chosen)), self.label[chosen], LABELS)
            found[split]["aspectAlone"] = round(float(((aspect[chosen] > cut) == (self.label[chosen] == 0)).mean()), 4)
        counts = Counter(f"{s.split} {s.label}" for s in self.samples)
        return {"labels": LABELS, "temperature": temperature(self.logits(model, val), self.label[val]),
                "data": dict(sorted(counts.items())), "scores": found}


def run(options: Options):
    """Trains (or resumes) and returns (model, input shape, trained, facts, packs)."""
    torch.manual_seed(options.seed)
    training = MouthTraining(options)
    model = PatchNet(len(LABELS), width=12).to(device()).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
    plan = Plan(epochs=options.epochs or 30, steps=3 if options.smoke else 60, peak_rate=3e-3, minutes=options.minutes,
                average=0.99, seed=options.seed)
    trained = fit(Task(model, optimizer, training.batches, training.loss, training.evaluate), plan, options.folder)
    model.load_state_dict(trained.state)
    return model, (1, SIDE, SIDE), trained, training.facts(model), ["face-yawn.tar.gz"]
