"""The CMU motion pack (`../shared/data/cmu`): clips as `Motion`, captions, and the fixed split. Never shipped."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.core import rotations as R
from engine.core.config import ROOT
from engine.core.types import Motion

FOLDER = ROOT.parent / "shared" / "data" / "cmu"
HELD_OUT_EVERY = 10
"""Every tenth trial, in the order of their names, is never trained on."""


@dataclass(frozen=True)
class CmuClip:
    """trial: for example '35_01'.  caption: the CMU index text.  held_out: kept from training."""

    trial: str
    caption: str
    path: Path
    held_out: bool

    def motion(self) -> Motion:
        """The clip on the mean skeleton, 30 fps."""
        with np.load(self.path, allow_pickle=False) as z:
            aa = z["poses"].astype(np.float64).reshape(-1, 22, 3)
            return Motion(z["root_pos"], R.quat_from_aa(aa), float(z["mocap_frame_rate"]))


def cmu_clips(folder: Path = FOLDER) -> list[CmuClip]:
    """All clips in the order of their names; empty when the pack is not there."""
    if not folder.is_dir():
        return []
    rows = json.loads((folder / "index.json").read_text())
    rows = rows if isinstance(rows, list) else list(rows.values())
    captions = {str(r["trial"]): str(r["caption"]) for r in rows}
    paths = sorted(folder.glob("*.npz"))
    return [
        CmuClip(p.stem, captions.get(p.stem, ""), p, i % HELD_OUT_EVERY == HELD_OUT_EVERY - 1)
        for i, p in enumerate(paths)
    ]
