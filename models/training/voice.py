"""Voice emotion (7) and sex (2) from log-mel windows of 3 s; `voice-open` = CREMA-D alone, six emotions.

Input: the speech and noise packs. Output: weights/voice.onnx (or voice-open.onnx) and its metrics.
`voice-random-split` measures our network by the source system's protocol; its weights are not kept.
`voice-open` sees nothing but CREMA-D (ODbL) and synthesised noise, so its licence allows any use.
"""

from collections import Counter
from dataclasses import replace

import numpy as np
import torch
from torch import nn

from models.readers.sample import EMOTIONS, split_by_group
from models.training.distil import taught, teacher_of
from models.training.log_mel import VOICE, windows
from models.training.loop import Plan, Task, device, fit
from models.training.networks import VoiceNet
from models.training.options import Options
from models.training.scores import scores, softmax, temperature, uar
from models.training.voice_augment import Noises, add_noise, augment, masked, network_input, shaped_noise
from models.training.voice_data import Clips, noises, speech

# Share of an epoch that each corpus gets: TESS is large, clean and two women, and would dominate.
SHARES = {"crema-d": 0.58, "ravdess": 0.20, "tess": 0.08, "savee": 0.07, "ravdess-song": 0.07}
SEXES = ["female", "male"]
BATCH, STEPS = 64, 100
SMOOTHING, SEX_WEIGHT, MIXUP, MIXUP_SHARE = 0.1, 0.5, 0.2, 0.5


class VoiceTraining:
    """Everything one run needs; `emotions` are the classes of this variant."""

    def __init__(self, options: Options, is_open: bool, random_split: bool):
        corpora = ("crema-d",) if is_open else ("crema-d", "ravdess", "savee", "tess")
        corpora += () if is_open or random_split else ("ravdess-song", "emodb")
        self.teacher = teacher_of(options.teacher)
        self.emotions = [e for e in EMOTIONS if not (is_open and e == "surprise")]
        self.by_speed = speech(options.data, options.cache, corpora, options.smoke)
        if random_split:
            self.by_speed = {speed: mixed(clips) for speed, clips in self.by_speed.items()}
        self.clips = self.by_speed["1"]
        # voice-open is tested in recorded noise like the other, but neither trained nor chosen with it.
        self.recorded = noises(options.data, options.cache, options.smoke)
        self.noises = Noises(None if is_open else self.recorded, self.clips, "train")
        self.emotion = np.array([self.emotions.index(s.label) for s in self.clips.samples])
        self.sex = np.array([SEXES.index(s.sex) for s in self.clips.samples])
        self.chances = [self._chances(clips) for clips in self.by_speed.values()]
        self.is_open, self.random_split = is_open, random_split

    def _chances(self, clips: Clips) -> tuple[Clips, np.ndarray, np.ndarray]:
        """Clips, the numbers of their training clips, and how likely each is drawn."""
        train = np.array([i for i, s in enumerate(clips.samples) if s.split == "train"])
        kinds = [(clips.samples[i].tags["corpus"], clips.samples[i].label) for i in train]
        count = Counter(kinds)
        chance = np.array([count[k] ** -0.5 for k in kinds])
        for corpus in {c for c, _ in kinds}:
            of_corpus = np.array([c == corpus for c, _ in kinds])
            chance[of_corpus] *= SHARES[corpus] / chance[of_corpus].sum()
        return clips, train, chance / chance.sum()

    def batches(self, rng: np.random.Generator, progress: float):
        """Endless batches: windows [64, 1, 64, 300], emotion and sex as soft targets."""
        while True:
            drawn = [self._draw(rng) for _ in range(BATCH)]
            inputs = masked(network_input(np.stack([d[0] for d in drawn])), rng)
            emotion = self._soft([d[1] for d in drawn], len(self.emotions), SMOOTHING)
            # A resampled voice has the formants of nobody's sex: it teaches emotion alone (a row of zeros counts nothing).
            natural = torch.tensor([d[3] for d in drawn]).float()[:, None]
            sex = self._soft([d[2] for d in drawn], 2, 0.05) * natural
            if rng.random() < MIXUP_SHARE:
                keep, other = float(rng.beta(MIXUP, MIXUP)), torch.from_numpy(rng.permutation(BATCH))
                inputs = keep * inputs + (1 - keep) * inputs[other]
                emotion = keep * emotion + (1 - keep) * emotion[other]
                sex = keep * sex + (1 - keep) * sex[other]
            yield inputs, emotion, sex

    def _draw(self, rng: np.random.Generator) -> tuple[np.ndarray, int, int, bool]:
        speed = int(rng.choice(3, p=[0.5, 0.25, 0.25]))
        clips, train, chance = self.chances[speed]
        i = int(rng.choice(train, p=chance))
        sample = clips.samples[i]
        window = augment(clips.db(i), rng, self.noises)
        return window, self.emotions.index(sample.label), SEXES.index(sample.sex), speed == 0

    def _soft(self, classes: list[int], n: int, smoothing: float) -> torch.Tensor:
        hard = nn.functional.one_hot(torch.tensor(classes), n).float()
        return hard * (1 - smoothing) + smoothing / n

    def loss(self, model: nn.Module, batch: tuple) -> torch.Tensor:
        """Cross-entropy of both heads; sex weighs 0.5 (of half the clips)."""
        inputs, emotion, sex = (t.to(device()) for t in batch)
        inputs = inputs.to(memory_format=torch.channels_last)
        logits = model(inputs).float()
        n = len(self.emotions)
        of_emotion = -(emotion * logits[:, :n].log_softmax(1)).sum(1).mean()
        of_sex = -(sex * logits[:, n:].log_softmax(1)).sum(1).mean()
        return taught(of_emotion + SEX_WEIGHT * of_sex, logits, inputs, self.teacher, [slice(0, n), slice(n, n + 2)])

    def logits(self, model: nn.Module, chosen: np.ndarray, noise=None, snr_db: float = 0.0) -> np.ndarray:
        """Clip-wise logits [n, heads]: the mean over a clip's windows. `noise(rng)` adds it under the speech."""
        rng = np.random.default_rng(5)
        inputs, owner = [], []
        for k, i in enumerate(chosen):
            for window in windows(self.clips.db(i).astype(np.float32)):
                if noise:
                    filled = np.flatnonzero(window[:, 0] > -99.9)
                    window = add_noise(window, slice(filled[0], filled[-1] + 1), noise(rng), snr_db).astype(np.float32)
                inputs.append(window)
                owner.append(k)
        out = []
        with torch.no_grad():
            for first in range(0, len(inputs), BATCH):
                batch = network_input(np.stack(inputs[first : first + BATCH])).to(device())
                out.append(model(batch.to(memory_format=torch.channels_last)).float().cpu().numpy())
        sums = np.zeros((len(chosen), out[0].shape[1]), np.float64)
        np.add.at(sums, owner, np.concatenate(out))
        return sums / np.bincount(owner)[:, None]

    def of(self, corpus: str, split: str) -> np.ndarray:
        """Numbers of a corpus's clips in a split."""
        samples = enumerate(self.clips.samples)
        return np.array([i for i, s in samples if s.tags["corpus"] == corpus and s.split == split], int)

    def drawn_noise(self, split: str, label: str | None = None, kinds=("engine", "road")):
        """A function that draws windows of one sound class (or kinds) of a split; None where the set has no such sound."""
        chosen = [i for i, s in enumerate(self.recorded.samples)
                  if s.split == split and (s.label == label if label else s.tags["kind"] in kinds)]
        if not chosen:
            return None
        return lambda rng: self.noises.window(self.recorded, int(rng.choice(chosen)), rng)

    def evaluate(self, model: nn.Module) -> dict:
        """Validation: emotion UAR of CREMA-D clean and in noise at 5 dB, of RAVDESS, and sex."""
        n, seen = len(self.emotions), {}
        crema = self.of("crema-d", "val")
        clean = self.logits(model, crema)
        noise = None if self.is_open else self.drawn_noise("val")
        noisy = self.logits(model, crema[::2], noise or shaped_noise, 5.0)
        seen["crema"] = uar(clean[:, :n], self.emotion[crema])
        seen["cremaNoise5dB"] = uar(noisy[:, :n], self.emotion[crema[::2]])
        seen["sex"] = uar(clean[:, n:], self.sex[crema])
        seen["score"] = 0.65 * seen["crema"] + 0.35 * seen["cremaNoise5dB"]
        if not self.is_open:
            ravdess = self.of("ravdess", "val")
            seen["ravdess"] = uar(self.logits(model, ravdess)[:, :n], self.emotion[ravdess])
            seen["score"] = 0.45 * seen["crema"] + 0.25 * seen["cremaNoise5dB"] + 0.3 * seen["ravdess"]
        return seen

    def examine(self, model: nn.Module) -> dict:
        """All splits that may be reported, per corpus and never pooled; tests in noise too."""
        found: dict = {"val": {}, "test": {}, "holdout": {}}
        for corpus in sorted({s.tags["corpus"] for s in self.clips.samples}):
            for split in found:
                chosen = self.of(corpus, split)
                if len(chosen):
                    found[split][corpus] = self._scored(self.logits(model, chosen), chosen)
        if self.random_split:
            tested = np.array([i for i, s in enumerate(self.clips.samples) if s.split == "test"], int)
            found["test"]["all four corpora"] = self._scored(self.logits(model, tested), tested)
            return found
        crema = self.of("crema-d", "test")
        draws = {"car": self.drawn_noise("test", "car-interior"), "engineAndRoad": self.drawn_noise("test"),
                 "babble": self.drawn_noise("test", kinds=("babble",)), "shaped": shaped_noise}
        for name, draw in draws.items():
            if draw is None:
                continue
            for snr_db in (10, 0):
                found["test"][f"crema-d {name} {snr_db} dB"] = self._scored(self.logits(model, crema, draw, snr_db), crema)
        return found

    def _scored(self, logits: np.ndarray, chosen: np.ndarray) -> dict:
        n = len(self.emotions)
        emotion, sex = softmax(logits[:, :n]), softmax(logits[:, n:])
        right = (emotion.argmax(1) == self.emotion[chosen]) & (sex.argmax(1) == self.sex[chosen])
        return {"emotion": scores(emotion, self.emotion[chosen], self.emotions),
                "sex": scores(sex, self.sex[chosen], SEXES), "accuracy14": round(float(right.mean()), 4)}

    def facts(self, model: nn.Module) -> dict:
        """Data counts, calibration and scores for the metrics JSON."""
        n, val = len(self.emotions), self.of("crema-d", "val")
        if not self.is_open:
            val = np.concatenate([val, self.of("ravdess", "val")])
        logits = self.logits(model, val)
        counts = Counter(f"{s.tags['corpus']} {s.split}" for s in self.clips.samples)
        return {"labels": self.emotions + SEXES,
                "temperature": {"emotion": temperature(logits[:, :n], self.emotion[val]),
                                "sex": temperature(logits[:, n:], self.sex[val])},
                "data": dict(sorted(counts.items())), "scores": self.examine(model)}


def mixed(clips: Clips) -> Clips:
    """The source system's split: a random fifth of the clips is the test, whoever speaks; 5 % choose the epoch."""
    samples = [replace(s, split=split_by_group(s.file, 0.05, 0.2)) for s in clips.samples]
    return replace(clips, samples=samples)


def task(training: VoiceTraining, width: float) -> Task:
    """The recipe: AdamW, peak 3e-3, weight decay 0.03, dropout 0.3."""
    model = VoiceNet(len(training.emotions), width).to(device()).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.03)
    return Task(model, optimizer, training.batches, training.loss, training.evaluate)


def run(options: Options, is_open: bool, random_split: bool = False):
    """Trains (or resumes) and returns (model, input shape, trained, facts) for the export."""
    torch.manual_seed(options.seed)
    training = VoiceTraining(options, is_open, random_split)
    made = task(training, options.width)
    plan = Plan(epochs=options.epochs or 60, steps=3 if options.smoke else STEPS, peak_rate=3e-3,
                minutes=options.minutes, seed=options.seed, evaluate_every=1 if options.smoke else 3)
    trained = fit(made, plan, options.folder)
    made.model.load_state_dict(trained.state)
    made.model.eval()
    packs = [f"speech-{c}.tar.gz" for c in (["crema-d"] if is_open else SHARES)] + ["speech.csv"]
    packs += ["noise-sounds.tar.gz"]
    return made.model, (1, VOICE["melBands"], VOICE["frames"]), trained, training.facts(made.model), packs
