"""Pictures from packs and folders: gray strips, jpg tars, files.

Output: lists of uint8 arrays, [height, width] gray or [height, width, 3] RGB.
"""

import csv
import hashlib
import io
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image


def strips(pack: Path, side: int) -> tuple[list[dict], np.ndarray]:
    """Rows of labels.csv and pictures [n, side, side]: gray PNGs one picture wide, in the rows' order."""
    with tarfile.open(pack) as tar:
        rows = table(tar, "labels.csv")
        names = sorted(n for n in tar.getnames() if n.endswith(".png"))
        shards = [np.asarray(Image.open(io.BytesIO(tar.extractfile(n).read()))) for n in names]
    pictures = np.concatenate(shards).reshape(-1, side, side)
    if len(rows) != len(pictures):
        raise SystemExit(f"{pack.name}: {len(rows)} rows in labels.csv but {len(pictures)} pictures.")
    return rows, pictures


def files_of(pack: Path, listing: str) -> tuple[list[dict], list[np.ndarray]]:
    """Rows of a table in a tar of pictures, and the pictures its column `file` names."""
    with tarfile.open(pack) as tar:
        rows = table(tar, listing)
        # Read in the tar's own order: seeking back and forth in a .gz unpacks it again each time.
        wanted = {r["file"] for r in rows}
        found = {m.name: decode(tar.extractfile(m).read()) for m in tar if m.name in wanted}
    return rows, [found[r["file"]] for r in rows]


def table(tar: tarfile.TarFile, name: str) -> list[dict]:
    """Rows of a CSV inside a tar."""
    return list(csv.DictReader(io.StringIO(tar.extractfile(name).read().decode())))


def decode(data: bytes) -> np.ndarray:
    """A picture file's pixels, RGB or gray as stored."""
    picture = Image.open(io.BytesIO(data))
    return np.asarray(picture if picture.mode == "L" else picture.convert("RGB"))


def folder_pictures(folder: Path, labels: dict[str, str]) -> tuple[list[tuple[str, str]], list[np.ndarray]]:
    """(file, label) and pixels of `folder/<class>/*`, the layout most sets are published in."""
    files = [(str(p.relative_to(folder)), labels[p.parent.name]) for p in sorted(folder.rglob("*"))
             if p.parent.name in labels and p.suffix.lower() in {".jpg", ".jpeg", ".png", ".bmp"}]
    return files, [decode((folder / f).read_bytes()) for f, _ in files]


def pixel_hash(picture: np.ndarray) -> str:
    """Equal for equal pixels: finds copies within and across splits."""
    return hashlib.sha256(repr(picture.shape).encode() + np.ascontiguousarray(picture).tobytes()).hexdigest()[:24]
