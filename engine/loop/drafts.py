"""New motion: drafts sampled from the language model, decoded, cleaned and measured; the best one is kept."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from engine.assess.agree import agreement, segment_frames
from engine.assess.checks import wanted_turn
from engine.assess.critic import Reading
from engine.assess.measure import measure
from engine.assess.physical import physical
from engine.core.errors import UserError
from engine.core.features import encode_features
from engine.core.plan import STEP_S, Plan, plain_words
from engine.core.types import MODEL_FPS, Motion, Scene
from engine.edit.bend import bend
from engine.edit.clean import clean
from engine.edit.join import concatenate
from engine.language.interface import MotionReference
from engine.language.stream import CONTEXT_STEPS
from engine.loop.events import Event, SectionDelta, SectionEnd, SectionProgress, SectionStart, Step
from engine.loop.models import Models
from engine.loop.refine import Refinement, refinement
from engine.loop.request import Request
from engine.loop.versions import Version

PREFIX_S = CONTEXT_STEPS * STEP_S
"""Seconds of the motion so far that a continuation is conditioned on."""
CRITIC_SHARE = 0.5
"""How much the critic's reading counts beside the measured facts."""
PHYSICAL_WEIGHT = 0.5
MAX_BEND, MAX_BEND_SHARE = 60.0, 0.75
"""A turn is corrected by at most so many degrees, or so much of the wanted angle."""
DOUBTFUL = 0.4
"""Under this fit the critic's complaint is told."""
GOOD = 0.8
"""Where no draft scores as well as this, as many again are drawn, from the words of the plan alone: what else the
request says may lead the model astray."""


@dataclass(frozen=True, eq=False)
class Draft:
    """One sampled motion. score: agreement with the plan less what is physically wrong, at most 1.

    logprob: mean log-probability of its codes.  words: what was measured, and what does not fit the plan.
    codes: (N, Q).  readings: the critic's.
    """

    motion: Motion
    score: float
    logprob: float
    words: str
    codes: np.ndarray
    readings: Sequence[Reading] = ()


@dataclass(frozen=True, eq=False)
class Draw:
    """What drafts are made of. prefix: codes (N, Q) to go on from.  references: clips that the model is shown."""

    models: Models
    request: Request
    plan: Plan
    generator: torch.Generator
    prefix: np.ndarray | None = None
    references: Sequence[MotionReference] = ()


def new_scene(
    models: Models,
    request: Request,
    plan: Plan,
    generator: torch.Generator,
    references: Sequence[MotionReference] = (),
) -> Generator[Event, None, Scene]:
    """The sections of a motion from scratch; gives the scene of the best draft. references: shown to the model."""
    drafts = yield from _sample(Draw(models, request, plan, generator, references=references))
    scenes = [Scene((d.motion,), request.text, request.seed, _provenance(plan)) for d in drafts]
    return (yield from _choose(drafts, scenes))


def continued_scene(
    models: Models, request: Request, plan: Plan, generator: torch.Generator, version: Version
) -> Generator[Event, None, Scene]:
    """The sections of a motion that goes on from the last frame of `version`; what was there stays bit-identical.

    UserError for a scene of two persons.
    """
    scene = version.scene
    before, *others = scene.motions
    if others:
        raise UserError("This scene has two persons, and only one can be continued so far. Attach one of them alone.")
    prefix = _prefix_codes(models, before)
    drafts = yield from _sample(Draw(models, request, plan, generator, prefix))
    caption = f"{scene.caption}, then {request.text}" if scene.caption else request.text
    made = scene.with_(caption=caption, seed=request.seed, provenance={**scene.provenance, **_provenance(plan)})
    scenes = [made.with_(motions=(concatenate(before, d.motion),)) for d in drafts]
    return (yield from _choose(drafts, scenes))


def _provenance(plan: Plan) -> dict[str, str]:
    return {"source": "generated", "plan": str(plan)}


def _prefix_codes(models: Models, motion: Motion) -> np.ndarray | None:
    """Codes (N, Q) of the last seconds, in whole steps; None for a clip shorter than one step."""
    recent = motion.resample(MODEL_FPS)
    per_step = models.codec.frames_per_step
    frames = min(recent.num_frames, round(PREFIX_S * MODEL_FPS)) // per_step * per_step
    if not frames:
        return None
    with models.lock:
        return models.codec.encode(recent.slice(recent.num_frames - frames))


def _sample(draw: Draw) -> Generator[Event, None, list[Draft]]:
    """Drafts to choose from. Where there is a choice and none of them is good, what is weak in the best one is made
    anew, or else all of it, as often as the request allows."""
    plan = draw.plan
    drafts = yield from _sample_once(draw)
    tried: set[str] = set()
    for _ in range(draw.request.options.rounds if len(drafts) > 1 else 0):
        best = max(drafts, key=lambda d: d.score)
        if best.score >= GOOD:
            break
        mend = refinement(plan, best.codes, best.readings, draw.models.language.catalogue)
        if mend.words in tried:
            mend = Refinement(None, "all of it")
        tried.add(mend.words)
        why = f"None of them fits well; {mend.words} is made anew. "
        drafts += yield from _sample_once(draw, plain_words(*(s.calls for s in plan.segments)), why, mend.keep)
    return drafts


def _sample_once(
    draw: Draw, words: str | None = None, why: str = "", keep: np.ndarray | None = None
) -> Generator[Event, None, list[Draft]]:
    """The section `motion`: codes from the language model, then motions from the codec.

    words: what the model is told instead of the request's own.  why: said first.  keep: codes that stay.
    """
    models, request, plan = draw.models, draw.request, draw.plan
    text, count = words or request.text, request.options.candidates
    yield SectionStart("motion")
    last = None
    steps = models.language.stream_motion(text, plan, draw.generator, count, draw.prefix, draw.references, keep)
    for last in models.stream(steps, request.stop):
        yield SectionProgress("motion", last.steps_done, last.num_steps)
    assert last is not None and last.codes.shape[:2] == (count, plan.num_steps), "the model ended before its plan did"
    drafts = []
    for codes, logprob in zip(last.codes, last.logprob, strict=True):
        motion = _decode(models, plan, codes, draw.prefix)
        fit, told, readings = _assess(models, plan, motion)
        drafts.append(Draft(motion, fit, float(logprob), told, codes, readings))
    text = f"{why}{plan.seconds:.1f} s in {plan.num_steps} steps" + (f", {count} drafts" if count > 1 else "")
    yield SectionDelta("motion", text)
    yield SectionEnd("motion", Step("motion", text, scene=Scene((drafts[0].motion,), request.text, request.seed)))
    return drafts


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


def _assess(models: Models, plan: Plan, motion: Motion) -> tuple[float, str, list[Reading]]:
    """Score, at most 1; in words what was measured and what does not fit the plan; and what the critic read."""
    fit, complaints = agreement(plan, motion)
    readings: list[Reading] = []
    if models.critic is not None:
        with models.lock:
            readings = models.critic.judge(plan, encode_features(motion))
        if readings:
            fit += CRITIC_SHARE * (float(np.mean([r.fit for r in readings])) - fit)
        complaints += [r.complaint for r in readings if r.fit < DOUBTFUL and r.complaint]
    fit -= PHYSICAL_WEIGHT * physical(motion).penalty
    text = "; ".join(measure(motion).lines()) + "."
    told = f"{text} Not as planned: {'; '.join(complaints)}." if complaints else text
    return float(fit), told, readings


def _choose(drafts: list[Draft], scenes: list[Scene]) -> Generator[Event, None, Scene]:
    """One section `measure` for each draft, then the scene that agrees best with the plan."""
    best = max(range(len(drafts)), key=lambda i: (drafts[i].score, drafts[i].logprob))
    for i, (draft, scene) in enumerate(zip(drafts, scenes, strict=True)):
        head = f"Draft {i + 1} of {len(drafts)}{', kept' if i == best else ''}. " if len(drafts) > 1 else ""
        text = head + draft.words
        yield SectionStart("measure")
        yield SectionDelta("measure", text)
        yield SectionEnd("measure", Step("measure", text, max(0.0, draft.score), scene))
    return scenes[best]
