"""The builder's parts, on small made-up meshes; the whole build needs the development extra and is not run here."""

import importlib.util

import numpy as np
import pytest

from engine.body.anny_source import AnnySource
from engine.body.fit import fit_regressor, fit_to_mean
from engine.body.mesh import decimate, mirror_index, smooth_weights, strongest, symmetric
from engine.body.unpose import joint_blend, rest_positions, skin_groups
from engine.core.errors import UserError
from engine.core.skeleton import JOINT_NAMES, MEAN_STANDING_HEIGHT, MIRROR, J

SIDES = [
    "upperleg01", "upperleg02", "lowerleg01", "foot", "toe2-1", "toe3-1", "clavicle", "shoulder01", "upperarm01",
    "lowerarm01", "wrist", "metacarpal2", "finger3-1", "eye",
]  # fmt: skip
BONES = ["root", "spine05", "spine04", "spine03", "spine02", "spine01", "neck01", "neck02", "neck03", "head"] + [
    f"{bone}.{side}" for bone in SIDES for side in "LR"
]


def ball(rings=16, around=24):
    """A closed symmetric mesh: vertices (V, 3), faces (F, 3)."""
    polar = np.linspace(0, np.pi, rings + 1)[1:-1]
    turn = np.arange(around) * 2 * np.pi / around
    grid = np.stack(
        [
            np.outer(np.sin(polar), np.sin(turn)),
            np.repeat(np.cos(polar)[:, None], around, 1),
            np.outer(np.sin(polar), np.cos(turn)),
        ],
        -1,
    ).reshape(-1, 3)
    vertices = np.concatenate([grid, [[0, 1, 0], [0, -1, 0]]])
    faces = []
    for i in range(rings - 2):
        for k in range(around):
            a, b = i * around + k, i * around + (k + 1) % around
            faces += [[a, a + around, b], [b, a + around, b + around]]
    top, bottom, last = len(grid), len(grid) + 1, (rings - 2) * around
    faces += [[top, k, (k + 1) % around] for k in range(around)]
    faces += [[bottom, last + (k + 1) % around, last + k] for k in range(around)]
    vertices[np.abs(vertices) < 1e-12] = 0
    return vertices, np.array(faces)


def test_joints_are_affine_blends_of_bones_and_mirror():
    blend = joint_blend(BONES)
    np.testing.assert_allclose(blend.sum(1), 1)
    other = [BONES.index(b[:-1] + {"L": "R", "R": "L"}[b[-1]] if b[-2] == "." else b) for b in BONES]
    np.testing.assert_allclose(blend[list(MIRROR)], blend[:, other])


def test_every_bone_moves_the_skin_of_a_joint_on_its_side():
    groups = dict(zip(BONES, skin_groups(BONES), strict=True))
    assert set(groups.values()) == set(range(24))
    assert groups["neck03"] == J["head"] and groups["eye.R"] == J["head"] and groups["neck02"] == J["neck"]
    assert all(JOINT_NAMES[j].startswith("left") for b, j in groups.items() if b.endswith(".L") and b != "eye.L")


def test_fit_carries_the_soles_under_the_mean_pelvis():
    rng = np.random.default_rng(0)
    joints = rest_positions() * 1.05
    points = joints + rng.normal(0, 0.05, (400, 24, 3)).clip(-0.06, 0.06)
    vertices = points.reshape(-1, 3)
    fitted = fit_to_mean(vertices, joints)
    assert abs(fitted[:, 1].min() + MEAN_STANDING_HEIGHT) < 0.02, "8 cm too low before"
    middle = fitted.reshape(400, 24, 3).mean(0)
    for name in ("left_knee", "right_elbow", "left_wrist"):
        assert np.linalg.norm(middle[J[name]] - rest_positions()[J[name]]) < 0.01


def test_regressor_is_exact_on_the_template_and_local():
    rng = np.random.default_rng(0)
    joints = rest_positions()
    around = rng.normal(0, 0.04, (60, 3))
    template = (joints[:, None] + around).reshape(-1, 3)
    weights = np.repeat(np.eye(24), 60, 0)
    stretch = rng.normal(1, 0.05, (12, 1, 3))
    regressor = fit_regressor(template, joints, template * stretch, joints * stretch, weights)
    np.testing.assert_allclose(regressor @ template, joints, atol=1e-9)
    np.testing.assert_allclose(regressor.sum(1), 1, atol=1e-9)
    unseen = np.array([1.1, 0.9, 1.05])
    assert np.abs(regressor @ (template * unseen) - joints * unseen).max() < 0.005
    distance = np.linalg.norm(template[None] - joints[:, None], axis=-1)
    assert distance[regressor != 0].max() < 0.25


def test_smoothing_keeps_sums_and_symmetry():
    vertices, faces = ball()
    pairs = mirror_index(vertices)
    weights = np.zeros((len(vertices), 24))
    weights[np.arange(len(vertices)), np.where(vertices[:, 0] > 0, J["left_hip"], J["right_hip"])] = 1
    smooth = strongest(smooth_weights(weights, faces, pairs, 4))
    np.testing.assert_allclose(smooth.sum(1), 1)
    np.testing.assert_allclose(smooth[pairs][:, list(MIRROR)], smooth, atol=1e-12)
    seam = np.abs(vertices[:, 0]) < 1e-9
    np.testing.assert_allclose(smooth[seam][:, J["left_hip"]], 0.5)


def test_strongest_keeps_four():
    weights = np.random.default_rng(0).dirichlet(np.ones(24), 50)
    kept = strongest(weights)
    assert ((kept > 0).sum(1) == 4).all()
    np.testing.assert_allclose(kept.sum(1), 1)
    np.testing.assert_array_equal(kept.argmax(1), weights.argmax(1))


def test_symmetric_is_a_projection():
    vertices, _ = ball()
    pairs = mirror_index(vertices)
    once = symmetric(vertices + np.random.default_rng(0).normal(0, 0.1, vertices.shape), pairs)
    np.testing.assert_allclose(symmetric(once, pairs), once, atol=1e-12)
    np.testing.assert_allclose(once[pairs] * [-1, 1, 1], once, atol=1e-12)


def test_decimation_is_symmetric():
    pytest.importorskip("fast_simplification", reason="needs the development extra")
    vertices, faces = ball(40, 60)
    kept, fewer = decimate(vertices, faces, mirror_index(vertices), 1200)
    assert 800 < len(fewer) < 1600
    mirror_index(vertices[kept])


@pytest.mark.skipif(importlib.util.find_spec("anny") is not None, reason="the development extra is installed")
def test_missing_extra_is_said_plainly():
    with pytest.raises(UserError, match="pip install anny"):
        AnnySource()
