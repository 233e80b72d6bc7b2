"""Real motion capture with plans: spans of the CMU training trials, labelled by hand in prompts/cmu_plans.yaml.

    spans = captured_clips()                                       # empty where the pack is not there
    plan, features = draw_captured(np.random.default_rng(0))       # a line "make walk ... for 3.2", (4 N, 136)

A variation is mirrored half of the time (the sides in its plan change places too), played up to 15 % slower or faster,
cut shorter where its action can last, and may go on into the spans that follow it without a gap in its trial.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from engine.core.config import ROOT
from engine.core.errors import UserError
from engine.core.features import encode_features
from engine.core.mirror import mirror_motion
from engine.core.plan import STEP_S, Call, Plan, Segment, parse_plan
from engine.core.skeleton import sole_points
from engine.core.types import MODEL_FPS, Motion
from engine.data.cmu import CmuClip, cmu_clips
from engine.data.registry import catalogue

LABELS = ROOT / "prompts" / "cmu_plans.yaml"
RETIME = 0.15
"""A variation lasts up to this share longer or shorter than what was captured."""
CUT_SHARE = 0.4
"""Share of variations of a lasting action that are cut shorter."""
CHAIN_SHARE = 0.5
"""Share of variations that go on into the next span, where one follows without a gap."""
MAX_SECONDS = 12.0
"""Longest chain of spans as captured."""
SHORTEST_CUT_S = 1.6
FLOOR_PERCENTILE = 5
"""The floor is where the lower sole is at its lowest but for this share of frames, in which a foot sinks in."""
SINKS_M = 0.03
"""A foot deeper than this under the floor of the trial sinks in; the floor is not there."""
STEP_FRAMES = round(STEP_S * MODEL_FPS)
_OTHER = {"left": "right", "right": "left"}


@dataclass(frozen=True, eq=False)
class Captured:
    """A labelled span.  trial: for example '16_05'.  start, stop: seconds in the trial.  calls: what happens at once.
    trial_motion: the whole trial at its own rate.  floor: height in metres of the floor it stands on."""

    trial: str
    start: float
    stop: float
    calls: tuple[Call, ...]
    trial_motion: Motion
    floor: float = 0.0

    @property
    def text(self) -> str:
        """The calls as in a plan, without a length."""
        return " & ".join(map(str, self.calls))

    @property
    def motion(self) -> Motion:
        """The span at the rate of the trial, where it was captured."""
        fps = self.trial_motion.fps
        return self.trial_motion.slice(round(self.start * fps), round(self.stop * fps))


def read_labels(path: Path = LABELS) -> dict[str, list[tuple[float, float, tuple[Call, ...]]]]:
    """Trial -> (start s, stop s, calls) in the order of time. UserError for a label not of the catalogue."""
    labels = {}
    for trial, rows in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
        spans = [(float(r["start"]), float(r["stop"]), _calls(str(r["plan"]), str(trial))) for r in rows]
        labels[str(trial)] = sorted(spans, key=lambda span: span[:2])
    return labels


def _calls(text: str, trial: str) -> tuple[Call, ...]:
    """The calls of a label, with all their slots in order."""
    specs = catalogue()
    calls = parse_plan(f"make {text} for 1.0").segments[0].calls
    for call in calls:
        slots = specs[call.name].slots if call.name in specs else None
        if slots is None or list(call.args) != list(slots) or any(v not in slots[k] for k, v in call.args.items()):
            raise UserError(f"The label {text!r} of trial {trial} has a call that the catalogue does not: {call}.")
    return calls


@cache
def captured_clips() -> tuple[Captured, ...]:
    """All labelled spans, in the order of trials and time; empty when the pack is not there."""
    clips = {clip.trial: clip for clip in cmu_clips()}
    if not clips:
        return ()
    spans = []
    for trial, rows in sorted(read_labels().items()):
        if trial not in clips:
            raise UserError(f"There is no trial {trial} in the pack; correct {LABELS.name}.")
        motion = _training_motion(clips[trial])
        spans += [_with_floor(Captured(trial, start, stop, calls, motion)) for start, stop, calls in rows]
    return tuple(spans)


def _training_motion(clip: CmuClip) -> Motion:
    assert not clip.held_out, f"trial {clip.trial} is held out and must not be trained on"
    return clip.motion()


def _with_floor(span: Captured) -> Captured:
    """The span with its floor: of all of it, for a part may have no foot on the floor."""
    lowest = sole_points(*span.motion.world())[..., 1].min((1, 2))
    return replace(span, floor=max(float(np.percentile(lowest, FLOOR_PERCENTILE)), -SINKS_M))


def draw_captured(
    rng: np.random.Generator, spans: Sequence[Captured] | None = None, weights: Sequence[float] | None = None
) -> tuple[str, np.ndarray]:
    """Plan line and features (4 N, 136) of one variation of a span, N = num_steps of the plan; rng decides everything.

    spans: what to draw from, captured_clips() if None.  weights: how often each is drawn, in any unit; if None by
    `span_weights`. UserError when there are none.
    """
    spans = captured_clips() if spans is None else spans
    if not spans:
        raise UserError("There is no captured motion: put the CMU pack where engine/data/cmu.py looks for it.")
    weight = np.asarray(span_weights(spans) if weights is None else weights, np.float64)
    first = int(rng.choice(len(spans), p=weight / weight.sum()))
    return vary(rng, _chain(rng, spans, first))


def span_weights(spans: Sequence[Captured]) -> np.ndarray:
    """Weights (S,): a call that many spans share is drawn more often than a rare one, but only by the square root."""
    texts = [_unsided(span) for span in spans]
    return np.array([texts.count(text) ** -0.5 for text in texts])


def _unsided(span: Captured) -> str:
    return span.text.replace("left", "side").replace("right", "side")


def _chain(rng: np.random.Generator, spans: Sequence[Captured], first: int) -> list[Captured]:
    """The span and, now and then, those that follow it in its trial without a gap; a lasting one alone may be cut."""
    chain = [spans[first]]
    for after in spans[first + 1 :]:
        last = chain[-1]
        follows = after.trial_motion is last.trial_motion and abs(after.start - last.stop) < 1e-3
        if not follows or after.stop - chain[0].start > MAX_SECONDS or rng.random() >= CHAIN_SHARE:
            break
        chain.append(after)
    if len(chain) == 1 and rng.random() < CUT_SHARE and _can_be_cut(chain[0]):
        span = chain[0]
        length = rng.uniform(SHORTEST_CUT_S, span.stop - span.start)
        start = rng.uniform(span.start, span.stop - length)
        chain = [replace(span, start=start, stop=start + length)]
    return chain


def _can_be_cut(span: Captured) -> bool:
    return span.stop - span.start > SHORTEST_CUT_S and _lasts(span)


def _lasts(span: Captured) -> bool:
    """Any stretch of it is the same: each of its actions lasts, and it says nothing of counts or angles."""
    specs = catalogue()
    exact = {"count", "degrees"} & {slot for call in span.calls for slot in call.args}
    return not exact and all(specs[call.name].lasting for call in span.calls)


def vary(rng: np.random.Generator, chain: Sequence[Captured]) -> tuple[str, np.ndarray]:
    """Plan line and features of spans of one trial, one after another: perhaps mirrored, and retimed.

    A lasting action that goes on in the next span is one segment.
    """
    flip = bool(rng.random() < 0.5)
    pace = float(rng.uniform(1 - RETIME, 1 + RETIME))
    segments, frames = [], []
    for span in chain:
        steps = _steps(span.stop - span.start, pace)
        calls = tuple(mirror_call(call) for call in span.calls) if flip else span.calls
        if segments and segments[-1].calls == calls and _lasts(span):
            segments[-1] = Segment(calls, round(segments[-1].seconds + steps * STEP_S, 1))
        else:
            segments.append(Segment(calls, round(steps * STEP_S, 1)))
        share = np.arange(steps * STEP_FRAMES) / (steps * STEP_FRAMES)
        frames.append((span.start + share * (span.stop - span.start)) * span.trial_motion.fps)
    motion = chain[0].trial_motion.sample_at(np.concatenate(frames)).with_(fps=MODEL_FPS)
    floor = min(span.floor for span in chain)
    motion = motion.with_(root_pos=motion.root_pos - np.array([0, floor, 0], np.float32))
    if flip:
        motion = mirror_motion(motion)
    return str(Plan("make", tuple(segments))), encode_features(motion)


def _steps(seconds: float, pace: float) -> int:
    """Whole steps nearest to seconds * pace; a short span is not pushed beyond RETIME by the rounding."""
    least, most = math.ceil(seconds * (1 - RETIME) / STEP_S), math.floor(seconds * (1 + RETIME) / STEP_S)
    if least > most:
        return max(1, round(seconds / STEP_S))
    return min(max(round(seconds * pace / STEP_S), least), most)


def mirror_call(call: Call) -> Call:
    """The call for the mirrored motion: left and right change places in every slot."""
    return Call(call.name, {slot: _OTHER.get(value, value) for slot, value in call.args.items()})
