"""Face emotion, seven classes, two heads: FER2013's labels (to compare with the literature) and FER+ votes
(the more truthful one, for the product). Logits 0-6 are FER, 7-13 FER+.

Input: face-fer2013.tar. Output: weights/face-emotion.onnx and its metrics. Best epoch by validation, which is
4 % of Training; PublicTest is the test and never chooses anything.
"""

from collections import Counter

import numpy as np
import torch
from torch import nn

from models.readers import fer2013
from models.readers.sample import EMOTIONS
from models.training.distil import taught, teacher_of
from models.training.loop import Plan, Task, device, fit
from models.training.networks import FaceNet
from models.training.options import Options
from models.training.picture_augment import Views, augment
from models.training.pictures_data import answers, tensor
from models.training.preprocessing import PREPROCESSING
from models.training.scores import scores, softmax, temperature

FACE = PREPROCESSING["face"]
SIDE, MIN_STD, CLASSES = FACE["side"], FACE["minStd"], len(EMOTIONS)
WIDTHS = (32, 80, 192)
BATCH, SMOOTHING, VOTES_WEIGHT = 128, 0.05, 0.7
MIXUP, MIXUP_SHARE, PLAIN_FROM = 0.3, 0.5, 0.95
# Milder than the other networks' views: this one under-fits (PublicTest and training differ by few points).
VIEWS = Views(dark=0.06, blur=0.08, noise=0.06, gamma=0.3)
# Small pictures first: most of the learning needs no detail, and costs half.
SIDES = ((0.0, 32), (0.35, 40), (0.75, 44))


class FaceTraining:
    """FER2013 in memory, its batches, loss and scores."""

    def __init__(self, options: Options):
        self.teacher = teacher_of(options.teacher)
        self.samples, self.pictures, self.votes = fer2013.read(options.data)
        self.label = np.array([EMOTIONS.index(s.label) for s in self.samples])
        usable = np.array([s.split == "train" and s.tags["notFace"] < 5 for s in self.samples])
        self.train = np.flatnonzero(usable)[:: 40 if options.smoke else 1]

    def batches(self, rng: np.random.Generator, progress: float):
        """Endless batches of this epoch's picture side; the last 5 % without mixup and erasing, on plain views."""
        side = next(s for since, s in reversed(SIDES) if progress >= since)
        plain = progress >= PLAIN_FROM
        views = Views(erase=0.0, dark=0.03, blur=0.03, noise=0.03, gamma=0.2) if plain else VIEWS
        while True:
            chosen = rng.choice(self.train, BATCH)
            pictures = augment(tensor(self.pictures[chosen]), side, views, MIN_STD, rng)
            label = nn.functional.one_hot(torch.from_numpy(self.label[chosen]), CLASSES).float()
            label = label * (1 - SMOOTHING) + SMOOTHING / CLASSES
            votes = torch.from_numpy(self.votes[chosen]).float()
            if not plain and rng.random() < MIXUP_SHARE:
                keep, other = float(rng.beta(MIXUP, MIXUP)), torch.from_numpy(rng.permutation(BATCH))
                pictures = keep * pictures + (1 - keep) * pictures[other]
                label = keep * label + (1 - keep) * label[other]
                both = ((votes.sum(1) > 0) & (votes[other].sum(1) > 0)).float()[:, None]
                votes = (keep * votes + (1 - keep) * votes[other]) * both
            yield pictures, label, votes

    def loss(self, model: nn.Module, batch: tuple) -> torch.Tensor:
        """Cross-entropy with the labels + 0.7 x with the votes, where there are votes (a row of zeros counts nothing)."""
        pictures, label, votes = (t.to(device()) for t in batch)
        pictures = pictures.to(memory_format=torch.channels_last)
        logits = model(pictures).float()
        fer = -(label * logits[:, :CLASSES].log_softmax(1)).sum(1).mean()
        plus = -(votes * logits[:, CLASSES:].log_softmax(1)).sum(1).mean()
        heads = [slice(0, CLASSES), slice(CLASSES, 2 * CLASSES)]
        return taught(fer + VOTES_WEIGHT * plus, logits, pictures, self.teacher, heads)

    def of(self, split: str, keep=lambda s: True) -> np.ndarray:
        """Numbers of a split's samples that `keep` lets through."""
        return np.array([i for i, s in enumerate(self.samples) if s.split == split and keep(s)], int)

    def evaluate(self, model: nn.Module) -> dict:
        """Validation accuracy of both heads."""
        chosen = self.of("val")
        logits = answers(model, self.pictures[chosen], MIN_STD)
        fer = float((logits[:, :CLASSES].argmax(1) == self.label[chosen]).mean())
        named = [k for k, i in enumerate(chosen) if self.samples[i].tags["majority"]]
        truth = np.array([EMOTIONS.index(self.samples[chosen[k]].tags["majority"]) for k in named])
        plus = float((logits[named, CLASSES:].argmax(1) == truth).mean())
        return {"fer": fer, "ferplus": plus, "score": 0.6 * fer + 0.4 * plus}

    def examine(self, model: nn.Module) -> dict:
        """PublicTest and validation: FER head (one view, with mirror, without pixel copies), FER+ head, low light."""
        found: dict = {}
        for split in ("val", "test"):
            chosen = self.of(split)
            one, two = (answers(model, self.pictures[chosen], MIN_STD, mirrored) for mirrored in (False, True))
            truth = self.label[chosen]
            fresh = np.array([not self.samples[i].tags["copy"] for i in chosen])
            majority = np.array([EMOTIONS.index(m) if (m := self.samples[i].tags["majority"]) else -1 for i in chosen])
            voted = majority >= 0
            dark = answers(model, np.round(self.pictures[chosen] * 0.1).astype(np.uint8), MIN_STD)
            found[split] = {
                "fer": scores(softmax(one[:, :CLASSES]), truth, list(EMOTIONS)),
                "fer mirror-averaged": scores(softmax(two[:, :CLASSES]), truth, list(EMOTIONS)),
                "fer without pixel copies": scores(softmax(one[fresh, :CLASSES]), truth[fresh], list(EMOTIONS)),
                "fer at a tenth of the light": scores(softmax(dark[:, :CLASSES]), truth, list(EMOTIONS)),
                "ferplus majority": scores(softmax(one[voted, CLASSES:]), majority[voted], list(EMOTIONS)),
            }
        return found

    def facts(self, model: nn.Module) -> dict:
        """Data counts, calibration and scores for the metrics JSON."""
        val = self.of("val")
        logits = answers(model, self.pictures[val], MIN_STD)
        voted = [k for k, i in enumerate(val) if self.samples[i].tags["majority"]]
        truth = np.array([EMOTIONS.index(self.samples[val[k]].tags["majority"]) for k in voted])
        counts = Counter(s.split for s in self.samples)
        return {"labels": {"fer": list(EMOTIONS), "ferplus": list(EMOTIONS)},
                "temperature": {"fer": temperature(logits[:, :CLASSES], self.label[val]),
                                "ferplus": temperature(logits[voted, CLASSES:], truth)},
                "data": {**counts, "trained on": len(self.train)}, "scores": self.examine(model)}


def run(options: Options):
    """Trains (or resumes) and returns (model, input shape, trained, facts, packs)."""
    torch.manual_seed(options.seed)
    training = FaceTraining(options)
    model = FaceNet(2 * CLASSES, tuple(int(w * options.width) for w in WIDTHS)).to(device()).to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=5e-4)
    steps = 3 if options.smoke else len(training.train) // BATCH
    plan = Plan(epochs=options.epochs or 90, steps=steps, peak_rate=0.1, minutes=options.minutes, seed=options.seed, evaluate_every=1 if options.smoke else 2)
    trained = fit(Task(model, optimizer, training.batches, training.loss, training.evaluate), plan, options.folder)
    model.load_state_dict(trained.state)
    return model, (1, SIDE, SIDE), trained, training.facts(model), ["face-fer2013.tar"]
