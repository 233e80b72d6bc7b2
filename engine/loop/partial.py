"""Requests that change a part of a planned motion: "instead of waving, clap", "make the kick higher", one of several
actions. Only the codes of what changes are made anew, in their context; all else stays bit-identical, or is only moved
on the floor where what comes before it ends elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.plan import ActionSpec, Call, Plan, Segment, parse_plan
from engine.core.types import MODEL_FPS, Motion, Scene
from engine.edit.scope import Edited, Scope
from engine.edit.script import apply_edits
from engine.edit.spans import ALL
from engine.edit.splice import put_between
from engine.language.decoding import FREE
from engine.loop.models import Models
from engine.loop.versions import Version
from engine.tokens.features import group_columns

SEAM_S = 0.3


@dataclass(frozen=True)
class Piece:
    """Something that is made anew: steps [start, stop) of the motion before, and where it begins in the new plan.

    steps: how many it has in the new plan.  upper: only trunk and arms change, which takes as long as before.
    """

    start: int
    stop: int
    new_start: int
    steps: int
    upper: bool


@dataclass(frozen=True, eq=False)
class Change:
    """What is made anew of a motion. pieces: in order of time.  keep: codes (N, Q) that stay, FREE elsewhere."""

    before: Motion
    pieces: Sequence[Piece]
    keep: np.ndarray
    frames_per_step: int

    def merged(self, made: Motion) -> Motion:
        """The motion before, with the pieces of what was made for the new plan."""
        return self._done(made)[0]

    def scopes(self, merged: Motion) -> tuple[Scope, ...]:
        """What each piece may have changed, in the order in which they were put in; merged: what `merged` gave."""
        return self._done(merged)[1]

    @property
    def words(self) -> str:
        """What was made anew, and that nothing else was."""
        told = []
        for piece in self.pieces:
            begin, end = (
                n * self.frames_per_step / MODEL_FPS for n in (piece.new_start, piece.new_start + piece.steps)
            )
            told.append(f"{'trunk and arms ' if piece.upper else ''}from {begin:.1f} s to {end:.1f} s")
        return f"Made anew: {' and '.join(told)}; everything else is as it was."

    def _done(self, made: Motion) -> tuple[Motion, tuple[Scope, ...]]:
        motion, scopes = self.before, []
        for piece in reversed(self.pieces):  # so that the frames of earlier ones are still where they were
            edited = self._with(motion, piece, made)
            motion = edited.motion
            scopes.append(edited.scope)
        return motion, tuple(scopes)

    def _with(self, motion: Motion, piece: Piece, made: Motion) -> Edited:
        start, stop = piece.start * self.frames_per_step, piece.stop * self.frames_per_step
        begin = piece.new_start * self.frames_per_step
        new = made.slice(begin, begin + piece.steps * self.frames_per_step)
        if not piece.upper:
            return put_between(motion, start, stop, new, "", SEAM_S)
        whole = stop - start >= motion.num_frames
        span = ALL if whole else f"{start / motion.fps:.2f}s-{stop / motion.fps:.2f}s"
        overlay = Call("overlay", {"version": "1", "part": "upper", "span": span})
        done = apply_edits(Scene((motion,)), [overlay], versions={1: new})
        return Edited(done.scene.motions[0], done.text, done.scopes[0][0])


def change_of(models: Models, version: Version | None, plan: Plan) -> Change | None:
    """What of the current version a new plan changes; None where that is all of it.

    The version must still be as it was planned: an edit in time would have moved everything.
    """
    if version is None or not version.plan or len(version.scene.motions) != 1:
        return None
    before, last, per_step = version.scene.motions[0], parse_plan(version.plan), models.codec.frames_per_step
    as_planned = before.num_frames == last.num_steps * per_step and before.fps == MODEL_FPS
    if last.task != "make" or len(last.segments) != len(plan.segments) or not as_planned:
        return None
    pieces, at, new_at = [], 0, 0
    for old, new in zip(last.segments, plan.segments, strict=True):
        if old != new:
            upper = _upper_alone(old, new, models.language.catalogue)
            pieces.append(Piece(at, at + old.num_steps, new_at, new.num_steps, upper))
        at, new_at = at + old.num_steps, new_at + new.num_steps
    if not pieces or (len(pieces) == len(plan.segments) and not all(piece.upper for piece in pieces)):
        return None
    with models.lock:
        codes = models.codec.encode(before)
    return Change(before, pieces, _kept(codes, pieces, plan.num_steps), per_step)


def _kept(codes: np.ndarray, pieces: Sequence[Piece], steps: int) -> np.ndarray:
    """The codes (N, Q) before as the new plan has them, FREE where it changes something."""
    keep = np.full((steps, codes.shape[1]), FREE, codes.dtype)
    old, new = 0, 0
    for piece in pieces:
        same = piece.start - old
        keep[new : new + same] = codes[old : piece.start]
        old, new = piece.stop, piece.new_start + piece.steps
        if piece.upper:
            keep[piece.new_start : new] = codes[piece.start : piece.stop]
            keep[piece.new_start : new, group_columns("upper", codes.shape[1])] = FREE
    keep[new:] = codes[old : old + steps - new]
    return keep


def _upper_alone(last: Segment, new: Segment, known: Mapping[str, ActionSpec]) -> bool:
    """Whether only what goes on over the legs has changed."""

    def base(calls: Sequence[Call]) -> list[Call]:
        return [c for c in calls if c.name not in known or known[c.name].part != "upper"]

    same = base(last.calls) == base(new.calls) and bool(base(new.calls))
    return same and last.num_steps == new.num_steps and last.calls != new.calls
