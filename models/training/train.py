"""Trains one network: `python3 -m models.training.train NETWORK [--minutes M | --epochs N] [--smoke]`.

Input: the data folder (--data). Output: models/weights/NETWORK.onnx and models/metrics/NETWORK.json; with
--smoke (a minute on a tiny subset) both go to .cache/training/smoke instead. The same command resumes.
"""

import argparse
import importlib
import json
from pathlib import Path

import torch

from models.training.export import MODELS, export, packs, write_metrics
from models.training.options import Options

# network -> module and its arguments; a module is loaded only when asked for, so that voice needs no pictures.
NETWORKS = {
    "voice": ("voice", {"is_open": False}),
    "voice-open": ("voice", {"is_open": True}),
    "voice-random-split": ("voice", {"is_open": False, "random_split": True}),
    "face-emotion": ("face_emotion", {}),
    "face-sex": ("face_sex", {}),
    "eye-state": ("eye_state", {}),
    "mouth": ("mouth", {}),
    "source-image": ("source_image", {}),
    "source-voice": ("source_voice", {}),
}


def main() -> None:
    asked = _arguments()
    root = MODELS.parent
    cache = root / ".cache" / "training"
    folder = cache / ("smoke" if asked.smoke else "runs") / f"{asked.network}-{asked.run}"
    if asked.restart or asked.smoke:
        (folder / "checkpoint.pt").unlink(missing_ok=True)
    teacher = cache / "runs" / f"{asked.network}-{asked.teacher}" if asked.teacher else None
    epochs, minutes = (2, None) if asked.smoke else (asked.epochs, asked.minutes)
    options = Options(asked.network, asked.data, cache, folder, asked.seed, epochs, minutes, asked.smoke,
                      asked.width, teacher)
    module, arguments = NETWORKS[asked.network]
    training = importlib.import_module(f"models.training.{module}")
    model, shape, trained, facts, files = training.run(options, **arguments)
    out = folder if asked.smoke or not (asked.publish or asked.run == "main") else MODELS
    # The source's split lets a speaker into both sides: its score is worth keeping, its weights are not.
    weights = (folder if asked.network == "voice-random-split" else out) / "weights" / f"{asked.network}.onnx"
    export(model, shape, weights, folds=not asked.network.startswith("source-"))
    facts = {"seed": asked.seed, "packs": packs(asked.data, files), **facts}
    written = write_metrics(asked.network, weights, model, trained, out / "metrics", facts)
    print(json.dumps({"weights": str(weights), "metrics": str(written), "bestEpoch": trained.best_epoch}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="models.training.train", description="Trains one network; the same command resumes.")
    parser.add_argument("network", choices=sorted(NETWORKS))
    parser.add_argument("--data", type=Path, default=MODELS.parent.parent / "shared" / "data", help="data folder")
    parser.add_argument("--minutes", type=float, help="length by training time, resumed runs counted together")
    parser.add_argument("--epochs", type=int, help="length by epochs; default: the recipe's")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--run", default="main", help="name of the run; only `main` writes to models/")
    parser.add_argument("--publish", action="store_true", help="write this run's best weights to models/ all the same")
    parser.add_argument("--width", type=float, default=1.0, help="channels times this (face-emotion, voice)")
    parser.add_argument("--teacher", help="name of another run of this network to learn from")
    parser.add_argument("--restart", action="store_true", help="forget this run's checkpoint")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--smoke", action="store_true", help="a minute on a tiny subset")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    return asked


if __name__ == "__main__":
    main()
