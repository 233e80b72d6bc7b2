"""Clips put together from pieces of a motion: seams are blended, and what comes after goes on from where it is.

Where a piece comes back to about the place it should, what follows stays bit-identical; where it does not (a walk that
is cut or repeated), what follows is moved and turned on the floor as a whole, so that nobody is carried off.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from engine.core.errors import UserError
from engine.core.types import Motion
from engine.edit.anchor import Anchor
from engine.edit.join import blend_start, concatenate, place
from engine.edit.scope import Edited, Scope
from engine.edit.spans import Frames

SEAM_S = 0.2
NEAR_M, NEAR_RAD = 0.1, np.radians(10)
"""Frames this near to each other on the floor are blended where they are."""
MAX_SECONDS = 600.0


def near(a: Motion, b: Motion) -> bool:
    """Whether the end of a and the beginning of b are at about the same place on the floor, facing the same way."""
    end, start = Anchor.of(a, -1), Anchor.of(b)
    gap = np.linalg.norm((end.point - start.point)[[0, 2]])
    turn = (end.heading - start.heading + np.pi) % (2 * np.pi) - np.pi
    return bool(gap < NEAR_M and abs(turn) < NEAR_RAD)


def backwards(motion: Motion) -> Motion:
    """The frames in the opposite order."""
    return motion.with_(root_pos=motion.root_pos[::-1], joint_quat=motion.joint_quat[::-1])


def blend_end(motion: Motion, after: Motion, blend_s: float) -> Motion:
    """The motion, its last `blend_s` seconds bent so that pose and velocity lead into what comes after."""
    return backwards(blend_start(backwards(after), backwards(motion), blend_s))


def joined(a: Motion, b: Motion) -> Motion:
    """One after the other as they are."""
    root = np.concatenate([a.root_pos, b.root_pos])
    return a.with_(root_pos=root, joint_quat=np.concatenate([a.joint_quat, b.joint_quat]))


def follow(a: Motion, b: Motion, blend_s: float) -> tuple[Motion, bool]:
    """a, then b, blended over b's beginning; and whether b had to be moved on the floor for it."""
    if near(a, b):
        return joined(a, blend_start(a, b, blend_s) if blend_s > 0 else b), False
    return concatenate(a, b, blend_s), True


def put_between(motion: Motion, start: int, stop: int, middle: Motion, text: str, blend_s: float = SEAM_S) -> Edited:
    """The motion with frames [start, stop) replaced by `middle`, blended within `middle` at both of its ends."""
    made, after = middle, motion.slice(stop) if stop < motion.num_frames else None
    blend_s = min(blend_s, 0.4 * middle.duration_s)
    if start > 0:
        before = motion.slice(0, start)
        made = follow(before, middle, blend_s)[0].slice(start)
    shifted = False
    if after is not None:
        shifted = not near(made, after)
        after = place(made, after) if shifted else after
        made = blend_end(made, after, blend_s)
    pieces = [motion.slice(0, start)] if start > 0 else []
    return assembled(motion, start, stop, [*pieces, made, *([after] if after is not None else [])], text, shifted)


def assembled(motion: Motion, start: int, stop: int, pieces: list[Motion], text: str, shifted: bool) -> Edited:
    """The result of pieces that leave the frames before start and from stop on as they were, or only moved."""
    out = pieces[0]
    for piece in pieces[1:]:
        out = joined(out, piece)
    return Edited(out, text, scope_between(motion, out, start, stop, shifted))


def scope_between(motion: Motion, out: Motion, start: int, stop: int, shifted: bool) -> Scope:
    """The scope of a result that has the old frames before `start` first and those from `stop` on last."""
    rest = motion.num_frames - stop
    kept = ((0, 0, start),) if start else ()
    last = ((stop, out.num_frames - rest, rest),) if rest else ()
    begin, end = start / out.fps, (out.num_frames - rest) / out.fps
    if shifted:
        return Scope(begin, end, retimed=True, kept=kept, placed=last)
    return Scope(begin, end, retimed=True, kept=kept + last)


def check_length(seconds: float, what: str) -> None:
    """UserError where the result would be too long to handle."""
    if seconds > MAX_SECONDS:
        raise UserError(f"{what} would last {seconds:.0f} s, longer than {MAX_SECONDS:.0f} s. Ask for less.")


def frames_of(motion: Motion, frames: Frames) -> Motion:
    """These frames as a motion of their own."""
    return motion.slice(frames.start, frames.stop)


def replaced(
    motion: Motion, frames: Frames, middle: Motion, joints: Iterable[int], text: str, blend_s: float
) -> Edited:
    """Like `put_between` for as many frames as there were; joints other than these stay bit-identical everywhere."""
    done, chosen = put_between(motion, frames.start, frames.stop, middle, text, blend_s), sorted(joints)
    quat = motion.joint_quat.copy()
    quat[:, chosen] = done.motion.joint_quat[:, chosen]
    scope = replace(done.scope, joints=frozenset(chosen), retimed=False)
    return Edited(done.motion.with_(joint_quat=quat), text, scope)
