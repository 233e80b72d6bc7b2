"""Motions put back onto the skeleton of an uploaded BVH."""

import numpy as np
import pytest
from test_dialects import Z_UP, walking, write_bvh
from test_samples import SAMPLES

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import MEAN_OFFSETS
from engine.io import load, save
from engine.io.bvh_text import parse_bvh

FITTING = ["cmu_walk_tpose_first", "cmu_jumping_jacks", "walk_24fps_cm", "zup_mixed_rotation_orders", "daz_salsa_P1"]


def joint_error(a, b):
    """Mean distance of joints in metres, start to start."""
    gap = a.joint_positions() - b.joint_positions()
    return np.linalg.norm(gap - gap[:1, :1], axis=-1).mean()


@pytest.mark.parametrize("up", ["y", "z"])
@pytest.mark.parametrize("unit", [0.01, 0.0254])
def test_the_motion_survives_and_the_skeleton_stays(tmp_path, up, unit):
    motion, world = walking()
    offsets, root = MEAN_OFFSETS[:22], motion.root_pos.astype(np.float64)
    if up == "z":  # the whole world stands on Z, rest pose included
        offsets, root = R.quat_rotate(Z_UP, offsets), R.quat_rotate(Z_UP, root)
        turn = np.broadcast_to(Z_UP, world.shape)
        world = R.quat_mul(R.quat_mul(turn, world), R.quat_inv(turn))
    path = tmp_path / "theirs.bvh"
    write_bvh(path, world, root, offsets, unit, ["XYZ", "ZYX"] * 11)
    uploaded = load(path).motions[0]
    (out,) = save(uploaded, tmp_path / "back.bvh", skeleton=path)
    assert joint_error(load(out).motions[0], uploaded) < 0.015
    before, after = (parse_bvh(p.name, p.read_text()) for p in (path, out))
    assert before.names == after.names and before.channels == after.channels
    assert np.array_equal(before.offsets, after.offsets)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not here")
@pytest.mark.parametrize("name", FITTING)
def test_samples_onto_themselves(tmp_path, name):
    path = SAMPLES / f"{name}.bvh"
    motion = load(path).motions[0]
    (out,) = save(motion, tmp_path / "back.bvh", skeleton=path)
    assert joint_error(load(out).motions[0], motion) < 0.015


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not here")
def test_a_skeleton_that_does_not_stand_at_rest_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"no standing person.*Leave out the option skeleton"):
        save(walking()[0], tmp_path / "a.bvh", skeleton=SAMPLES / "rokoko_dance_100fps.bvh")


def test_a_skeleton_that_is_not_there(tmp_path):
    with pytest.raises(UserError, match="There is no file"):
        save(walking()[0], tmp_path / "a.bvh", skeleton=tmp_path / "none.bvh")
