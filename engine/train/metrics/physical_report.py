"""The physical report: one detector on real capture, on authored performances and on generated motion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from engine.assess.physical import physical
from engine.core.errors import UserError
from engine.core.types import MODEL_FPS, Motion
from engine.train.metrics.goals import Goal
from engine.train.metrics.pairs import cmu_held_out
from engine.train.metrics.scores import Estimate

CAPTURE, AUTHORED, GENERATED = "CMU, held out", "authored", "generated"
FIELDS: Mapping[str, str] = {
    "skate_cm_s": "skate cm/s",
    "penetration_cm": "penetration cm",
    "float_cm": "float cm",
    "jitter_m_s3": "jitter m/s^3",
    "limit_share": "outside joint limits",
    "pops": "pops",
}
"""Figures of `assess.physical.Physical` that are reported, and their headings."""
SKATE_SHARE, SKATE_CM_S, PENETRATION_CM, FLOAT_CM, JITTER_SHARE = 0.5, 3.0, 1.0, 2.0, 1.5
"""Targets of generated motion; the shares are of the figures of capture."""


@dataclass(frozen=True)
class PhysicalRow:
    """Means over the clips of one source with their 95 % intervals; the fields are those of FIELDS."""

    name: str
    clips: int
    skate_cm_s: Estimate
    penetration_cm: Estimate
    float_cm: Estimate
    jitter_m_s3: Estimate
    limit_share: Estimate
    pops: Estimate

    @property
    def estimates(self) -> list[Estimate]:
        return [getattr(self, name) for name in FIELDS]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def physical_row(name: str, motions: Sequence[Motion]) -> PhysicalRow:
    """Measure clips at 20 fps, where jitter can be compared."""
    found = [physical(m.resample(MODEL_FPS)) for m in motions]
    return PhysicalRow(name, len(motions), *(Estimate.of([getattr(f, key) for f in found]) for key in FIELDS))


def measure_physical(authored: Sequence[Motion], generated: Sequence[Motion]) -> list[PhysicalRow]:
    """Rows of capture, authored and generated motion. UserError without the CMU pack, which the targets refer to."""
    capture = [p.motion for p in cmu_held_out()]
    if not capture:
        raise UserError("The CMU pack is not there, so there is nothing to compare with; see engine/data/cmu.py.")
    named = ((CAPTURE, capture), (AUTHORED, authored), (GENERATED, generated))
    return [physical_row(name, motions) for name, motions in named]


def physical_goals(rows: Sequence[PhysicalRow]) -> list[Goal]:
    """The targets of the generated row."""
    by_name = {row.name: row for row in rows}
    real, made = by_name[CAPTURE], by_name[GENERATED]
    skate = min(SKATE_CM_S, SKATE_SHARE * real.skate_cm_s.mean)
    return [
        Goal("foot skate, generated", skate, made.skate_cm_s.mean, "cm/s"),
        Goal("penetration, generated", PENETRATION_CM, made.penetration_cm.mean, "cm"),
        Goal("float, generated", FLOAT_CM, made.float_cm.mean, "cm"),
        Goal("jitter, generated", JITTER_SHARE * real.jitter_m_s3.mean, made.jitter_m_s3.mean, "m/s^3"),
    ]


def format_physical(rows: Sequence[PhysicalRow]) -> str:
    """The table of all rows."""
    lines = [f"{'motion':16}{'clips':>7}" + "".join(f"{name:>22}" for name in FIELDS.values())]
    for row in rows:
        lines.append(f"{row.name:16}{row.clips:>7}" + "".join(f"{e!s:>22}" for e in row.estimates))
    return "\n".join(lines)
