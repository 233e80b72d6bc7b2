"""One motion written as BVH in many ways - axes, units, channel orders, rest poses, names - must come back the same."""

import itertools

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from engine.core import rotations as R
from engine.core.skeleton import MEAN_OFFSETS, PARENTS, J
from engine.core.types import Motion
from engine.io import load

_UNREAL = """pelvis thigh_l thigh_r spine_01 calf_l calf_r spine_02 foot_l foot_r spine_03 ball_l ball_r neck_01
clavicle_l clavicle_r head upperarm_l upperarm_r lowerarm_l lowerarm_r hand_l hand_r"""
NAMES = dict(zip(J, _UNREAL.split(), strict=False))
ORDERS = ["".join(p).upper() for p in itertools.permutations("xyz")]
Z_UP = R.quat_from_axis("x", np.array(np.pi / 2))


def walking(frames=60):
    """Steps ahead with swinging limbs: (Motion, world rotations (T, 22, 4))."""
    t = np.arange(frames) / 30.0
    aa = np.zeros((frames, 22, 3))
    swing = np.sin(2 * np.pi * t)
    for side, sign in (("left", 1), ("right", -1)):
        aa[:, J[f"{side}_hip"], 0] = -0.4 * sign * swing - 0.1
        aa[:, J[f"{side}_knee"], 0] = 0.4 - 0.3 * sign * np.cos(2 * np.pi * t)
        aa[:, J[f"{side}_shoulder"], 2] = -1.2 * sign
        aa[:, J[f"{side}_elbow"], 1] = -0.5 * sign
    aa[:, J["spine2"], 1] = 0.1 * swing
    aa[:, 0, 1] = 0.5
    root = np.stack([0.5 * t, 0.92 + 0.01 * np.cos(4 * np.pi * t), t], 1)
    motion = Motion(root, R.quat_from_aa(aa), 30.0)
    return motion, motion.world()[1].astype(np.float64)


def write_bvh(path, world, root, offsets, unit, orders, root_offset=(0, 0, 0)):
    """A BVH with our tree under Unreal's names. world (T, 22, 4), root (T, 3) and offsets (22, 3) in its axes."""
    names, columns = list(NAMES.values()), [root / unit]
    lines, order = ["HIERARCHY"], []

    def add(j):
        order.append(j)
        at = np.array(root_offset) if j == 0 else offsets[j] / unit
        moves = "6 Xposition Yposition Zposition" if j == 0 else "3"
        spins = " ".join(f"{a}rotation" for a in orders[j])
        lines.extend([f"{'ROOT' if j == 0 else 'JOINT'} {names[j]}", "{", "OFFSET " + " ".join(f"{v:.7f}" for v in at)])
        lines.append(f"CHANNELS {moves} {spins}")
        kids = [k for k in range(22) if PARENTS[k] == j]
        for k in kids:
            add(k)
        if not kids:
            tip = offsets[j] * (0.3 if j else 1) / unit
            lines.extend(["End Site", "{", "OFFSET " + " ".join(f"{v:.7f}" for v in tip), "}"])
        lines.append("}")

    add(0)
    for j in order:
        local = world[:, j] if j == 0 else R.quat_mul(R.quat_inv(world[:, PARENTS[j]]), world[:, j])
        columns.append(Rotation.from_quat(local[:, [1, 2, 3, 0]]).as_euler(orders[j], degrees=True))
    rows = [" ".join(f"{v:.6f}" for v in row) for row in np.concatenate(columns, 1)]
    path.write_text("\n".join([*lines, "MOTION", f"Frames: {len(rows)}", "Frame Time: 0.0333333", *rows]) + "\n")


def check(path, motion, mean=0.02, worst=0.06):
    """The file must show `motion`, moved to start at the origin of the floor."""
    back = load(path).motions[0]
    ours, theirs = back.joint_positions(), motion.joint_positions()
    error = np.linalg.norm((ours - ours[:1, :1]) - (theirs - theirs[:1, :1]), axis=-1)
    assert error.mean() < mean and error.max() < worst, (error.mean(), error.max())
    assert np.allclose(R.heading(back.joint_quat[:, 0]), 0.5, atol=0.03)


@pytest.mark.parametrize("unit", [1.0, 0.01, 0.0254, 0.0254 / 0.45, 0.001, 0.2])
def test_units(tmp_path, unit):
    motion, world = walking()
    write_bvh(tmp_path / "a.bvh", world, motion.root_pos, MEAN_OFFSETS[:22], unit, ["ZXY"] * 22)
    check(tmp_path / "a.bvh", motion)


@pytest.mark.parametrize("shift", range(6))
def test_channel_orders_that_differ_by_joint(tmp_path, shift):
    motion, world = walking()
    orders = [ORDERS[(j + shift) % 6] for j in range(22)]
    write_bvh(tmp_path / "a.bvh", world, motion.root_pos, MEAN_OFFSETS[:22], 0.01, orders, root_offset=(0, 94, 0))
    check(tmp_path / "a.bvh", motion)


@pytest.mark.parametrize("rest_up", ["y", "z"])
@pytest.mark.parametrize("motion_up", ["y", "z"])
def test_up_axes_of_rest_and_motion(tmp_path, rest_up, motion_up):
    motion, world = walking()
    root, offsets = motion.root_pos.astype(np.float64), MEAN_OFFSETS[:22]
    if motion_up == "z":
        root, world = R.quat_rotate(Z_UP, root), R.quat_mul(np.broadcast_to(Z_UP, world.shape), world)
    if rest_up == "z":
        offsets = R.quat_rotate(Z_UP, offsets)
        world = R.quat_mul(world, np.broadcast_to(R.quat_inv(Z_UP), world.shape))
    write_bvh(tmp_path / "a.bvh", world, root, offsets, 0.01, ["ZYX"] * 22)
    assert load(tmp_path / "a.bvh").provenance["up"] == motion_up
    check(tmp_path / "a.bvh", motion)


@pytest.mark.parametrize("turn_deg", [90, 180, 40])
def test_rest_poses_that_face_another_way(tmp_path, turn_deg):
    motion, world = walking()
    turn = R.quat_from_axis("y", np.radians(np.array(float(turn_deg))))
    offsets = R.quat_rotate(turn, MEAN_OFFSETS[:22])
    world = R.quat_mul(world, np.broadcast_to(R.quat_inv(turn), world.shape))
    write_bvh(tmp_path / "a.bvh", world, motion.root_pos, offsets, 0.01, ["ZXY"] * 22)
    check(tmp_path / "a.bvh", motion)


@pytest.mark.parametrize("drop_deg", [0, 45, 80])
def test_rest_poses_with_arms_out_or_down(tmp_path, drop_deg):
    """The arms of the rest pose hang by some angle; rotations in the file are measured from there."""
    motion, world = walking()
    offsets, world = MEAN_OFFSETS[:22].copy(), world.copy()
    for side, sign in (("left", -1), ("right", 1)):
        drop = R.quat_from_axis("z", np.array(np.radians(drop_deg) * sign))
        for name in ("elbow", "wrist"):
            offsets[J[f"{side}_{name}"]] = R.quat_rotate(drop, offsets[J[f"{side}_{name}"]])
        for name in ("shoulder", "elbow", "wrist"):
            j = J[f"{side}_{name}"]
            world[:, j] = R.quat_mul(world[:, j], np.broadcast_to(R.quat_inv(drop), world[:, j].shape))
    write_bvh(tmp_path / "a.bvh", world, motion.root_pos, offsets, 0.01, ["ZXY"] * 22)
    check(tmp_path / "a.bvh", motion)


def test_rest_pose_that_is_no_person(tmp_path):
    """Limb bones all drawn along one axis, as some exporters do: the motion itself must serve as the reference."""
    motion, world = walking()
    offsets, world = MEAN_OFFSETS[:22].copy(), world.copy()
    for j, tip in ((j, k) for k, j in enumerate(PARENTS[:22]) if j > 0 and j != J["spine3"]):
        turn = R.quat_between(np.array([1.0, 0, 0]), offsets[tip])
        offsets[tip] = [np.linalg.norm(offsets[tip]), 0, 0]
        world[:, j] = R.quat_mul(world[:, j], np.broadcast_to(turn, world[:, j].shape))
    write_bvh(tmp_path / "a.bvh", world, motion.root_pos, offsets, 0.01, ["ZXY"] * 22)
    check(tmp_path / "a.bvh", motion, mean=0.05, worst=0.2)


def test_a_leading_t_pose_does_not_flash_up(tmp_path):
    motion, world = walking()
    world[0] = [1, 0, 0, 0]
    write_bvh(tmp_path / "a.bvh", world, motion.root_pos, MEAN_OFFSETS[:22], 0.01, ["ZXY"] * 22)
    scene = load(tmp_path / "a.bvh")
    assert scene.provenance["frames_held"] == 1 and scene.motions[0].num_frames == 60
    assert np.allclose(scene.motions[0].joint_quat[0], scene.motions[0].joint_quat[1], atol=1e-5)


def test_a_motion_that_begins_with_arms_out_is_kept(tmp_path):
    """Arms out at the start that come down at a natural pace are motion, not a calibration pose."""
    motion, world = walking(90)
    rest = np.tile([1.0, 0, 0, 0], (90, 22, 1))
    ease = np.repeat(np.clip(np.arange(90) / 30, 0, 1)[:, None], 22, 1)
    write_bvh(
        tmp_path / "a.bvh", R.quat_slerp(rest, world, ease), motion.root_pos, MEAN_OFFSETS[:22], 0.01, ["ZXY"] * 22
    )
    assert load(tmp_path / "a.bvh").provenance["frames_held"] == 0


def test_arms_that_end_at_the_elbow(tmp_path):
    """A rig whose hands have names of nothing known still loads: the forearm points to whatever hangs below it."""
    motion, world = walking()
    write_bvh(tmp_path / "a.bvh", world, motion.root_pos, MEAN_OFFSETS[:22], 0.01, ["ZXY"] * 22)
    text = (tmp_path / "a.bvh").read_text()
    (tmp_path / "a.bvh").write_text(text.replace("hand_l", "mitten_l").replace("hand_r", "mitten_r"))
    check(tmp_path / "a.bvh", motion)
