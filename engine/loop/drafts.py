"""Drafts: motions sampled from the language model, decoded, aimed, cleaned and measured."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from engine.assess.agree import segment_frames
from engine.assess.checks import wanted_turn
from engine.assess.measure import measure
from engine.assess.report import Report, report
from engine.core.plan import Plan
from engine.core.types import Motion, Scene
from engine.edit.bend import bend
from engine.edit.clean import clean
from engine.language.decoding import FREE
from engine.language.interface import MotionReference
from engine.loop.events import Event, SectionDelta, SectionEnd, SectionProgress, SectionStart, Step
from engine.loop.models import Models
from engine.loop.partial import Change
from engine.loop.recall import Found
from engine.loop.request import Request

MAX_BEND, MAX_BEND_SHARE = 60.0, 0.75
"""A turn is corrected by at most so many degrees, or so much of the wanted angle."""


@dataclass(frozen=True, eq=False)
class Draft:
    """One motion to judge. logprob: mean log-probability of its codes.  codes: (N, Q)."""

    motion: Motion
    codes: np.ndarray
    logprob: float
    found: Report

    @property
    def rank(self) -> tuple[float, float]:
        """The higher, the better."""
        return self.found.score, self.logprob


@dataclass(frozen=True, eq=False)
class Draw:
    """What drafts are made of. scene_of: the scene that a draft's motion of a plan makes.  line: plan of the
    version that it would be.  prefix: codes (N, Q) to go on from.  references: clips that the model is shown.
    found: what they are; instructions count them.  shown: codes (N, Q) of a clip that is to be done as it shows.
    settled: the plan is not to be written anew.  change: what of an earlier motion is made anew, if not all.
    """

    models: Models
    request: Request
    plan: Plan
    generator: torch.Generator
    scene_of: Callable[[Motion, Plan], Scene]
    line: str
    prefix: np.ndarray | None = None
    references: Sequence[MotionReference] = ()
    found: Sequence[Found] = ()
    shown: np.ndarray | None = None
    settled: bool = False
    change: Change | None = None

    def scene(self, motion: Motion) -> Scene:
        """The scene that a motion of the plan makes."""
        return self.scene_of(motion, self.plan)


def sample_drafts(
    draw: Draw, words: str = "", keep: np.ndarray | None = None, why: str = ""
) -> Generator[Event, None, list[Draft]]:
    """The section `motion`: codes from the language model, then motions from the codec.

    words: what the model is told instead of the request's own.  keep: codes that stay.  why: said first.
    """
    models, request, plan, count = draw.models, draw.request, draw.plan, draw.request.options.candidates
    if draw.shown is not None:  # nothing is left to choose
        keep, count = np.resize(draw.shown, (plan.num_steps, draw.shown.shape[1])), 1
    if draw.change is not None:
        fixed = draw.change.keep
        keep = fixed if keep is None else np.where(fixed == FREE, keep, fixed)
    yield SectionStart("motion")
    last, text = None, words or request.text
    steps = models.language.stream_motion(text, plan, draw.generator, count, draw.prefix, draw.references, keep)
    for last in models.stream(steps, request.stop):
        yield SectionProgress("motion", last.steps_done, last.num_steps)
    assert last is not None and last.codes.shape[:2] == (count, plan.num_steps), "the model ended before its plan did"
    drafts = []
    for codes, logprob in zip(last.codes, last.logprob, strict=True):
        motion = _decode(models, plan, codes, draw.prefix)
        motion = motion if draw.change is None else draw.change.merged(motion)
        drafts.append(drafted(draw, motion, codes, float(logprob)))
    told = f"{why}{plan.seconds:.1f} s in {plan.num_steps} steps" + (f", {count} drafts" if count > 1 else "")
    yield SectionDelta("motion", told)
    yield SectionEnd("motion", Step("motion", told, scene=Scene((drafts[0].motion,), request.text, request.seed)))
    return drafts


def drafted(draw: Draw, motion: Motion, codes: np.ndarray, logprob: float) -> Draft:
    """A motion with what is measured of it."""
    with draw.models.lock:
        found = report(draw.plan, motion, draw.models.critic)
    return Draft(motion, codes, logprob, found)


def _decode(models: Models, plan: Plan, codes: np.ndarray, prefix: np.ndarray | None) -> Motion:
    """Codes (N, Q) -> aimed and cleaned motion; a prefix gives the decoder and the clean-up context, and is cut off."""
    before = codes[:0] if prefix is None else prefix
    with models.lock:
        whole = models.codec.decode(np.concatenate([before, codes]))
    given = len(before) * models.codec.frames_per_step
    return clean(_aimed(plan, whole, given)).slice(given)


def _aimed(plan: Plan, motion: Motion, given: int) -> Motion:
    """The motion, its `given` first frames as they are, with each turn of a known angle brought to that angle.

    A turn that is far off stays as it is: bent so much it would look wrong, and another draft may do better.
    """
    for (start, stop), segment in zip(segment_frames(plan, motion.num_frames - given), plan.segments, strict=True):
        wanted = wanted_turn(segment.calls[0].name, segment.calls[0].args)
        if wanted is not None:
            off = wanted - measure(motion.slice(given + start, given + stop)).turn_deg
            if 2.0 < abs(off) <= max(MAX_BEND, MAX_BEND_SHARE * abs(wanted)):
                motion = bend(motion, off, given + start, given + stop)
    return motion
