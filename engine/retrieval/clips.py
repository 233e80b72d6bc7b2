"""Reference clips with their captions, many in one file: rotations as 16-bit integers, so that a second costs 4 kB."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.core.errors import UserError
from engine.core.types import MODEL_FPS, Motion

_UNIT = 32767


@dataclass(frozen=True, eq=False)
class Clip:
    """A motion of one person at 20 fps and what it shows. source: where it came from: 'shipped', a file's name, 'chat'.

    origin: fingerprint of the file that it was read from, '' for none.  owner: whose sessions may see it, '' for all.
    """

    clip_id: str
    caption: str
    source: str
    motion: Motion
    origin: str = ""
    owner: str = ""

    @staticmethod
    def of(motion: Motion, caption: str, source: str, origin: str = "", owner: str = "") -> Clip:
        """A clip named after its content: the same motion with the same caption of the same owner is the same clip."""
        motion = motion.resample(MODEL_FPS)
        root, quat = _pack(motion)
        digest = hashlib.sha256(root.tobytes() + quat.tobytes() + (caption + owner).encode())
        return Clip(digest.hexdigest()[:16], caption, source, motion, origin, owner)


def _pack(motion: Motion) -> tuple[np.ndarray, np.ndarray]:
    return np.round(motion.root_pos, 4), np.round(motion.joint_quat * _UNIT).astype(np.int16)


def write_clips(path: Path, clips: Sequence[Clip]) -> None:
    """Write clips to an .npz."""
    packed = [_pack(clip.motion) for clip in clips]
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    np.savez_compressed(
        part,
        root=np.concatenate([root for root, _ in packed]).astype(np.float32),
        quat=np.concatenate([quat for _, quat in packed]),
        lengths=np.array([clip.motion.num_frames for clip in clips], np.int32),
        clip_id=np.array([clip.clip_id for clip in clips]),
        caption=np.array([clip.caption for clip in clips]),
        source=np.array([clip.source for clip in clips]),
        origin=np.array([clip.origin for clip in clips]),
        owner=np.array([clip.owner for clip in clips]),
    )
    part.replace(path)


def read_clips(path: Path) -> list[Clip]:
    """Clips of a file that `write_clips` wrote. UserError for any other."""
    try:
        with np.load(path, allow_pickle=False) as z:
            edges = np.cumsum(z["lengths"])[:-1]
            roots, quats = np.split(z["root"], edges), np.split(z["quat"].astype(np.float32), edges)
            owners = z["owner"] if "owner" in z else [""] * len(z["clip_id"])
            rows = list(zip(z["clip_id"], z["caption"], z["source"], z["origin"], owners, strict=True))
    except (OSError, KeyError, ValueError) as error:
        raise UserError(f"{path} is not a file of reference clips: {error}") from error
    return [
        Clip(str(name), str(caption), str(source), Motion(root, quat / _norm(quat), MODEL_FPS), str(origin), str(owner))
        for (name, caption, source, origin, owner), root, quat in zip(rows, roots, quats, strict=True)
    ]


def _norm(quat: np.ndarray) -> np.ndarray:
    return np.linalg.norm(quat, axis=-1, keepdims=True)
