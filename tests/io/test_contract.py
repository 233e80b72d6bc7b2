"""What every format that is both written and read must do: give a motion back, whatever it is registered for."""

from pathlib import Path

import numpy as np
import pytest
from test_dialects import walking

import engine.render  # noqa: F401  (registers the savers of higher layers)
from engine.core import rotations as R
from engine.core import skeleton
from engine.core.errors import UserError
from engine.core.types import Scene
from engine.io import LOADERS, SAVERS, load, save
from engine.io.bvh_ours import NAMES
from engine.io.ground import place
from engine.io.unsupported import ADVICE
from engine.render.bodies import shown_body

CMU = Path(__file__).resolve().parents[3] / "shared" / "data" / "cmu"
FORMATS = sorted(set(SAVERS) & set(LOADERS) - set(ADVICE))
OPTIONS = {
    ".bvh": [{"names": n, "units": u, "up": a} for n in NAMES for u in ("cm", "m") for a in ("y", "z")],
    ".npy": [{}, {"layout": "humanml3d"}],
}
"""Beside its defaults; a format without a row is tried with these alone."""
CASES = [(suffix, options) for suffix in FORMATS for options in OPTIONS.get(suffix, [{}])]
MEAN_M = {".npy": 0.015}
"""Mean joint error that a format may have: positions alone leave the turns of bones open, the others keep them."""


@pytest.fixture(autouse=True)
def body():
    """The body that ships is installed, as in the running application."""
    before = skeleton._rest_joints
    shown_body().install()
    yield
    skeleton.use_rest_joints(before)


def walk():
    """The synthetic walk with its soles on the floor."""
    return place(walking()[0], recenter=False)


def motion_called(name):
    if name == "walk":
        return walk()
    if not (CMU / f"{name}.npz").is_file():
        pytest.skip("needs ../shared/data/cmu")
    return load(CMU / f"{name}.npz").motions[0]


def start_aligned(motion):
    """Joints (T, 22, 3) seen from where the motion starts and which way it faces there."""
    pos = motion.joint_positions().astype(np.float64)
    across = pos[0, 1] - pos[0, 2]
    turn = R.quat_from_axis("y", -np.arctan2(-across[2], across[0]))
    return R.quat_rotate(turn, pos - pos[0, 0] * [1, 0, 1])


def test_the_formats_are_known():
    assert {".bvh", ".glb", ".npy", ".npz"} <= set(FORMATS)


@pytest.mark.parametrize(("suffix", "options"), CASES, ids=str)
@pytest.mark.parametrize("name", ["walk", "02_01", "14_09", "05_12"])
def test_round_trip(tmp_path, name, suffix, options):
    motion = motion_called(name)
    before = motion.root_pos.copy(), motion.joint_quat.copy()
    (path,) = save(motion, tmp_path / f"{name}{suffix}", **options)
    back = load(path, **({"recenter": False} if suffix == ".npy" else {})).motions[0]
    assert np.array_equal(before[0], motion.root_pos) and np.array_equal(before[1], motion.joint_quat)
    want = motion.resample(back.fps)
    assert back.num_frames == want.num_frames
    if options.get("layout") == "humanml3d":
        error = start_aligned(back) - start_aligned(want)
    else:
        error = back.joint_positions() - want.joint_positions()
    error = np.linalg.norm(error, axis=-1)
    limit = MEAN_M.get(suffix, 0.0005)
    assert error.mean() < limit and error.max() < 4 * limit, (error.mean(), error.max())


@pytest.mark.parametrize("suffix", [s for s in FORMATS if s != ".npy"])
def test_the_shape_of_the_body_comes_back(tmp_path, suffix):
    motion = walking()[0].with_(betas=np.array([0.8, -0.5, 0.3, 0, 0, 0.2, 0, 0, 0, -0.4]))
    (path,) = save(motion, tmp_path / f"a{suffix}")
    error = load(path).motions[0].joint_positions() - motion.joint_positions()
    assert np.linalg.norm(error, axis=-1).max() < 0.0005


@pytest.mark.parametrize("suffix", FORMATS)
def test_two_persons(tmp_path, suffix):
    motion = walk()
    shorter = motion.slice(0, 40)
    scene = Scene((motion, shorter.with_(root_pos=shorter.root_pos + np.array([1.5, 0, 0], np.float32))))
    paths = save(scene, tmp_path / f"duo{suffix}")
    back = [m for p in paths for m in load(p, **({"recenter": False} if suffix == ".npy" else {})).motions]
    assert len(back) == 2
    for ours, theirs in zip(back, scene.motions, strict=True):
        assert ours.num_frames == theirs.resample(ours.fps).num_frames
        assert np.linalg.norm(ours.root_pos[0] - theirs.root_pos[0]) < 0.02


@pytest.mark.parametrize("suffix", sorted(SAVERS))
def test_unknown_options_are_refused(tmp_path, suffix):
    with pytest.raises(UserError, match=rf"Saving \{suffix} has no option 'colour'"):
        save(walking()[0], tmp_path / f"a{suffix}", colour="red")


@pytest.mark.parametrize("fps", [24, 25, 30, 60, 119.88])
@pytest.mark.parametrize("suffix", [".bvh", ".npz"])
def test_any_frame_rate(tmp_path, suffix, fps):
    motion = walking()[0]
    (path,) = save(motion, tmp_path / f"a{suffix}", fps=fps)
    back = load(path).motions[0]
    assert back.fps == pytest.approx(fps, rel=1e-6)
    assert abs(back.num_frames / fps - motion.duration_s) < 1.01 / min(fps, motion.fps)
    error = back.joint_positions() - motion.resample(fps).joint_positions()
    assert np.linalg.norm(error, axis=-1).max() < 1e-3


@pytest.mark.parametrize(
    ("suffix", "options", "words"),
    [
        (".bvh", {"names": "maya"}, "'mixamo' or 'smpl' or 'unreal'"),
        (".bvh", {"units": "inch"}, "'m' or 'cm'"),
        (".bvh", {"up": "x"}, "'y' or 'z'"),
        (".bvh", {"fps": 0}, "between 1 and 1000"),
        (".npz", {"fps": "fast"}, "between 1 and 1000"),
        (".npy", {"layout": "263"}, "'joints' or 'humanml3d'"),
    ],
)
def test_wrong_values_say_the_right_ones(tmp_path, suffix, options, words):
    with pytest.raises(UserError, match=words):
        save(walking()[0], tmp_path / f"a{suffix}", **options)
    assert not list(tmp_path.iterdir())
