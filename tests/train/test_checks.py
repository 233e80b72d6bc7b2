"""Every check of the suite passes on a performed action that shows what it asks for, and fails on one that does not."""

from functools import cache

import numpy as np
import pytest

from engine.core.mirror import mirror_motion
from engine.core.plan import Call, parse_plan
from engine.core.types import Motion, Scene
from engine.data.compose import perform_plan
from engine.edit.script import apply_edits
from engine.train.checks import CHECKS, judge
from engine.train.suite.changes import CHANGES
from engine.train.suite.entries import load_suite
from engine.train.suite.track import Track, bumps, longest

STAND = "stand for 2.0"
WALK = "walk direction=forward speed=normal style=plain for 3.0"
BACK = "walk direction=backward speed=normal style=plain for 3.0"
JUMPS = "jump direction=up count=2 height=normal for 2.4"
RUN = "run direction=forward speed=normal for 2.4"
CIRCLE = "walk_circle side=left for 6.4"
WAVE = "wave side=left count=3 for 2.6"
CASES = {
    "travels": ({"direction": "backward", "metres": 0.6}, BACK, WALK),
    "faces_ahead": ({}, WALK, "turn side=left degrees=90 for 1.6"),
    "covers": ({"metres": 2.0}, CIRCLE, STAND),
    "comes_back": ({"metres": 0.8}, CIRCLE, WALK),
    "stays": ({"metres": 0.5}, STAND, WALK),
    "turns": ({"degrees": -90}, "turn side=right degrees=90 for 1.6", "turn side=left degrees=90 for 1.6"),
    "pace": ({"slowest": 1.5}, RUN, WALK),
    "lasts": ({"seconds": 3}, WALK, STAND),
    "airborne": ({"count": 2}, JUMPS, "jump direction=up count=3 height=normal for 3.4"),
    "stays_down": ({}, WALK, JUMPS),
    "dips": ({"count": 3}, "squat count=3 for 4.6", "crouch for 2.2"),
    "ends_low": ({"below": 0.7}, "crouch for 2.2", STAND),
    "ends_upright": ({}, STAND, "sit for 2.2"),
    "begins_low": ({"below": 0.75}, "stand_up for 2.2", STAND),
    "lies": ({}, "lie_down for 4.0", "sit for 2.2"),
    "bows": ({"count": 2}, "bow count=2 for 4.4", "bow count=1 for 2.4"),
    "still": ({}, STAND, WAVE),
    "sways": ({"count": 3}, "sway count=3 for 5.0", STAND),
    "weaves": ({"metres": 0.1}, "walk direction=forward speed=normal style=drunk for 4.4", WALK),
    "moves_low": ({"below": 0.9}, "sneak for 4.0", WALK),
    "on_toes": ({}, "tiptoe for 3.4", WALK),
    "bounces": ({"metres": 0.07}, "skip for 3.0", STAND),
    "leans": ({"least": 4}, "walk direction=forward speed=slow style=tired for 4.0", STAND),
    "lively": ({"speed": 0.3}, "jumping_jacks count=3 for 3.0", STAND),
    "low_for": ({"below": 0.7, "seconds": 0.5}, "crouch for 2.2", STAND),
    "wrist_up": ({"side": "left", "over": "head"}, "raise_arms side=left direction=up for 2.4", STAND),
    "wrist_down": ({"side": "right"}, WAVE, "wave side=right count=3 for 2.6"),
    "waves": ({"side": "left"}, WAVE, "wave side=right count=3 for 2.6"),
    "claps": ({"count": 4}, "clap count=4 for 2.6", "clap count=1 for 1.4"),
    "hands_together": ({}, "pray for 2.6", "clap count=3 for 2.2"),
    "near_head": ({"side": "right"}, "phone side=right for 3.0", "phone side=left for 3.0"),
    "far_from_head": ({"side": "right"}, "phone side=left for 3.0", "phone side=right for 3.0"),
    "wrist_before_chest": ({"side": "left"}, "check_watch side=left for 2.6", STAND),
    "arms_crossed": ({}, "cross_arms for 2.6", "hands_on_hips for 2.6"),
    "hands_on_hips": ({}, "hands_on_hips for 2.6", "cross_arms for 2.6"),
    "jacks": ({"count": 3}, "jumping_jacks count=3 for 3.0", JUMPS),
    "points": ({"side": "left", "direction": "up"}, "point side=left direction=up for 2.0",
               "point side=left direction=forward for 2.0"),
    "arms_wide": ({}, "raise_arms side=both direction=side for 2.4", "raise_arms side=both direction=up for 2.4"),
    "thrusts": ({"side": "left", "count": 2}, "punch side=left count=2 for 1.8", "punch side=right count=2 for 1.8"),
    "wrist_bobs": ({"side": "right", "count": 4}, "dribble side=right count=4 for 2.6", STAND),
    "pumps": ({"count": 3, "tolerance": 2}, "cheer for 2.6", STAND),
    "circles": ({"direction": "forward", "count": 3}, "arm_circles direction=forward count=3 for 3.4",
                "arm_circles direction=backward count=3 for 3.4"),
    "shrugs": ({"count": 2}, "shrug count=2 for 2.6", STAND),
    "nods": ({"count": 3}, "nod count=3 for 2.2", "shake_head count=3 for 2.2"),
    "shakes_head": ({"count": 3}, "shake_head count=3 for 2.2", "nod count=3 for 2.2"),
    "looks_both_ways": ({}, "look_around for 3.4", "nod count=2 for 1.6"),
    "gaze_down": ({"degrees": 10}, "walk direction=forward speed=normal style=sad for 4.0", WALK),
    "kicks": ({"side": "left"}, "kick side=left count=1 height=normal for 1.6",
              "kick side=right count=1 height=normal for 1.6"),
    "knees_up": ({"side": "left", "count": 2}, "knee_raise side=left count=2 for 2.2",
                 "knee_raise side=right count=2 for 2.2"),
    "foot_lifts": ({"side": "right", "count": 2}, "stomp side=right count=2 for 2.2",
                   "stomp side=left count=2 for 2.2"),
    "foot_off": ({"side": "left", "seconds": 1.0}, "balance side=right for 3.4", "balance side=left for 3.4"),
    "lunges": ({"side": "left"}, "lunge side=left count=1 for 2.0", "lunge side=right count=1 for 2.0"),
    "kneels": ({"side": "left"}, "kneel side=left for 2.2", "kneel side=right for 2.2"),
    "sits": ({}, "sit for 2.2", "crouch for 2.2"),
    "reaches_floor": ({"side": "right"}, "pick_up side=right for 2.8", STAND),
    "throws": ({"side": "left"}, "throw side=left for 1.8", "throw side=right for 1.8"),
    "reaches_out": ({"metres": 0.3}, "push for 2.6", STAND),
    "draws_in": ({}, "pull for 2.6", STAND),
    "limps": ({"side": "left"}, "limp side=left for 4.0", "limp side=right for 4.0"),
    "steps": ({"count": 2, "tolerance": 1}, "step direction=forward count=2 for 2.0", STAND),
}  # fmt: skip


@cache
def performed(line: str) -> Motion:
    return perform_plan(parse_plan("make " + line), np.random.default_rng(5))


@cache
def track(line: str) -> Track:
    return Track.of(performed(line))


def test_every_check_has_a_case():
    """Here, or in the suite, whose references pass and which standing still does not (test_suite.py)."""

    def used(spec):
        for name, args in spec.items():
            if name in ("in_order", "at_once"):
                yield from (inner for part in args for inner in used(part))
            else:
                yield name

    assert {*CASES, *(name for entry in load_suite() for name in used(entry.check))} == set(CHECKS)


@pytest.mark.parametrize("name", CASES)
def test_passes_and_fails(name):
    args, good, bad = CASES[name]
    yes, no = CHECKS[name](track(good), **args), CHECKS[name](track(bad), **args)
    assert yes.passed, f"{name} on {good}: {yes.measured}"
    assert not no.passed, f"{name} on {bad}: {no.measured}"
    assert yes.measured and no.measured


STANDING = {"faces_ahead", "stays", "stays_down", "ends_upright", "still", "wrist_down", "far_from_head"}
"""What standing still does fulfil; all other checks must fail on it."""


@pytest.mark.parametrize("name", CASES)
def test_standing_still_shows_nothing(name):
    args = {"seconds": 5} if name == "lasts" else CASES[name][0]
    assert CHECKS[name](track(STAND), **args).passed == (name in STANDING)


def test_order_matters():
    spec = {"in_order": [{"turns": {"degrees": 90}}, {"travels": {"direction": "forward", "metres": 0.6}}]}
    turn = "turn side=left degrees=90 for 1.6"
    assert judge(spec, performed(f"{turn} ; {WALK}")).passed
    assert not judge(spec, performed(f"{WALK} ; {turn}")).passed


def test_at_once_wants_an_overlap():
    spec = {"at_once": [{"travels": {"direction": "forward", "metres": 0.6}}, {"waves": {"side": "left"}}]}
    both = "walk direction=forward speed=normal style=plain & wave side=left count=4 for 4.0"
    assert judge(spec, performed(both)).passed
    assert not judge(spec, performed(f"{WALK} ; {WAVE}")).passed
    assert not judge(spec, performed(WALK)).passed


def test_all_checks_of_a_mapping_must_hold():
    assert not judge({"travels": {"direction": "forward", "metres": 0.6}, "still": {}}, performed(WALK)).passed


def test_left_and_right_are_told_apart_whatever_the_rate():
    motion = mirror_motion(performed(WAVE)).resample(30.0)
    assert judge({"waves": {"side": "right"}}, motion).passed
    assert not judge({"waves": {"side": "left"}}, motion).passed


def edited(line: str, *edits: str) -> list[Motion]:
    motions = [performed(line)]
    for edit in edits:
        motions.append(apply_edits(Scene((motions[-1],)), parse_plan(f"edit {edit}").edits).scene.motions[0])
    return motions


@pytest.mark.parametrize(
    "name, args, edit, wrong",
    [
        ("sped", {"least": 1.9, "most": 2.1}, "speed factor=2", "speed factor=0.5"),
        ("mirrored", {}, "mirror", "other_hand"),
        ("arms_swapped", {}, "other_hand", "mirror"),
        ("trimmed", {"start": 1.0}, "trim start=1.0 end=0.0", "trim start=0.0 end=1.0"),
        ("kept", {"start": 0.5, "stop": 1.5}, "keep start=0.5 end=1.5", "keep start=1.0 end=2.0"),
        ("repeated", {"count": 2}, "repeat count=2", "repeat count=3"),
        ("turned", {"degrees": 90}, "turn degrees=90", "turn degrees=-90"),
        ("backwards", {}, "reverse", "mirror"),
    ],
)
def test_edits_are_told_apart(name, args, edit, wrong):
    walk = "walk direction=forward speed=normal style=plain & wave side=left count=4 for 3.0"
    yes, no = CHANGES[name](edited(walk, edit), **args), CHANGES[name](edited(walk, wrong), **args)
    assert yes.passed, yes.measured
    assert not no.passed, no.measured
    assert not CHANGES[name]([performed(walk)] * 2, **args).passed, "nothing was changed"


def test_continued_keeps_what_was_there():
    whole = performed(f"{WALK} ; {WAVE}")
    assert CHANGES["continued"]([whole.slice(0, 60), whole]).passed
    assert not CHANGES["continued"]([performed(STAND), whole]).passed
    assert not CHANGES["continued"]([whole, whole]).passed


def test_restored_is_the_one_before_the_change():
    first, second = edited(WALK, "mirror")
    turned = apply_edits(Scene((first,)), (Call("turn", {"degrees": "90"}),)).scene.motions[0]
    assert CHANGES["restored"]([first, turned, first]).passed
    assert not CHANGES["restored"]([first, turned, turned]).passed
    assert not CHANGES["restored"]([first, first, first]).passed
    assert second.num_frames == first.num_frames


def test_a_hanging_arm_does_not_point_down():
    args = {"side": "left", "direction": "down", "tolerance": 28}
    assert CHECKS["points"](track("point side=left direction=down for 2.0"), **args).passed
    assert not CHECKS["points"](track(STAND), **args).passed


def test_counting():
    wave = np.sin(np.linspace(0, 6 * np.pi, 60))
    assert len(bumps(wave, 0.5)) == 3 and len(bumps(wave, 3.0)) == 0
    assert longest(np.array([0, 1, 1, 0, 1, 1, 1], bool)) == (4, 7) and longest(np.zeros(4, bool)) == (0, 0)
