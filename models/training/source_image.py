"""The source system's image network by its own protocol: FER2013 Training, validated on PublicTest.

Adam 0.001, batch 64, up to 100 epochs, early stopping on validation loss (patience 20), views shifted and
mirrored lightly. PublicTest chooses the epoch here, as it did there: the score on it is that of a validation.
"""

from collections import Counter

import numpy as np
import torch
from torch import nn

from models.readers import fer2013
from models.readers.sample import EMOTIONS
from models.training.loop import Plan, Task, device, fit
from models.training.options import Options
from models.training.picture_augment import Views, standardise, view
from models.training.pictures_data import answers, tensor
from models.training.preprocessing import PREPROCESSING
from models.training.scores import scores, softmax
from models.training.source_networks import IMAGE_PARAMETERS, SourceImage, checked

FACE = PREPROCESSING["sourceImage"]
SIDE, MIN_STD, BATCH = FACE["side"], FACE["minStd"], 64
VIEWS = Views(region=(0.9, 1.0), rotation_deg=10, shift=0.03, aspect=0.0)


class SourceImageTraining:
    """FER2013 in memory, batches, loss and scores of the source's protocol."""

    def __init__(self, options: Options):
        self.samples, self.pictures, _ = fer2013.read(options.data)
        self.label = np.array([EMOTIONS.index(s.label) for s in self.samples])
        # The source knew no held-back part of Training.
        self.train = np.array([i for i, s in enumerate(self.samples) if s.split in ("train", "val")])
        self.public = np.array([i for i, s in enumerate(self.samples) if s.split == "test"])
        if options.smoke:
            self.train, self.public = self.train[::100], self.public[::20]

    def batches(self, rng: np.random.Generator, progress: float):
        """One pass over Training in random order, then from the start again."""
        while True:
            for chosen in np.array_split(rng.permutation(self.train), max(1, len(self.train) // BATCH)):
                pictures = view(tensor(self.pictures[chosen]), SIDE, VIEWS, rng)
                yield standardise(pictures, MIN_STD), torch.from_numpy(self.label[chosen])

    def loss(self, model: nn.Module, batch: tuple) -> torch.Tensor:
        """Cross-entropy."""
        pictures, label = (t.to(device()) for t in batch)
        return nn.functional.cross_entropy(model(pictures.to(memory_format=torch.channels_last)).float(), label)

    def evaluate(self, model: nn.Module) -> dict:
        """PublicTest: loss (which stops) and accuracy."""
        p = softmax(answers(model, self.pictures[self.public], MIN_STD))
        truth = self.label[self.public]
        loss = float(-np.log(p[np.arange(len(truth)), truth] + 1e-9).mean())
        return {"validationLoss": loss, "accuracy": float((p.argmax(1) == truth).mean()), "score": -loss}

    def facts(self, model: nn.Module) -> dict:
        """Counts and PublicTest scores, also without pixel copies of training pictures."""
        p = softmax(answers(model, self.pictures[self.public], MIN_STD))
        truth, fresh = self.label[self.public], np.array([not self.samples[i].tags["copy"] for i in self.public])
        return {"labels": list(EMOTIONS), "data": dict(Counter(s.split for s in self.samples)),
                "notes": "PublicTest chose the epoch, as in the source's protocol.",
                "scores": {"test": {"fer": scores(p, truth, list(EMOTIONS)),
                                    "fer without pixel copies": scores(p[fresh], truth[fresh], list(EMOTIONS))}}}


def run(options: Options):
    """Trains (or resumes) and returns (model, input shape, trained, facts, packs)."""
    torch.manual_seed(options.seed)
    training = SourceImageTraining(options)
    model = checked(SourceImage(), IMAGE_PARAMETERS).to(device()).to(memory_format=torch.channels_last)
    plan = Plan(epochs=options.epochs or 100, steps=max(1, len(training.train) // BATCH), peak_rate=1e-3,
                minutes=options.minutes, average=0.0, seed=options.seed, patience=20, constant=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
    trained = fit(Task(model, optimizer, training.batches, training.loss, training.evaluate), plan, options.folder)
    model.load_state_dict(trained.state)
    return model, (1, SIDE, SIDE), trained, training.facts(model), ["face-fer2013.tar"]
