"""Scores of a classifier on labelled samples. Shares are fractions 0-1.

Input: probabilities [n, classes] and class numbers [n]. Output: plain dictionaries for the metrics JSON.
"""

import numpy as np


def scores(probabilities: np.ndarray, truth: np.ndarray, labels: list[str]) -> dict:
    """accuracy, uar, macroF1 (over the classes that occur), per class, confusion, calibration error."""
    guessed = probabilities.argmax(1)
    matrix = np.zeros((len(labels), len(labels)), int)
    np.add.at(matrix, (truth, guessed), 1)
    there = matrix.sum(1) > 0
    recall = matrix.diagonal() / np.maximum(matrix.sum(1), 1)
    precision = matrix.diagonal() / np.maximum(matrix.sum(0), 1)
    f1 = 2 * recall * precision / np.maximum(recall + precision, 1e-9)
    per_class = {
        labels[i]: {"n": int(matrix[i].sum()), "recall": _r(recall[i]), "precision": _r(precision[i]), "f1": _r(f1[i])}
        for i in np.flatnonzero(there)
    }
    return {
        "n": int(len(truth)),
        "accuracy": _r((guessed == truth).mean()),
        "uar": _r(recall[there].mean()),
        "macroF1": _r(f1[there].mean()),
        "calibrationError": _r(calibration_error(probabilities, truth)),
        "perClass": per_class,
        "confusion": {"labels": labels, "matrix": matrix.tolist()},
    }


def uar(probabilities: np.ndarray, truth: np.ndarray) -> float:
    """Mean recall over the classes that occur in `truth`."""
    guessed = probabilities.argmax(1)
    return float(np.mean([(guessed[truth == c] == c).mean() for c in np.unique(truth)]))


def calibration_error(probabilities: np.ndarray, truth: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error: gap between confidence and accuracy, by equal-width bins of confidence."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == truth
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [(which == b).mean() * abs(confidence[which == b].mean() - right[which == b].mean())
            for b in np.unique(which)]
    return float(sum(gaps))


def temperature(logits: np.ndarray, truth: np.ndarray) -> float:
    """The temperature that makes the validation answers likeliest; logits are divided by it in the product."""
    def loss(t: float) -> float:
        scaled = logits / t
        scaled = scaled - scaled.max(1, keepdims=True)
        return float(np.mean(np.log(np.exp(scaled).sum(1)) - scaled[np.arange(len(truth)), truth]))
    return round(float(min(np.arange(0.3, 3.01, 0.02), key=loss)), 2)


def softmax(logits: np.ndarray) -> np.ndarray:
    """Row-wise softmax."""
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def _r(x: float) -> float:
    return round(float(x), 4)
