"""The measured values that an answer may quote, by name, as words ready to be put into a sentence."""

from __future__ import annotations

import numpy as np

from engine.core.plan import Plan
from engine.core.rotations import heading
from engine.core.types import Motion
from engine.loop.versions import Version


def answer_facts(version: Version, plan: Plan) -> dict[str, str]:
    """Values for the placeholders of an answer about `version`, all of its first person.

    seconds, frames, distance (metres walked), turn (degrees from first to last frame, unsigned), speed (metres a
    second on average), content (what it shows).
    """
    motion = version.scene.motions[0]
    distance = path_length(motion)
    return {
        "seconds": f"{motion.duration_s:.1f}",
        "frames": str(motion.num_frames),
        "distance": f"{distance:.1f}",
        "turn": f"{abs(turned_deg(motion)):.0f}",
        "speed": f"{distance / motion.duration_s:.1f}",
        "content": _content(version) or str(plan),
    }


def path_length(motion: Motion) -> float:
    """Metres that the pelvis travels over the floor, sampled twice a second so that its sway does not count."""
    every = max(1, round(motion.fps / 2))
    stops = np.unique(np.append(np.arange(0, motion.num_frames, every), motion.num_frames - 1))
    path = motion.root_pos[stops][:, (0, 2)]
    return float(np.linalg.norm(np.diff(path, axis=0), axis=-1).sum())


def turned_deg(motion: Motion) -> float:
    """Degrees that the body turns from the first to the last frame, left positive; whole turns count."""
    facing = np.unwrap(heading(motion.joint_quat[:, 0].astype(np.float64)))
    return float(np.degrees(facing[-1] - facing[0]))


def _content(version: Version) -> str:
    return version.scene.caption.strip().rstrip(".")
