"""Best weights to ONNX and the metrics that go with them.

Output: models/weights/<name>.onnx (fp32, batch norm folded, fixed batch of one) and
models/metrics/<name>.json, which carries the weights' sha256.
"""

import hashlib
import json
import sys
from pathlib import Path

import onnx
import torch
from torch import nn

from models.training.loop import Trained
from models.training.networks import parameters

MODELS = Path(__file__).parent.parent
OPSET = 13


def export(model: nn.Module, shape: tuple[int, ...], path: Path, folds: bool = True) -> None:
    """Writes `model` as ONNX with input `input` of [1, *shape] and output `logits`.

    `folds`: every norm follows a convolution directly. The source's follow a ReLU and stay nodes of their own.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = model.eval().cpu().to(memory_format=torch.contiguous_format)
    options = {"dynamo": False} if int(torch.__version__.split(".")[0]) >= 2 and "dynamo" in _export_options() else {}
    torch.onnx.export(plain, torch.zeros(1, *shape), str(path), opset_version=OPSET, input_names=["input"],
                      output_names=["logits"], do_constant_folding=True, **options)
    graph = onnx.load(str(path))
    onnx.checker.check_model(graph)
    kinds = {node.op_type for node in graph.graph.node}
    if folds and kinds & {"BatchNormalization", "ReduceMean"}:
        raise RuntimeError(f"{path.name} holds {sorted(kinds)}: batch norm must fold and pools must be pools.")


def _export_options() -> set[str]:
    import inspect

    return set(inspect.signature(torch.onnx.export).parameters)


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as f:
        while block := f.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def write_metrics(name: str, weights: Path, model: nn.Module, trained: Trained, folder: Path, facts: dict) -> Path:
    """Writes <folder>/<name>.json: weights, how they were made, data and scores."""
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / f"{name}.json"
    document = {
        "network": name,
        "weights": {"file": weights.name, "sha256": sha256(weights), "bytes": weights.stat().st_size,
                    "precision": "fp32", "parameters": parameters(model)},
        "training": {"command": "python3 -m models.training.train " + " ".join(sys.argv[1:]),
                     "torch": torch.__version__, "epochs": trained.epochs, "bestEpoch": trained.best_epoch,
                     "spentS": round(trained.spent_s), "finished": trained.finished},
        **facts,
        "history": trained.history,
    }
    written.write_text(json.dumps(document, indent=1) + "\n")
    return written


def packs(data: Path, names: list[str]) -> dict[str, str]:
    """sha256 of each data pack that is there: metrics are bound to the data they were measured on."""
    return {n: sha256(data / n) for n in names if (data / n).exists()}
