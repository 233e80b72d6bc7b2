"""Checks on an edit: how the motion after it must follow from the motion before, on joint positions, exactly.

Every check takes the motions of the session so far, oldest first, the last of them after the edit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from engine.core.skeleton import MIRROR, NUM_JOINTS, J
from engine.core.types import Motion
from engine.train.suite.track import Track, Verdict

SAME_M = 1e-3
ARMS = [J[f"{side}_{name}"] for side in ("left", "right") for name in ("collar", "shoulder", "elbow", "wrist")]
BODY = [j for j in range(NUM_JOINTS) if j not in ARMS]


def _apart(a: np.ndarray, b: np.ndarray) -> float:
    """Largest distance between joints (T, J, 3), metres; infinite when the lengths differ."""
    return float(np.linalg.norm(a - b, axis=-1).max()) if a.shape == b.shape else float("inf")


def _same(distance: float, what: str) -> Verdict:
    text = "another number of frames" if np.isinf(distance) else f"{1000 * distance:.1f} mm apart"
    return Verdict(distance < SAME_M, f"{what}: {text}")


def _placed(pos: np.ndarray) -> np.ndarray:
    """Joints (T, J, 3) moved and turned so that the first frame stands over the origin and faces +Z."""
    left, up, forward = Track(pos.astype(np.float64), np.zeros((len(pos), 3))).axes[0]
    return (pos - pos[0, 0] * [1, 0, 1]) @ np.stack([left, up, forward]).T


def sped(motions: Sequence[Motion], least: float, most: float) -> Verdict:
    """Played faster by a factor in a range, over the same path and with the same poses."""
    before, after = motions[-2], motions[-1]
    factor = before.duration_s / after.duration_s
    at = np.linspace(0, before.num_frames - 1, after.num_frames)
    off = _apart(before.sample_at(at).joint_positions(), after.joint_positions())
    return Verdict(
        least <= factor <= most and off < 0.02, f"{factor:.2f} times as fast, {1000 * off:.0f} mm off the path"
    )


def mirrored(motions: Sequence[Motion]) -> Verdict:
    """Left and right swapped, seen from where each begins."""
    before, after = (_placed(m.joint_positions()) for m in motions[-2:])
    return _same(_apart(before[:, MIRROR[:NUM_JOINTS]] * [-1, 1, 1], after), "the mirror image and the result")


def arms_swapped(motions: Sequence[Motion]) -> Verdict:
    """Legs, trunk and head stay; each arm does what the other did, seen from the chest."""
    before, after = motions[-2], motions[-1]
    if before.num_frames != after.num_frames:
        return _same(float("inf"), "arms")
    old, new = before.joint_positions(), after.joint_positions()
    stayed = _apart(old[:, BODY], new[:, BODY])
    angles = {side: [J[f"{side}_{n}"] for n in ("shoulder", "elbow", "wrist")] for side in ("left", "right")}
    bend = {s: (_elbow(old[:, a]), _elbow(new[:, a])) for s, a in angles.items()}
    swap = max(
        float(np.abs(bend["left"][0] - bend["right"][1]).max()), float(np.abs(bend["right"][0] - bend["left"][1]).max())
    )
    text = f"the body moved by {1000 * stayed:.1f} mm, the elbows differ from the other's by {swap:.2f} degrees"
    return Verdict(stayed < SAME_M and swap < 0.5, text)


def _elbow(arm: np.ndarray) -> np.ndarray:
    """Angle (T,) of an elbow in degrees, from shoulder, elbow and wrist (T, 3, 3)."""
    a, b = arm[:, 0] - arm[:, 1], arm[:, 2] - arm[:, 1]
    cosine = (a * b).sum(-1) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1))
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def trimmed(motions: Sequence[Motion], start: float = 0.0, end: float = 0.0) -> Verdict:
    """So many seconds are gone from the start and from the end; the rest is untouched."""
    before, after = motions[-2], motions[-1]
    first, last = round(start * before.fps), before.num_frames - round(end * before.fps)
    return _same(_apart(before.joint_positions()[first:last], after.joint_positions()), "what should stay")


def kept(motions: Sequence[Motion], start: float, stop: float) -> Verdict:
    """Only that span of seconds is left, give or take a frame."""
    before, after = motions[-2], motions[-1]
    first = round(start * before.fps)
    wanted = before.joint_positions()[first : first + after.num_frames]
    length = abs(after.duration_s - (stop - start)) * before.fps
    if length > 1.5:
        return Verdict(False, f"{after.duration_s:.2f} s are left")
    return _same(_apart(wanted, after.joint_positions()), "what should stay")


def repeated(motions: Sequence[Motion], count: int) -> Verdict:
    """Plays that often; the first play is untouched and every later one ends in the same pose."""
    before, after = motions[-2], motions[-1]
    n = before.num_frames
    if after.num_frames != count * n:
        return Verdict(False, f"{after.num_frames / n:.2f} times as long")
    pos = after.joint_positions()
    off = _apart(before.joint_positions(), pos[:n])
    for i in range(1, count):
        off = max(off, _apart(_placed(before.joint_positions()[-2:]), _placed(pos[(i + 1) * n - 2 : (i + 1) * n])))
    return _same(off, "the plays")


def turned(motions: Sequence[Motion], degrees: float) -> Verdict:
    """Faces another way when it begins, and is otherwise the same."""
    before, after = (m.joint_positions() for m in motions[-2:])
    yaw = []
    for pos in (before, after):
        forward = Track(pos[:1].astype(np.float64), np.zeros((1, 3))).axes[0, 2]
        yaw.append(np.degrees(np.arctan2(forward[0], forward[2])))
    difference = (yaw[1] - yaw[0] - degrees + 180) % 360 - 180
    same = _same(_apart(_placed(before), _placed(after)), "seen from the body")
    text = f"turned by {(yaw[1] - yaw[0] + 180) % 360 - 180:.1f} degrees, {same.measured}"
    return Verdict(same.passed and abs(difference) < 0.5, text)


def backwards(motions: Sequence[Motion]) -> Verdict:
    """The same poses from the last to the first."""
    return _same(_apart(motions[-2].joint_positions()[::-1], motions[-1].joint_positions()), "the reverse")


def continued(motions: Sequence[Motion]) -> Verdict:
    """The motion goes on: what was there is untouched, and more follows."""
    before, after = motions[-2], motions[-1]
    more = (after.num_frames - before.num_frames) / after.fps
    if more <= 0.3:
        return Verdict(False, f"{more:.1f} s were added")
    return _same(_apart(before.joint_positions(), after.joint_positions()[: before.num_frames]), "what was there")


def restored(motions: Sequence[Motion]) -> Verdict:
    """The motion before the last change is back."""
    changed = _apart(motions[-2].joint_positions(), motions[-3].joint_positions()) >= SAME_M
    back = _same(_apart(motions[-1].joint_positions(), motions[-3].joint_positions()), "the one before the change")
    return back if changed else Verdict(False, "there was no change to take back")


CHANGES: Mapping[str, Callable[..., Verdict]] = {
    check.__name__: check
    for check in (sped, mirrored, arms_swapped, trimmed, kept, repeated, turned, backwards, continued, restored)
}
