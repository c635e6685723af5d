"""Writes the model cards: `python3 -m models.cards.write [NETWORK...]`.

Input: models/metrics/<network>.json (measured) and facts.json (what no measurement says). Output:
models/cards/<network>.md; no number in it is typed by hand.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
METRICS = HERE.parent / "metrics"


def card(network: str, facts: dict, metrics: dict) -> str:
    """The whole card as Markdown; the licence's consequence is its first line."""
    weights, training = metrics["weights"], metrics["training"]
    lines = [facts["licence"], "", f"# {network}", "", facts["purpose"], "",
             f"- Input: {facts['input']}", f"- Labels: {json.dumps(metrics['labels'])}",
             f"- Weights: `{weights['file']}`, {weights['parameters']:,} parameters, {weights['bytes'] / 1e6:.2f} MB, "
             f"{weights['precision']}, sha256 `{weights['sha256'][:16]}`",
             f"- Trained: `{training['command']}`, seed {metrics['seed']}, {training['epochs']} epochs in "
             f"{training['spentS'] / 60:.0f} min, best epoch {training['bestEpoch']}, torch {training['torch']}",
             f"- Temperature (validation): {json.dumps(metrics['temperature'])}" if "temperature" in metrics else "",
             "", "```", *facts["architecture"], "```", "", "## Data", "", "| part | samples |", "|---|---:|"]
    lines += [f"| {part} | {count} |" for part, count in metrics["data"].items()]
    lines += ["", *([metrics["notes"], ""] if "notes" in metrics else []), "## Results", ""]
    lines += ["| on | n | accuracy | UAR | macro F1 | calibration error | recall per class |"]
    lines += ["|---|---:|---:|---:|---:|---:|---|"]
    lines += [row(name, found) for name, found in walk(metrics["scores"]) if "uar" in found]
    others = [(name, found) for name, found in walk(metrics["scores"]) if "uar" not in found]
    if others:
        lines += ["", "| else | |", "|---|---|"]
        lines += [f"| {name} | {', '.join(f'{k} {v}' for k, v in found.items())} |" for name, found in others]
    lines += ["", "## Known failures", "", *(f"- {f}" for f in facts["failures"]), ""]
    return "\n".join(line for line in lines if line is not None)


def walk(found: dict, name: str = ""):
    """(name, table) of every innermost block of scores."""
    if "uar" in found or not any(isinstance(v, dict) for v in found.values()):
        yield name, {k: v for k, v in found.items() if not isinstance(v, dict) or k == "perClass"}
        return
    for key, inner in found.items():
        if isinstance(inner, dict):
            yield from walk(inner, f"{name}, {key}" if name else key)
    plain = {k: v for k, v in found.items() if not isinstance(v, dict)}
    if plain:
        yield name, plain


def row(name: str, found: dict) -> str:
    """One line of the results; single classes only where there are seven at most."""
    classes = found["perClass"]
    recalls = ", ".join(f"{c} {v['recall']:.2f}" for c, v in classes.items()) if len(classes) <= 7 else ""
    extra = f"; aspect alone {found['aspectAlone']:.3f}" if "aspectAlone" in found else ""
    return (f"| {name} | {found['n']} | {found['accuracy']:.3f} | {found['uar']:.3f} | {found['macroF1']:.3f} | "
            f"{found['calibrationError']:.3f} | {recalls}{extra} |")


def main() -> None:
    described = json.loads((HERE / "facts.json").read_text())
    for network in sys.argv[1:] or sorted(described):
        measured = METRICS / f"{network}.json"
        if measured.exists():
            (HERE / f"{network}.md").write_text(card(network, described[network], json.loads(measured.read_text())))


if __name__ == "__main__":
    main()
