"""The source system's voice network by its own protocol: four corpora, random 80/20, 14 classes.

Features: 50 MFCCs (librosa's defaults) of 3 s from 0.5 s at 22,050 Hz, averaged over time, standardised; the
first, which is loudness, is left out. Adam 0.001, batch 64, early stopping on validation loss (patience 20).
The protocol puts one speaker on both sides; beside its score stands the same recipe on unseen speakers.
"""

from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch import nn

from models.readers.sample import EMOTIONS
from models.readers.speech import sound_folder
from models.training.loop import Plan, Task, Trained, device, fit
from models.training.options import Options
from models.training.preprocessing import PREPROCESSING
from models.training.progress import Progress
from models.training.scores import scores, softmax
from models.training.sound import decode_all
from models.training.source_networks import VOICE_PARAMETERS, SourceVoice, checked
from models.training.voice_data import CORPORA

V = PREPROCESSING["sourceVoice"]
CLASSES = [f"{sex} {e}" for sex in ("female", "male") for e in EMOTIONS]
USED_CORPORA, BATCH = ("crema-d", "ravdess", "savee", "tess"), 64


def mfcc_mean(samples: np.ndarray) -> np.ndarray:
    """50 coefficients averaged over time; `samples` at 22,050 Hz, 3 s from 0.5 s (or what there is)."""
    from torchaudio.transforms import MFCC  # only this network needs it

    start = int(V["offsetS"] * V["sampleRateHz"])
    clip = samples[start : start + int(V["lengthS"] * V["sampleRateHz"])]
    clip = clip if len(clip) >= V["fftSize"] else np.pad(samples, (0, max(0, V["fftSize"] - len(samples))))
    to_mfcc = MFCC(V["sampleRateHz"], V["coefficients"], melkwargs={
        "n_fft": V["fftSize"], "hop_length": V["hopSamples"], "n_mels": V["melBands"], "norm": V["melNorm"],
        "mel_scale": V["melScale"]})
    return to_mfcc(torch.from_numpy(np.ascontiguousarray(clip, np.float32))).mean(1).numpy()


class SourceVoiceTraining:
    """Mean MFCCs of all clips; `train` and `held` are the numbers of the two sides."""

    def __init__(self, options: Options, unseen_speakers: bool):
        self.samples, self.features = _features(options)
        self.label = np.array([CLASSES.index(f"{s.sex} {s.label}") for s in self.samples])
        if unseen_speakers:
            self.train = np.array([i for i, s in enumerate(self.samples) if s.split == "train"])
            self.held = np.array([i for i, s in enumerate(self.samples) if s.split == "val"])
        else:
            order = np.random.default_rng(options.seed).permutation(len(self.samples))
            self.train, self.held = order[len(order) // 5 :], order[: len(order) // 5]
        self.mean, self.std = self.features[self.train].mean(0), self.features[self.train].std(0) + 1e-9

    def inputs(self, chosen: np.ndarray) -> torch.Tensor:
        """Standardised coefficients 1-49, [n, 1, 49]."""
        return torch.from_numpy(((self.features - self.mean) / self.std)[chosen, 1:]).float().unsqueeze(1)

    def batches(self, rng: np.random.Generator, progress: float):
        """One pass over the training side in random order, then from the start again."""
        while True:
            for chosen in np.array_split(rng.permutation(self.train), max(1, len(self.train) // BATCH)):
                yield self.inputs(chosen), torch.from_numpy(self.label[chosen])

    def loss(self, model: nn.Module, batch: tuple) -> torch.Tensor:
        """Cross-entropy."""
        return nn.functional.cross_entropy(model(batch[0].to(device())).float(), batch[1].to(device()))

    @torch.no_grad()
    def probabilities(self, model: nn.Module, chosen: np.ndarray) -> np.ndarray:
        """Softmax of 14 classes."""
        return softmax(model.eval()(self.inputs(chosen).to(device())).cpu().numpy())

    def evaluate(self, model: nn.Module) -> dict:
        """Held side: loss (which stops) and accuracy."""
        p, truth = self.probabilities(model, self.held), self.label[self.held]
        loss = float(-np.log(p[np.arange(len(truth)), truth] + 1e-9).mean())
        return {"validationLoss": loss, "accuracy": float((p.argmax(1) == truth).mean()), "score": -loss}

    def by_corpus(self, model: nn.Module, chosen: np.ndarray) -> dict:
        """Accuracy of 14 classes, emotion and sex alone, per corpus and pooled."""
        found = {}
        for corpus in (*USED_CORPORA, "all"):
            of = np.array([i for i in chosen if corpus in ("all", self.samples[i].tags["corpus"])], int)
            if not len(of):
                continue
            p = self.probabilities(model, of)
            n = len(EMOTIONS)
            sexes = np.stack([p[:, :n].sum(1), p[:, n:].sum(1)], 1)
            found[corpus] = {"14 classes": scores(p, self.label[of], CLASSES),
                             "emotion": scores(p[:, :n] + p[:, n:], self.label[of] % n, list(EMOTIONS)),
                             "sex": scores(sexes, self.label[of] // n, ["female", "male"])}
        return found


def _features(options: Options) -> tuple[list, np.ndarray]:
    cache = options.cache / "mel" / ("source-mfcc-smoke.npz" if options.smoke else "source-mfcc.npz")
    thin = 40 if options.smoke else 1
    sets = [(c, [s for s in CORPORA[c](options.data) if s.split != "exclude"][::thin]) for c in USED_CORPORA]
    samples = [s for _, group in sets for s in group]
    names = np.array([f"{s.tags['corpus']} {s.file}" for s in samples])
    if cache.exists() and np.array_equal(np.load(cache)["names"], names):
        return samples, np.load(cache)["features"]
    paths: list[Path] = [sound_folder(options.data, c, options.cache) / s.file for c, group in sets for s in group]
    progress, rows = Progress("mean MFCCs", len(paths)), []
    for wave in decode_all(paths, V["sampleRateHz"]):
        rows.append(mfcc_mean(wave))
        progress.step()
    cache.parent.mkdir(parents=True, exist_ok=True)
    np.savez(cache, names=names, features=np.stack(rows))
    return samples, np.stack(rows)


def _fit(training: SourceVoiceTraining, options: Options, folder: Path) -> tuple[nn.Module, Trained]:
    torch.manual_seed(options.seed)
    model = checked(SourceVoice(), VOICE_PARAMETERS).to(device())
    plan = Plan(epochs=options.epochs or 100, steps=max(1, len(training.train) // BATCH), peak_rate=1e-3, average=0.0,
                seed=options.seed, patience=20, constant=True, half=False)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
    trained = fit(Task(model, optimizer, training.batches, training.loss, training.evaluate), plan, folder)
    model.load_state_dict(trained.state)
    return model, trained


def run(options: Options):
    """Trains by the source's protocol, and once more on unseen speakers; the first is the model that is kept."""
    training = SourceVoiceTraining(options, unseen_speakers=False)
    model, trained = _fit(training, options, options.folder)
    fair = SourceVoiceTraining(options, unseen_speakers=True)
    fair_model, _ = _fit(fair, options, options.folder / "unseen-speakers")
    tested = np.array([i for i, s in enumerate(fair.samples) if s.split == "test"], int)
    facts = {"labels": CLASSES,
             "standardise": {"mean": training.mean.round(5).tolist(), "std": training.std.round(5).tolist()},
             "data": dict(sorted(Counter(f"{s.tags['corpus']} {s.split}" for s in training.samples).items())),
             "notes": "Random 80/20: a speaker is on both sides, and the held fifth chose the epoch, as in the source.",
             "scores": {"random 80/20": training.by_corpus(model, training.held),
                        "same recipe, unseen speakers": fair.by_corpus(fair_model, tested)}}
    return model, (1, V["used"]), trained, facts, [f"speech-{c}.tar.gz" for c in USED_CORPORA] + ["speech.csv"]
