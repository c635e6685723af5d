"""models/preprocessing.json: the numbers that TypeScript and Python share."""

import json
from pathlib import Path

PREPROCESSING = json.loads((Path(__file__).parent.parent / "preprocessing.json").read_text())
