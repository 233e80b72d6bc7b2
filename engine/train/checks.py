"""Kinematic checks of the prompt suite, by name: what a motion must show, measured on joint positions.

    judge({"travels": {"direction": "forward", "metres": 1}, "waves": {"side": "left"}}, motion) -> Verdict

Every check of a mapping must hold. Two of them are made of others: `in_order: [first, second, ...]` wants parts of the
motion, one after another, that pass the given checks; `at_once: [one, other]` wants what two checks find to overlap.
Written without any code of engine/assess, which chooses between drafts inside the loop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from engine.core.types import Motion
from engine.train.suite.feet import FEET
from engine.train.suite.floor import FLOOR
from engine.train.suite.hands import HANDS
from engine.train.suite.limbs import LIMBS
from engine.train.suite.track import FPS, Track, Verdict
from engine.train.suite.trunk import TRUNK
from engine.train.suite.whole import WHOLE

Spec = Mapping[str, Any]
CHECKS: Mapping[str, Callable[..., Verdict]] = {
    check.__name__: check for check in (*WHOLE, *FEET, *TRUNK, *FLOOR, *LIMBS, *HANDS)
}
CUT_FRAMES = 4
"""`in_order` tries a cut every so many frames."""


def judge(spec: Spec, motion: Motion) -> Verdict:
    """Whether a motion passes all checks of a mapping; measured says which failed, or all that was found.

    span: frames in which the first of them was found.
    """
    return judge_track(spec, Track.of(motion))


def judge_track(spec: Spec, track: Track) -> Verdict:
    """`judge` of joint positions that are already there."""
    verdicts = [_one(name, args, track) for name, args in spec.items()]
    failed = [v for v in verdicts if not v.passed]
    text = "; ".join(v.measured for v in failed or verdicts)
    return Verdict(not failed, text, verdicts[0].span)


def _one(name: str, args: Any, track: Track) -> Verdict:
    if name == "in_order":
        return _in_order(args, track)
    if name == "at_once":
        return _at_once(args, track)
    return CHECKS[name](track, **(args or {}))


def _in_order(specs: Sequence[Spec], track: Track) -> Verdict:
    """Whether cuts exist so that each part passes its checks."""

    @cache
    def found(index: int, start: int) -> Verdict:
        if index == len(specs) - 1:
            return judge_track(specs[index], track.part(start, track.num_frames))
        last = Verdict(False, "the clip is too short for all of it")
        for cut in range(start + 2 * CUT_FRAMES, track.num_frames - 2 * CUT_FRAMES, CUT_FRAMES):
            here = judge_track(specs[index], track.part(start, cut))
            if not here.passed:
                last = last if last.passed else Verdict(False, f"part {index + 1} never: {here.measured}")
                continue
            rest = found(index + 1, cut)
            if rest.passed:
                return Verdict(True, f"{here.measured}; then (from {cut / FPS:.1f} s) {rest.measured}", (start, cut))
            last = Verdict(False, f"after part {index + 1}: {rest.measured}")
        return last

    return found(0, 0)


def _at_once(specs: Sequence[Spec], track: Track) -> Verdict:
    """Whether all pass and overlap for at least 40 % of the shortest, and 0.3 s."""
    verdicts = [judge_track(s, track) for s in specs]
    text = "; ".join(v.measured for v in verdicts)
    if not all(v.passed for v in verdicts):
        return Verdict(False, text)
    start, stop = max(v.span[0] for v in verdicts), min(v.span[1] for v in verdicts)
    needed = max(0.3 * FPS, 0.4 * min(v.span[1] - v.span[0] for v in verdicts))
    return Verdict(stop - start >= needed, f"{text}; both for {max(0, stop - start) / FPS:.1f} s", (start, stop))
