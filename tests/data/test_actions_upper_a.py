"""Whole-body and upper actions: as often as asked, on the asked side, at speeds of a person, from rest to rest."""

import numpy as np
import pytest

from engine.core.plan import Call
from engine.core.skeleton import J, sole_points
from engine.data.registry import ACTIONS, natural_seconds
from engine.data.toolkit.preview import preview

NAMES = (
    "bow", "kick", "pick_up", "dance", "stretch", "push", "pull", "swim", "throw", "catch", "jumping_jacks", "punch",
    "dribble", "arm_circles", "cheer", "pray", "drink", "phone", "salute", "scratch_head", "check_watch", "facepalm",
)  # fmt: skip
FAST = {"punch", "kick", "throw", "jumping_jacks", "swim", "dance"}
FORESEEN = {name: dict(ACTIONS[name].spec.slots) for name in NAMES}
ONE_ARM = ("drink", "phone", "salute", "scratch_head", "check_watch", "facepalm", "punch", "dribble", "throw")


def calls(name: str):
    """Default arguments, then every other value of every slot once."""
    slots = FORESEEN[name]
    first = {slot: values[0] for slot, values in slots.items()}
    yield first
    for slot, values in slots.items():
        for value in values[1:]:
            yield {**first, slot: value}


def speed(motion) -> np.ndarray:
    """(T - 1, 22) degrees a second."""
    q = motion.joint_quat.astype(np.float64)
    dot = np.clip(np.abs((q[1:] * q[:-1]).sum(-1)), 0, 1)
    return np.degrees(2 * np.arccos(dot)) * motion.fps


def peaks(curve: np.ndarray, share: float = 0.5) -> int:
    """How often a curve rises from below to above this share of its range."""
    level = curve.min() + share * np.ptp(curve)
    high = curve > level
    return int((high[1:] & ~high[:-1]).sum() + high[0])


@pytest.mark.parametrize("name", NAMES)
def test_from_rest_to_rest_at_human_speeds(name):
    for k, args in enumerate(calls(name)):
        motion = preview(name, args, seed=k)
        assert speed(motion).max() < (1500 if name in FAST else 900), args
        pos = motion.joint_positions()
        local = pos - pos[:, :1]
        turned = np.abs(local[-1] - local[0]).max()
        assert turned < 0.06, (args, turned)
        assert np.ptp(local, axis=0).max() > 0.1, "something moves"
        soles = sole_points(*[a.astype(np.float64) for a in motion.world()])
        assert soles[..., 1].min() > -0.006, args


@pytest.mark.parametrize("name", NAMES)
def test_no_two_samples_are_alike(name):
    a, b, again = (preview(name, seed=seed, seconds=2.4) for seed in (1, 2, 1))
    assert np.array_equal(a.joint_quat, again.joint_quat)
    assert np.abs(a.joint_quat - b.joint_quat).max() > 0.02


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("name", ONE_ARM)
def test_the_named_arm_acts(name, side):
    motion = preview(name, {"side": side}, seed=4)
    pos = motion.joint_positions()
    other = "left" if side == "right" else "right"
    travel = [np.linalg.norm(np.diff(pos[:, J[f"{s}_wrist"]], axis=0), axis=1).sum() for s in (side, other)]
    assert travel[0] > 1.15 * travel[1]


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_named_leg_kicks(side):
    for height, least in (("low", 0.25), ("normal", 0.5), ("high", 0.75)):
        pos = preview("kick", {"side": side, "height": height}, seed=1).joint_positions()
        other = "left" if side == "right" else "right"
        assert pos[:, J[f"{side}_ankle"], 1].max() > least
        assert pos[:, J[f"{other}_ankle"], 1].max() < 0.12


@pytest.mark.parametrize("count", ["1", "2", "3"])
def test_bows_and_kicks_are_counted(count):
    pos = preview("bow", {"count": count}, seed=2).joint_positions()
    assert peaks(-pos[:, J["head"], 1]) == int(count)
    pos = preview("kick", {"count": count}, seed=2).joint_positions()
    assert peaks(pos[:, J["right_ankle"], 2] - pos[:, 0, 2]) == int(count)


@pytest.mark.parametrize("count", ["2", "3", "5"])
def test_repetitions_are_counted(count):
    n = int(count)
    pos = preview("jumping_jacks", {"count": count}, seed=3).joint_positions()
    assert peaks(pos[:, J["left_wrist"], 1]) == peaks(pos[:, J["left_ankle"], 0]) == n
    pos = preview("punch", {"count": count}, seed=3).joint_positions()
    assert peaks(pos[:, J["right_wrist"], 2] - pos[:, J["neck"], 2], 0.75) == n
    pos = preview("arm_circles", {"count": count}, seed=3).joint_positions()
    assert peaks(pos[:, J["left_wrist"], 1]) == peaks(pos[:, J["right_wrist"], 1]) == n
    motion = preview("dribble", {"count": count}, seed=3)
    forearm = motion.joint_positions()[:, J["right_wrist"]] - motion.joint_positions()[:, J["right_elbow"]]
    inner = forearm[8:-8, 1]
    assert n <= peaks(-inner) <= n + 1


def test_circles_go_the_way_that_is_asked():
    for direction, sign in (("forward", 1), ("backward", -1)):
        pos = preview("arm_circles", {"direction": direction}, seed=5).joint_positions()
        arm = pos[:, J["left_wrist"]] - pos[:, J["left_shoulder"]]
        top = arm[:, 1] > 0.35
        assert sign * np.gradient(arm[:, 2])[top].mean() > 0, "over the top the hand goes ahead, or back"


def test_both_fists_take_turns():
    pos = preview("punch", {"side": "both", "count": "4"}, seed=1).joint_positions()
    for side in ("left", "right"):
        assert peaks(pos[:, J[f"{side}_wrist"], 2] - pos[:, J["neck"], 2], 0.8) == 2


@pytest.mark.parametrize(("name", "joint"), [("drink", "right"), ("phone", "right"), ("facepalm", "right")])
def test_the_hand_comes_to_the_head(name, joint):
    pos = preview(name, seed=6).joint_positions()
    gap = np.linalg.norm(pos[:, J[f"{joint}_wrist"]] - pos[:, J["head"]], axis=1)
    assert 0.1 < gap.min() < 0.24


def test_dances_differ():
    spreads = []
    for style in ("step", "sway", "twist", "disco"):
        pos = preview("dance", {"style": style}, seed=2, seconds=5.0).joint_positions()
        wrists = pos[:, [J["left_wrist"], J["right_wrist"]], 1] - pos[:, None, J["neck"], 1]
        spreads.append((np.ptp(pos[:, J["left_ankle"], 0]) > 0.2, wrists.max() > 0.15, np.ptp(pos[:, 0, 1]) > 0.1))
    assert len(set(spreads)) >= 3, spreads


@pytest.mark.parametrize("name", NAMES)
def test_natural_time_fits_the_slots(name):
    rng = np.random.default_rng(0)
    for args in calls(name):
        seconds = natural_seconds(name, Call(name, args).args, rng)
        assert 0.8 <= seconds <= 10 and round(seconds / 0.2, 6) == round(seconds / 0.2)
