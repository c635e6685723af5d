"""Eye state: open, closed, not visible, from one eye's crop.

Input: CEW (by person), MRL (normalised: its brightness gives its label away), occluders synthesised over
both; UTKFace pictures lend hair and cheek. Output: weights/eye-state.onnx and its metrics. The Kaggle eyes are
the cross-data test and nothing else; the metrics count pixel copies of them among the training pictures.
"""

from collections import Counter

import numpy as np
import torch
from torch import nn

from models.readers import cew, face_mask, kaggle_eyes, mrl, utkface, yawdd
from models.readers.pictures import pixel_hash
from models.training import occluders
from models.training.loop import Plan, Task, device, fit
from models.training.networks import PatchNet
from models.training.options import Options
from models.training.picture_augment import Views, augment
from models.training.pictures_data import answers, gray, square, tensor
from models.training.preprocessing import PREPROCESSING
from models.training.scores import scores, softmax, temperature, uar

EYE = PREPROCESSING["eye"]
SIDE, MIN_STD, LABELS = EYE["side"], EYE["minStd"], EYE["labels"]
KEPT_SIDE = 48  # stored larger than the network sees, so that views can zoom
BATCH, SMOOTHING, WIDTH = 128, 0.03, 24
SHARES = {"cew": 0.48, "mrl": 0.27, "hidden": 0.25}
# Crops of the product come from a mesh at many distances and qualities: wide zoom, coarse pixels.
VIEWS = Views(region=(0.62, 1.12), rotation_deg=16, shift=0.08, aspect=0.18, contrast=0.4, gamma=0.5, dark=0.12,
              noise=0.2, blur=0.2, coarse=0.2, coarse_side=(12, 24), erase=0.1, erase_side=(0.1, 0.25))


class EyeTraining:
    """All eye crops at 48x48, batches, loss and scores."""

    def __init__(self, options: Options):
        thin = 20 if options.smoke else 1
        self.sets = {}
        for name, read in (("cew", cew.read), ("mrl", mrl.read), ("kaggle", kaggle_eyes.read)):
            samples, pictures = read(options.data)
            self.sets[name] = (samples[::thin], np.stack([square(p, KEPT_SIDE) for p in pictures[::thin]]), pictures[::thin])
        faces = utkface.read(options.data)
        self.faces = [gray(p) for s, p in zip(*faces) if s.split == "train"][::thin]
        self.faces_val = [gray(p) for s, p in zip(*faces) if s.split == "val"]
        self.masks = [gray(p) for s, p in zip(*face_mask.read(options.data)) if s.label == "with_mask"]
        self.cars = [gray(p) for p in yawdd.read_frames(options.data)[1]][::10]

    def of(self, name: str, split: str) -> np.ndarray:
        """Numbers of a set's samples in a split."""
        return np.array([i for i, s in enumerate(self.sets[name][0]) if s.split == split], int)

    def label(self, name: str, chosen: np.ndarray) -> np.ndarray:
        """Class numbers."""
        return np.array([LABELS.index(self.sets[name][0][i].label) for i in chosen], int)

    def batches(self, rng: np.random.Generator, progress: float):
        """Endless batches: CEW and MRL balanced over their labels, and covered eyes of both."""
        train = {n: {c: [i for i in self.of(n, "train") if self.sets[n][0][i].label == c] for c in LABELS[:2]}
                 for n in ("cew", "mrl")}
        while True:
            crops, labels = [], []
            for kind in rng.choice(list(SHARES), BATCH, p=list(SHARES.values())):
                name = kind if kind != "hidden" else ("cew", "mrl")[rng.integers(0, 2)]
                label = LABELS[rng.integers(0, 2)]
                crop = self.sets[name][1][rng.choice(train[name][label])]
                if kind == "hidden":
                    crop, label = self.hide(crop, rng, self.faces, occluders.TRAINED), LABELS[2]
                crops.append(crop)
                labels.append(LABELS.index(label))
            hard = nn.functional.one_hot(torch.tensor(labels), 3).float()
            yield augment(tensor(np.stack(crops)), SIDE, VIEWS, MIN_STD, rng), hard * (1 - SMOOTHING) + SMOOTHING / 3

    def hide(self, crop: np.ndarray, rng: np.random.Generator, faces: list, kinds: tuple) -> np.ndarray:
        """The crop covered by one of `kinds`; textures come from anywhere in a face but its band of eyes."""
        kind = kinds[rng.integers(0, len(kinds))]
        rows = (0.0, 0.08) if rng.random() < 0.4 else (0.55, 1.0)
        return kind(crop, rng, occluders.texture_of(faces[rng.integers(0, len(faces))], len(crop), rows, rng))

    def loss(self, model: nn.Module, batch: tuple) -> torch.Tensor:
        """Cross-entropy."""
        crops, labels = (t.to(device()) for t in batch)
        return -(labels * model(crops.to(memory_format=torch.channels_last)).float().log_softmax(1)).sum(1).mean()

    def logits(self, model: nn.Module, crops: np.ndarray) -> np.ndarray:
        """Answers to crops stored at any side."""
        return answers(model, np.stack([square(c, SIDE) for c in crops]), MIN_STD)

    def hidden(self, split: str, kinds: tuple, faces: list) -> np.ndarray:
        """The CEW crops of a split, each covered once, always alike."""
        rng = np.random.default_rng(7)
        return np.stack([self.hide(self.sets["cew"][1][i], rng, faces, kinds) for i in self.of("cew", split)])

    def evaluate(self, model: nn.Module) -> dict:
        """Validation: CEW by person, MRL by block, covered eyes of the trained kinds on unseen people."""
        seen = {}
        for name in ("cew", "mrl"):
            chosen = self.of(name, "val")
            seen[name] = uar(self.logits(model, self.sets[name][1][chosen]), self.label(name, chosen)) if len(chosen) else 0
        covered = self.logits(model, self.hidden("val", occluders.TRAINED, self.faces_val))
        seen["hidden"] = float((covered.argmax(1) == 2).mean())
        seen["score"] = 0.6 * seen["cew"] + 0.2 * seen["mrl"] + 0.2 * seen["hidden"]
        return seen

    def examine(self, model: nn.Module) -> dict:
        """CEW and MRL by split, Kaggle, and unseen occluders; `open/closed alone` ignores the third class."""
        found: dict = {}
        for name, splits in (("cew", ("val", "test")), ("mrl", ("val", "test")), ("kaggle", ("holdout",))):
            for split in splits:
                chosen = self.of(name, split)
                if not len(chosen):
                    continue
                # From the published picture, not from the stored 48 x 48: one resizing, as in the product.
                logits = self.logits(model, [self.sets[name][2][i] for i in chosen])
                truth = self.label(name, chosen)
                found.setdefault(split, {})[name] = {
                    "three classes": scores(softmax(logits), truth, LABELS),
                    "open/closed alone": scores(softmax(logits[:, :2]), truth, LABELS[:2])}
        lent = [self.cars, self.masks]
        for name, kind in occluders.UNSEEN.items():
            rng, answers_of = np.random.default_rng(9), []
            for i in self.of("cew", "test"):
                source = lent[name == "cloth"]
                texture = occluders.texture_of(source[rng.integers(0, len(source))], KEPT_SIDE,
                                               (0.6, 0.7) if name == "cloth" else (0.0, 1.0), rng)
                answers_of.append(kind(self.sets["cew"][1][i], rng, texture))
            guessed = self.logits(model, answers_of).argmax(1)
            under = float((guessed == self.label("cew", self.of("cew", "test"))).mean())
            found["test"][f"hidden by {name} (kind unseen in training)"] = {
                "n": len(guessed), "said what is under it": round(under, 4),
                **{f"said {c}": round(float((guessed == k).mean()), 4) for k, c in enumerate(LABELS)}}
        return found

    def facts(self, model: nn.Module) -> dict:
        """Data counts, calibration, the check on Kaggle copies, and scores."""
        val = self.of("cew", "val")
        trained = {pixel_hash(self.sets[n][2][i]) for n in ("cew", "mrl") for i in self.of(n, "train")}
        trained |= {pixel_hash(self.sets[n][1][i]) for n in ("cew", "mrl") for i in self.of(n, "train")}
        kaggle = self.sets["kaggle"]
        copies = sum(pixel_hash(gray(p)) in trained or pixel_hash(k) in trained for p, k in zip(kaggle[2], kaggle[1]))
        counts = Counter(f"{n} {s.split} {s.label}" for n in self.sets for s in self.sets[n][0])
        logits = self.logits(model, self.sets["cew"][1][val])
        return {"labels": LABELS, "temperature": temperature(logits, self.label("cew", val)),
                "data": dict(sorted(counts.items())), "kaggleCopiesInTraining": int(copies),
                "notes": "MRL without person ids: its score is on people seen in training.", "scores": self.examine(model)}


def run(options: Options):
    """Trains (or resumes) and returns (model, input shape, trained, facts, packs)."""
    torch.manual_seed(options.seed)
    training = EyeTraining(options)
    model = PatchNet(len(LABELS), WIDTH).to(device()).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.02)
    plan = Plan(epochs=options.epochs or 40, steps=3 if options.smoke else 80, peak_rate=4e-3, minutes=options.minutes,
                average=0.995, seed=options.seed, evaluate_every=1 if options.smoke else 2)
    trained = fit(Task(model, optimizer, training.batches, training.loss, training.evaluate), plan, options.folder)
    model.load_state_dict(trained.state)
    packs = ["face-eyes-cew.tar", "face-eyes-mrl.tar", "face-eyes-kaggle.tar.gz", "face-sex-utk.tar.gz", "face-mask.tar.gz"]
    return model, (1, SIDE, SIDE), trained, training.facts(model), packs
