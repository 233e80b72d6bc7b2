"""Plans performed: what is asked happens, on the floor, without pops."""

import numpy as np
import pytest

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.plan import Call, Plan, Segment, parse_plan
from engine.core.skeleton import JOINT_NAMES, sole_points
from engine.data.compose import catalogue, perform_plan, sample_plan
from engine.data.registry import ACTIONS, natural_seconds
from engine.data.sampling import sample_call

LOWER = [name for name, spec in catalogue().items() if spec.part == "lower"] + ["jump", "hop", "spin"]
FAST = {
    "run", "hop", "jump", "march", "stomp", "spin", "knee_raise", "skip", "run_backward", "run_circle", "run_curve",
    "gallop_sideways", "horse_gallop",
}  # fmt: skip
TOES = [JOINT_NAMES.index("left_foot"), JOINT_NAMES.index("right_foot")]


def perform(text: str, seed: int = 0):
    return perform_plan(parse_plan(f"make {text}"), np.random.default_rng(seed))


def soles(motion):
    pos, world = motion.world()
    return sole_points(pos.astype(np.float64), world.astype(np.float64))


def joint_speed(motion):
    """(T - 1, 22) degrees a second."""
    q = motion.joint_quat.astype(np.float64)
    dot = np.clip(np.abs((q[1:] * q[:-1]).sum(-1)), 0, 1)
    return np.degrees(2 * np.arccos(dot)) * motion.fps


def airborne(motion) -> int:
    """How many times both feet are off the floor."""
    off = soles(motion)[..., 1].min((1, 2)) > 0.02
    return int((off[1:] & ~off[:-1]).sum())


def natural(name: str, rng) -> Plan:
    call = sample_call(rng, catalogue()[name])
    return Plan("make", (Segment((call,), natural_seconds(name, call.args, rng)),))


@pytest.mark.parametrize("name", LOWER)
def test_lower_actions_keep_to_the_floor_and_to_what_joints_can_do(name):
    rng = np.random.default_rng(3)
    for _ in range(3):
        plan = natural(name, rng)
        motion = perform_plan(plan, rng)
        assert motion.num_frames == plan.num_steps * 4
        points = soles(motion)
        assert points[..., 1].min() > -0.005, plan
        low = points[..., 1] < 0.003
        standing = low[:-4] & low[1:-3] & low[2:-2] & low[3:-1] & low[4:]
        speed = np.linalg.norm(np.diff(points[..., [0, 2]], axis=0), axis=-1)[1:-2] * 20
        assert np.where(standing, speed, 0).max() < 0.04 and speed[standing].mean() < 0.012, plan
        knees = R.quat_to_aa(motion.joint_quat[:, 4:6])[..., 0]
        assert np.degrees(knees.min()) > -3, plan
        turning = joint_speed(motion)
        turning[:, TOES] /= 2
        assert turning.max() < (1200 if name in FAST else 900), plan


def test_two_seeds_differ_and_one_seed_repeats():
    a, b, again = (perform("walk for 3.0", seed) for seed in (1, 2, 1))
    assert np.array_equal(a.joint_quat, again.joint_quat)
    assert np.abs(a.joint_quat - b.joint_quat).max() > 0.02


@pytest.mark.parametrize("count", [1, 3, 5])
@pytest.mark.parametrize(
    "action", ["jump direction=up height=normal", "jump direction=forward height=low", "hop side=left"]
)
def test_as_many_flights_as_jumps(action, count):
    motion = perform(f"{action} count={count} for {0.6 + 1.2 * count:.1f}")
    assert airborne(motion) == count


@pytest.mark.parametrize("side, sign", [("left", 1), ("right", -1)])
@pytest.mark.parametrize("degrees", [45, 90, 180, 270, 360])
def test_turn_turns_by_its_angle(side, sign, degrees):
    motion = perform(f"turn side={side} degrees={degrees} for {1.4 + degrees / 120:.1f}")
    heading = np.degrees(np.unwrap(R.heading(motion.joint_quat[:, 0])))
    assert heading[-1] - heading[0] == pytest.approx(sign * degrees, abs=3)


@pytest.mark.parametrize(
    "action, way",
    [("walk direction=forward", (0, 1)), ("walk direction=backward", (0, -1)), ("walk direction=left", (1, 0)),
     ("walk direction=right", (-1, 0)), ("run direction=forward", (0, 1)), ("jump direction=left", (1, 0)),
     ("step direction=backward count=2", (0, -1)), ("step direction=right count=2", (-1, 0))],
)  # fmt: skip
def test_directions(action, way):
    motion = perform(f"{action} for 3.0")
    path = motion.root_pos[-1, [0, 2]] - motion.root_pos[0, [0, 2]]
    assert np.linalg.norm(path) > 0.3 and path @ np.array(way) / np.linalg.norm(path) > 0.97
    assert np.abs(motion.root_pos[0, [0, 2]]).max() < 1e-6


def test_speeds_are_in_order():
    def speed(action: str) -> float:
        return float(
            np.linalg.norm(np.gradient(perform(f"{action} for 4.0").root_pos[:, [0, 2]], axis=0), axis=1)[30:50].mean()
            * 20
        )

    slow, normal, fast, jog, run = (speed(a) for a in ("walk speed=slow", "walk", "walk speed=fast", "jog", "run"))
    assert 0.5 < slow < 0.95 and 1.0 < normal < 1.5 and 1.55 < fast < 2.2 and 1.7 < jog < 2.4 and 2.4 < run < 3.4


def test_segments_follow_one_another_without_pops():
    text = "walk for 2.6 ; turn side=left degrees=90 for 2.0 ; squat count=1 for 2.0 ; walk direction=left for 2.4"
    motion = perform(text)
    assert motion.num_frames == 180
    edges = [52, 92, 132]
    turning = joint_speed(motion)
    moved = np.linalg.norm(np.diff(motion.root_pos, axis=0), axis=1) * 20
    for edge in edges:
        assert turning[edge - 1].max() < 120 and moved[edge - 1] < 0.1
    # heading and path carry on: turned left, so walking to the left goes back along -Z
    assert motion.root_pos[-1, 2] < motion.root_pos[131, 2] - 0.3


@pytest.mark.parametrize("posture, height", [("sit", 0.5), ("kneel", 0.53), ("crouch", 0.4), ("lie_down", 0.12)])
def test_postures_are_kept_and_left(posture, height):
    motion = perform(f"{posture} for 3.0 ; stand_up for 2.6")
    assert motion.root_pos[59, 1] == pytest.approx(height, abs=0.05)
    assert motion.root_pos[-1, 1] == pytest.approx(0.94, abs=0.02)
    walk = perform(f"{posture} for 3.0 ; walk for 4.0")  # getting up is put in
    assert walk.root_pos[-1, 2] > 0.8 and soles(walk)[..., 1].min() > -0.005


@pytest.mark.parametrize("action, rise", [("stairs_up count=4", 0.68), ("stairs_down count=4", -0.68)])
def test_stairs_change_the_floor_that_what_follows_stands_on(action, rise):
    motion = perform(f"walk for 2.0 ; {action} for 3.2 ; sit for 2.0 ; stand_up for 2.0 ; walk for 2.0")
    height, lowest = motion.root_pos[:, 1], soles(motion)[..., 1].min((1, 2))
    assert height[[40, -1]] == pytest.approx([0.94 + max(-rise, 0), 0.94 + max(rise, 0)], abs=0.02)
    assert lowest[[0, -1]] == pytest.approx([max(-rise, 0), max(rise, 0)], abs=0.01) and lowest.min() > -0.005
    edges = np.cumsum([40, 64, 40, 40]) - 1
    assert np.linalg.norm(np.diff(motion.root_pos, axis=0), axis=1)[edges].max() * 20 < 0.1


def test_up_and_down_again_ends_where_it_began():
    motion = perform("stairs_up count=3 for 2.6 ; turn side=left degrees=180 for 2.0 ; stairs_down count=3 for 2.6")
    assert motion.root_pos[-1] == pytest.approx(motion.root_pos[0], abs=0.03)
    assert motion.root_pos[60, 1] == pytest.approx(0.94 + 0.51, abs=0.03)


def test_stand_up_alone_begins_low():
    assert perform("stand_up for 2.0").root_pos[0, 1] < 0.6


def test_unknown_action_and_two_pairs_of_legs_are_refused():
    with pytest.raises(UserError, match="levitate"):
        perform("levitate for 2.0")
    with pytest.raises(UserError, match="legs"):
        perform("walk & squat count=1 for 2.0")


def test_sampled_plans_are_whole_and_performable():
    rng, known = np.random.default_rng(5), catalogue()
    for _ in range(25):
        plan = sample_plan(rng, known)
        assert 0 < plan.seconds <= 10.0001 and parse_plan(str(plan)) == plan
        for segment in plan.segments:
            for call in segment.calls:
                spec = known[call.name]
                assert list(call.args) == list(spec.slots)
                assert all(value in spec.slots[slot] for slot, value in call.args.items())
        assert perform_plan(plan, rng).num_frames == plan.num_steps * 4


def test_natural_lengths_are_whole_steps():
    rng = np.random.default_rng(0)
    for name in ACTIONS:
        seconds = natural_seconds(name, sample_call(rng, catalogue()[name]).args, rng)
        assert 0.8 <= seconds <= 10 and round(seconds / 0.2) * 0.2 == pytest.approx(seconds)


def test_call_arguments_default():
    assert perform_plan(Plan("make", (Segment((Call("walk"),), 2.0),)), np.random.default_rng(0)).num_frames == 40
