"""Gestures of the arms and the head: the right side, the right number of times, no joint too fast, back to rest."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.signal import find_peaks

from engine.core import rotations as R
from engine.core.plan import Call
from engine.core.skeleton import PARTS, J
from engine.data.registry import ACTIONS, perform
from engine.data.toolkit.channels import ELBOW, RIGHT, Ctx, standing
from engine.data.toolkit.preview import preview
from engine.data.toolkit.solve import solve

NAMES = (
    "wave", "clap", "point", "raise_arms", "cross_arms", "hands_on_hips", "look_around", "beckon", "knock", "nod",
    "shake_head", "shrug",
)  # fmt: skip
CASES = [(name, slot, value) for name in NAMES for slot, values in ACTIONS[name].spec.slots.items() for value in values]
CASES += [(name, None, None) for name in NAMES if not ACTIONS[name].spec.slots]
COUNTED = [(name, value) for name in NAMES for value in ACTIONS[name].spec.slots.get("count", ())]
SIDED = [(n, s) for n in NAMES for s in ("left", "right") if s in ACTIONS[n].spec.slots.get("side", ())]
FASTEST = np.radians(900)


def _angles(a, b):
    """Angle in degrees between local rotations, per joint."""
    return np.degrees(np.linalg.norm(R.quat_to_aa(R.quat_mul(a, R.quat_inv(b))), axis=-1))


def _in_chest(motion, joint):
    """Position (T, 3) of a joint seen from the upper trunk."""
    pos, world = motion.world()
    return R.quat_rotate(R.quat_inv(world[:, J["spine3"]]), pos[:, J[joint]] - pos[:, J["spine3"]])


def _signal(name, motion):
    """One curve (T,) in metres or degrees that peaks once for each repetition."""
    if name == "clap":
        pos = motion.joint_positions()
        return -np.linalg.norm(pos[:, J["left_wrist"]] - pos[:, J["right_wrist"]], axis=-1)
    if name == "shrug":
        return _in_chest(motion, "left_shoulder")[:, 1] + _in_chest(motion, "right_shoulder")[:, 1]
    nose = R.quat_rotate(motion.world()[1][:, J["head"]], np.array([0, 0, 1], np.float32))
    return np.degrees(np.arcsin(-nose[:, 1])) if name == "nod" else np.degrees(np.arctan2(nose[:, 0], nose[:, 2]))


def _elbow(name, count, seed):
    """Bend (T,) of the right elbow that the gesture asks for, degrees; knocking straightens it."""
    ctx = Ctx(np.random.default_rng(seed), 80, standing(1))
    bend = perform(Call(name, {"count": count}), ctx).arm[:, RIGHT, ELBOW]
    return -bend if name == "knock" else bend


PROMINENCE = {"wave": 10, "clap": 0.10, "beckon": 20, "knock": 15, "nod": 6, "shake_head": 15, "shrug": 0.02}


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize(("name", "count"), COUNTED)
def test_repetitions_are_as_many_as_asked_for(name, count, seed):
    by_arm = name in ("wave", "beckon", "knock")
    signal = _elbow(name, count, seed) if by_arm else _signal(name, preview(name, {"count": count}, seed=seed))
    assert len(find_peaks(signal, prominence=PROMINENCE[name])[0]) == int(count)


@pytest.mark.parametrize(("pace", "seed"), [(0.7, 0), (1.0, 7)])
@pytest.mark.parametrize(("name", "slot", "value"), CASES)
def test_joints_move_no_faster_than_people(name, slot, value, pace, seed):
    args = {slot: value} if slot else {}
    natural = preview(name, args, seed=seed).duration_s
    motion = preview(name, args, seed=seed, seconds=max(1.0, round(natural * pace / 0.2) * 0.2))
    speed = _angles(motion.joint_quat[1:], motion.joint_quat[:-1]) * motion.fps
    assert np.radians(speed.max()) < FASTEST


@pytest.mark.parametrize(("name", "slot", "value"), CASES)
def test_gestures_start_and_end_at_rest(name, slot, value):
    motion = preview(name, {slot: value} if slot else {}, seed=3)
    rest = solve(standing(1)).joint_quat[0]
    assert _angles(motion.joint_quat[0], rest).max() < 6
    assert _angles(motion.joint_quat[-1], rest).max() < 6
    assert np.abs(motion.root_pos[[0, -1]] - solve(standing(1)).root_pos[0]).max() < 0.01


@pytest.mark.parametrize(("name", "side"), SIDED)
def test_the_named_side_moves_and_the_other_does_not(name, side):
    motion = preview(name, {"side": side}, seed=1)
    moved = {
        s: _angles(motion.joint_quat[:, PARTS[f"{s}_arm"]], motion.joint_quat[:1, PARTS[f"{s}_arm"]]).max()
        for s in ("left", "right")
    }
    assert moved.pop(side) > 35
    assert max(moved.values()) < 8


@pytest.mark.parametrize("name", NAMES)
def test_no_two_performances_are_alike_and_the_trunk_takes_part(name):
    first, second = (preview(name, seed=seed, seconds=3.0) for seed in (0, 1))
    assert _angles(first.joint_quat, second.joint_quat).max() > 3
    for joint in ("spine1", "head"):
        curve = first.joint_quat[:, J[joint]]
        assert _angles(curve, curve[:1]).max() > 0.5


@pytest.mark.parametrize("seed", range(6))
def test_waving_hand_is_above_the_shoulder_and_swings_wide(seed):
    motion = preview("wave", {"side": "left", "count": "3"}, seed=seed)
    wrist, shoulder = _in_chest(motion, "left_wrist"), _in_chest(motion, "left_shoulder")
    up = slice(int(0.4 * len(wrist)), int(0.6 * len(wrist)))
    assert (wrist[up, 1] > shoulder[up, 1] + 0.06).all()
    assert np.ptp(wrist[wrist[:, 1] > shoulder[:, 1] + 0.08][:, 0]) > 0.2


@pytest.mark.parametrize("count", ACTIONS["clap"].spec.slots["count"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_clapping_hands_meet_and_part(count, seed):
    gap = -_signal("clap", preview("clap", {"count": count}, seed=seed))
    meets = find_peaks(-gap, prominence=0.1)[0]
    assert (gap[meets] < 0.12).all()
    for a, b in pairwise(meets):
        assert gap[a:b].max() > 0.22


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(
    ("direction", "way"),
    [("forward", (0, 0, 1)), ("up", (0, 1, 0)), ("down", (0, -0.7, 0.7)), ("left", (1, 0, 0)), ("right", (-1, 0, 0))],
)
def test_pointing_arm_goes_where_it_is_told(side, direction, way):
    motion = preview("point", {"side": side, "direction": direction}, seed=2)
    pos = motion.joint_positions()[motion.num_frames // 2]
    arm = pos[J[f"{side}_wrist"]] - pos[J[f"{side}_shoulder"]]
    assert np.linalg.norm(arm) > 0.46
    assert arm @ np.array(way) / np.linalg.norm(arm) > 0.75


@pytest.mark.parametrize(("direction", "way"), [("up", (0, 1, 0)), ("forward", (0, 0, 1)), ("side", (1, 0, 0))])
def test_raised_arms_go_where_they_are_told(direction, way):
    motion = preview("raise_arms", {"direction": direction}, seed=4)
    pos = motion.joint_positions()[motion.num_frames // 2]
    for side, flip in (("left", 1), ("right", -1)):
        arm = pos[J[f"{side}_wrist"]] - pos[J[f"{side}_shoulder"]]
        assert arm @ (np.array(way) * (flip, 1, 1)) / np.linalg.norm(arm) > 0.93


@pytest.mark.parametrize("seed", range(4))
def test_crossed_arms_lie_across_the_chest_and_outside_it(seed):
    motion = preview("cross_arms", seed=seed)
    left, right = (_in_chest(motion, f"{s}_wrist")[motion.num_frames // 2] for s in ("left", "right"))
    assert left[0] < right[0], "each wrist on the other side"
    assert min(left[2], right[2]) > 0.1
    assert np.linalg.norm(left - right) > 0.045


@pytest.mark.parametrize("seed", range(4))
def test_hands_rest_on_the_hips_with_elbows_out(seed):
    motion = preview("hands_on_hips", seed=seed)
    pos = motion.joint_positions()[motion.num_frames // 2]
    for side, flip in (("left", 1), ("right", -1)):
        hand, elbow = pos[J[f"{side}_wrist"]] - pos[0], pos[J[f"{side}_elbow"]] - pos[0]
        assert 0.1 < hand[0] * flip < 0.3 and -0.05 < hand[1] < 0.25
        assert elbow[0] * flip > hand[0] * flip + 0.06


def test_looking_around_sees_both_sides():
    for seed in range(4):
        nose = R.quat_rotate(
            preview("look_around", seed=seed).world()[1][:, J["head"]], np.array([0, 0, 1], np.float32)
        )
        turn = np.degrees(np.arctan2(nose[:, 0], nose[:, 2]))
        assert turn.max() > 30 and turn.min() < -30
