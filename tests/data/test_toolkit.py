"""The animation toolkit: curves, solvers and the gait keep their promises."""

import numpy as np
import pytest

from engine.core.skeleton import MEAN_STANDING_HEIGHT, J, sole_points
from engine.data.toolkit.channels import FRAMES, LEFT, RIGHT, Ctx, standing
from engine.data.toolkit.curves import cycles, envelope, keys, noise, pulses
from engine.data.toolkit.gait import Gait, arc, go, spot, straight
from engine.data.toolkit.postures import POSTURES, at_rest, posture
from engine.data.toolkit.solve import solve


def _soles(motion):
    pos, world = motion.world()
    return sole_points(pos.astype(np.float64), world.astype(np.float64))


def test_keys_hit_their_values_and_rest_there():
    t = np.linspace(0, 2, 401)
    curve = keys(t, [(0.5, 0.0), (1.0, 3.0), (1.5, 3.0), (1.8, -1.0)])
    assert curve[0] == 0 and curve[200] == pytest.approx(3) and curve[250] == pytest.approx(3) and curve[-1] == -1
    assert np.abs(np.gradient(curve, t)[[100, 200]]).max() < 0.02
    assert keys(t, [(0.0, (0, 1)), (1.0, (2, 5))]).shape == (401, 2)


def test_envelope_cycles_pulses_noise():
    t = np.linspace(0, 3, 61)
    e = envelope(t, 0.5, 0.5)
    assert e[0] == e[-1] == 0 and e[30] == 1
    phase = cycles(t, 4, 0.5, 2.5)
    assert phase[0] == 0 and phase[-1] == pytest.approx(8 * np.pi)
    assert pulses(t, [1.0, 2.0], 0.4)[[20, 40]] == pytest.approx([1, 1])
    curve = noise(np.random.default_rng(0), 400, 2.0)
    assert 1.0 < curve.std() < 3.0 and np.abs(np.diff(curve)).max() < 1.0


def test_standing_is_on_the_floor_and_hangs_its_arms():
    motion = solve(standing(3))
    soles, pos = _soles(motion), motion.joint_positions()
    assert np.abs(soles[..., :2, 1]).max() < 2e-3
    assert abs(motion.root_pos[0, 1] - MEAN_STANDING_HEIGHT) < 0.01
    assert pos[0, J["left_wrist"], 1] < pos[0, J["left_elbow"], 1] < pos[0, J["left_shoulder"], 1]
    assert 0.15 < pos[0, J["left_wrist"], 0] < 0.32
    assert pos[0, J["left_wrist"], 0] == pytest.approx(-pos[0, J["right_wrist"], 0], abs=1e-4)


@pytest.mark.parametrize(
    "angles, way",
    [({"flex": 90}, (0, 0, 1)), ({"abd": 90, "flex": 0}, (1, 0, 0)), ({"flex": 172, "abd": 0}, (0, 1, 0))],
)
def test_arm_angles_point_the_arm(angles, way):
    c = standing(1)
    c.set_arm("both", **{"flex": 0, "abd": 0, "elbow": 0, **angles})
    pos = solve(c).joint_positions()[0]
    for name, flip in (("left", 1), ("right", -1)):
        arm = pos[J[f"{name}_wrist"]] - pos[J[f"{name}_shoulder"]]
        assert arm @ (np.array(way) * (flip, 1, 1)) / np.linalg.norm(arm) > 0.97


@pytest.mark.parametrize("frame", ["chest", "head", "pelvis", "world"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_hand_reaches_its_target(frame, side):
    c = standing(1)
    flip = 1 if side == "left" else -1
    target = {"chest": (0.1, -0.2, 0.3), "head": (0.1, 0.05, 0.15), "pelvis": (0.2, 0.1, 0.2), "world": (0, 1, 0)}[
        frame
    ]
    if frame == "world":
        target = (0.2 * flip, 1.1, 0.3)
    c.set_hand(side, frame, target)
    pos = solve(c).joint_positions()[0]
    origin = {
        "chest": (pos[J["left_shoulder"]] + pos[J["right_shoulder"]]) / 2, "head": pos[J["head"]], "pelvis": pos[0],
        "world": np.zeros(3),
    }[frame]  # fmt: skip
    goal = origin + np.array(target) * ((1 if frame == "world" else flip), 1, 1)
    assert np.linalg.norm(pos[J[f"{side}_wrist"]] - goal) < 0.035
    assert frame in FRAMES


def test_a_foot_rolls_over_its_ball_and_its_heel():
    c = standing(21)
    c.foot_pitch[:, LEFT] = np.linspace(0, 45, 21)
    c.foot_pitch[:, RIGHT] = -np.linspace(0, 25, 21)
    soles = _soles(solve(c))
    assert np.ptp(soles[:, LEFT, 1], axis=0).max() < 2e-3  # the ball stays
    assert np.ptp(soles[:, RIGHT, 0], axis=0).max() < 2e-3  # the heel stays
    assert soles[..., 1].min() > -2e-3
    assert soles[-1, LEFT, 0, 1] > 0.08 and soles[-1, RIGHT, 2, 1] > 0.05


@pytest.mark.parametrize("name", list(POSTURES))
def test_postures_stay_above_the_floor(name):
    motion = solve(posture(name))
    pos = motion.joint_positions()[0]
    assert pos[:, 1].min() > -0.005 and _soles(motion)[..., 1].min() > -0.005
    height = {"stand": 0.94, "sit": 0.5, "kneel": 0.53, "crouch": 0.4, "lie": 0.12}[name]
    assert motion.root_pos[0, 1] == pytest.approx(height, abs=0.05)


@pytest.mark.parametrize(
    "path, end, turn",
    [
        (straight(0, 2.0), (0, 2), 0),
        (straight(90, 0.8), (0.8, 0), 0),
        (arc(90, 1.0), (1, 1), 90),
        (spot(180), (0, 0), 180),
    ],
)
def test_gait_follows_its_path_with_planted_feet(path, end, turn):
    ctx = Ctx(np.random.default_rng(1), 72, standing(1))
    c, steps = go(ctx, Gait(), lambda metres: path)
    assert c.root[-1] == pytest.approx(end, abs=1e-6) and c.yaw[-1] == pytest.approx(turn)
    soles, t = _soles(solve(c)), ctx.t
    for s in (LEFT, RIGHT):
        mine = [k for k in range(len(steps.foot)) if steps.foot[k] == s]
        for k, after in zip(mine, [*mine[1:], None], strict=True):
            leave = steps.off[after] if after is not None else ctx.dur
            flat = (t > steps.on[k] + 0.32 * (leave - steps.on[k])) & (t < steps.on[k] + 0.5 * (leave - steps.on[k]))
            speed = np.linalg.norm(np.diff(soles[flat][:, s], axis=0), axis=-1) * 20
            assert speed.size == 0 or speed.max() < 0.01
    assert soles[..., 1].min() > -0.005


def test_at_rest_undoes_path_and_heading():
    ctx = Ctx(np.random.default_rng(1), 72, standing(1))
    c, _ = go(ctx, Gait(), lambda metres: arc(90, 1.0))
    rest = at_rest(c)
    assert rest.root[0] == pytest.approx([0, 0]) and rest.yaw[0] == 0
    assert np.abs(rest.foot_xz - standing(1).foot_xz).max() < 1e-3 and np.abs(rest.foot_yaw).max() < 1e-6
