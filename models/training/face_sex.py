"""Sex from a face: female or male.

Input: UTKFace; the body starts from face-emotion's checkpoint where there is one (3,300 pictures are few).
Output: weights/face-sex.onnx and its metrics, also by age and race as the set labels them.
"""

from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch import nn

from models.readers import utkface
from models.training.face_emotion import WIDTHS
from models.training.loop import Plan, Task, device, fit
from models.training.networks import FaceNet
from models.training.options import Options
from models.training.picture_augment import Views, augment
from models.training.pictures_data import answers, gray, square, tensor
from models.training.preprocessing import PREPROCESSING
from models.training.scores import scores, softmax, temperature

FACE = PREPROCESSING["faceSex"]
SIDE, MIN_STD, LABELS = FACE["side"], FACE["minStd"], FACE["labels"]
KEPT_SIDE = 80
BATCH, SMOOTHING, MIXUP, MIXUP_SHARE = 64, 0.08, 0.3, 0.6
# The set's crops hold the whole head, a detector's box less: train on both.
VIEWS = Views(region=(0.6, 1.05), rotation_deg=15, shift=0.05, aspect=0.1, dark=0.1, noise=0.1, blur=0.2, coarse=0.2,
              coarse_side=(24, 56), erase=0.3, erase_side=(0.12, 0.35))
RACES = {"0": "White", "1": "Black", "2": "Asian", "3": "Indian", "4": "Others"}
AGES = ((0, 25), (26, 45), (46, 60), (61, 120))


class SexTraining:
    """UTKFace in memory, batches, loss and scores."""

    def __init__(self, options: Options):
        thin = 20 if options.smoke else 1
        samples, pictures = utkface.read(options.data)
        self.samples, self.colour = samples[::thin], pictures[::thin]
        self.pictures = np.stack([square(p, KEPT_SIDE) for p in self.colour])
        self.label = np.array([LABELS.index(s.label) for s in self.samples])

    def of(self, split: str) -> np.ndarray:
        """Numbers of a split's samples."""
        return np.array([i for i, s in enumerate(self.samples) if s.split == split], int)

    def batches(self, rng: np.random.Generator, progress: float):
        """Endless batches with mixup."""
        train = self.of("train")
        while True:
            chosen = rng.choice(train, BATCH)
            pictures = augment(tensor(self.pictures[chosen]), SIDE, VIEWS, MIN_STD, rng)
            label = nn.functional.one_hot(torch.from_numpy(self.label[chosen]), 2).float() * (1 - SMOOTHING) + SMOOTHING / 2
            if progress < 0.9 and rng.random() < MIXUP_SHARE:
                keep, other = float(rng.beta(MIXUP, MIXUP)), torch.from_numpy(rng.permutation(BATCH))
                pictures = keep * pictures + (1 - keep) * pictures[other]
                label = keep * label + (1 - keep) * label[other]
            yield pictures, label

    def loss(self, model: nn.Module, batch: tuple) -> torch.Tensor:
        """Cross-entropy."""
        pictures, label = (t.to(device()) for t in batch)
        return -(label * model(pictures.to(memory_format=torch.channels_last)).float().log_softmax(1)).sum(1).mean()

    def logits(self, model: nn.Module, chosen: np.ndarray, part: float = 1.0) -> np.ndarray:
        """Answers to the central `part` of the published pictures."""
        cut = int(round(KEPT_SIDE * (1 - part) / 2))
        views = [square(gray(self.colour[i])[cut : KEPT_SIDE - cut, cut : KEPT_SIDE - cut], SIDE) for i in chosen]
        return answers(model, np.stack(views), MIN_STD)

    def evaluate(self, model: nn.Module) -> dict:
        """Validation accuracy on whole pictures and on their central three quarters."""
        val = self.of("val")
        whole, tight = (float((self.logits(model, val, p).argmax(1) == self.label[val]).mean()) for p in (1.0, 0.75))
        return {"whole": whole, "tight": tight, "score": (whole + tight) / 2}

    def facts(self, model: nn.Module) -> dict:
        """Data counts, calibration and scores; test also by age, race and in the dark."""
        val, found = self.of("val"), {}
        for split in ("val", "test"):
            chosen = self.of(split)
            found[split] = {name: scores(softmax(self.logits(model, chosen, part)), self.label[chosen], LABELS)
                            for name, part in (("whole picture", 1.0), ("central 75 %", 0.75))}
        test = self.of("test")
        right = self.logits(model, test).argmax(1) == self.label[test]
        age = np.array([self.samples[i].tags["age"] for i in test])
        race = np.array([self.samples[i].tags["race"] for i in test])
        groups = {f"age {a}-{b}": (age >= a) & (age <= b) for a, b in AGES}
        groups |= {f"race {name}": race == key for key, name in RACES.items()}
        groups |= {f"race {name} {sex}": (race == key) & (self.label[test] == LABELS.index(sex))
                   for key, name in RACES.items() for sex in LABELS}
        found["test"]["byGroup"] = {g: {"n": int(m.sum()), "accuracy": round(float(right[m].mean()), 4)}
                                    for g, m in groups.items() if m.sum()}
        counts = Counter(f"{s.split} {s.label}" for s in self.samples)
        return {"labels": LABELS, "temperature": temperature(self.logits(model, val), self.label[val]),
                "data": dict(sorted(counts.items())), "scores": found}


def start_from_emotion(model: FaceNet, checkpoint: Path) -> bool:
    """Copies the body of face-emotion's best weights; False where there is no checkpoint."""
    if not checkpoint.exists():
        return False
    state = torch.load(checkpoint, map_location="cpu")["at"]["best_state"]
    model.load_state_dict({k: v for k, v in state.items() if k.startswith("body.")}, strict=False)
    return True


def run(options: Options):
    """Trains (or resumes) and returns (model, input shape, trained, facts, packs)."""
    torch.manual_seed(options.seed)
    training = SexTraining(options)
    model = FaceNet(len(LABELS), WIDTHS, dropout=0.3)
    started = not options.smoke and start_from_emotion(model, options.cache / "runs" / "face-emotion-main" / "checkpoint.pt")
    model = model.to(device()).to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.9, nesterov=True, weight_decay=1e-3)
    plan = Plan(epochs=options.epochs or 40, steps=3 if options.smoke else len(training.of("train")) // BATCH,
                peak_rate=0.03 if started else 0.08, minutes=options.minutes, average=0.99, seed=options.seed)
    trained = fit(Task(model, optimizer, training.batches, training.loss, training.evaluate), plan, options.folder)
    model.load_state_dict(trained.state)
    facts = {"startedFrom": "face-emotion's body" if started else "random weights", **training.facts(model)}
    return model, (1, SIDE, SIDE), trained, facts, ["face-sex-utk.tar.gz"]
