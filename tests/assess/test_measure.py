"""Measured facts: of made-up motions with known answers, and of real clips."""

from pathlib import Path

import numpy as np
import pytest

from engine.assess.events import oscillations, peaks, spans, winding
from engine.assess.measure import measure
from engine.core import rotations as R
from engine.core.skeleton import MEAN_STANDING_HEIGHT, J
from engine.core.types import Motion

CMU = Path(__file__).resolve().parents[3] / "shared" / "data" / "cmu"
needs_cmu = pytest.mark.skipif(not CMU.is_dir(), reason="needs the CMU clips in ../shared/data/cmu")
FRAMES = 80
TIME = np.arange(FRAMES) / 20.0


def cmu(trial: str, num_frames: int = 200) -> Motion:
    with np.load(CMU / f"{trial}.npz") as data:
        aa = data["poses"].astype(np.float32).reshape(-1, 22, 3)
        return Motion(data["root_pos"], R.quat_from_aa(aa), 30.0).resample(20.0).slice(0, num_frames)


def body(turn=0.0, forward=0.0, rise=0.0, **joints) -> Motion:
    """A standing body, arms hanging, turn and travel given over time; joints: (axis, angle over time)."""
    quat = R.quat_identity(FRAMES, 22)
    quat[:, 0] = R.quat_from_axis("y", np.broadcast_to(turn, FRAMES).astype(float))
    pose = {"left_shoulder": ("z", -1.3), "right_shoulder": ("z", 1.3), **joints}
    for name, (axis, angle) in pose.items():
        quat[:, J[name]] = R.quat_from_axis(axis, np.broadcast_to(angle, FRAMES).astype(float))
    root = np.zeros((FRAMES, 3))
    root[:, 1], root[:, 2] = MEAN_STANDING_HEIGHT + rise, forward
    return Motion(root, quat)


def test_standing_still():
    facts = measure(body())
    assert (facts.start, facts.end, facts.airborne) == ("stand", "stand", 0)
    assert facts.lines() == ["lasts 4.0 s", "stayed in place"]


def test_path_and_turn():
    facts = measure(body(turn=np.linspace(0, np.pi / 2, FRAMES), forward=TIME))
    assert facts.turn_deg == pytest.approx(90, abs=4)
    assert facts.forward_m == pytest.approx(3.95, abs=0.2)
    assert any("turned" in line and "to the left" in line for line in facts.lines())
    right = measure(body(turn=np.linspace(0, -8, FRAMES)))
    assert right.turn_deg == pytest.approx(np.degrees(-8), abs=12)


def test_facts_do_not_depend_on_place_and_heading_of_the_scene():
    motion = body(forward=TIME, right_shoulder=("z", -0.9), right_elbow=("z", 0.5 * np.sin(9 * TIME) - 0.7))
    yaw = R.quat_from_axis("y", np.asarray(2.0))
    quat = motion.joint_quat.copy()
    quat[:, 0] = R.quat_mul(yaw, quat[:, 0].astype(float))
    moved = motion.with_(root_pos=R.quat_rotate(yaw, motion.root_pos.astype(float)) + [3, 0, -2], joint_quat=quat)
    assert measure(motion).lines() == measure(moved).lines()


@pytest.mark.parametrize("count", [2, 4])
def test_waves_are_counted(count):
    swing = 0.5 * np.sin(2 * np.pi * count * TIME / 4)
    facts = measure(body(right_shoulder=("z", -0.6), right_elbow=("z", -0.7 + swing)))
    assert facts.arms["right"].waves == count and facts.arms["left"].waves == 0
    assert facts.arms["right"].raised == 1 and facts.arms["left"].raised == 0


def test_flights_are_counted():
    rise = np.maximum(0, 0.3 * np.sin(2 * np.pi * 3 * TIME / 4))
    facts = measure(body(rise=rise))
    assert facts.airborne == 3 and facts.legs.flight_m == pytest.approx(0.3, abs=0.03)


def test_lying():
    motion = body()
    quat = motion.joint_quat.copy()
    quat[:, 0] = R.quat_from_axis("x", np.full(FRAMES, -np.pi / 2))
    root = motion.root_pos.copy()
    root[:, 1] = 0.12
    facts = measure(motion.with_(root_pos=root, joint_quat=quat))
    assert facts.end == "lie" and facts.airborne == 0


def test_head():
    nodding = measure(body(head=("x", 0.25 * np.sin(2 * np.pi * 3 * TIME / 4))))
    assert nodding.trunk.nods == 3 and nodding.trunk.head_shakes == 0
    shaking = measure(body(head=("y", 0.5 * np.sin(2 * np.pi * 2 * TIME / 4))))
    assert shaking.trunk.head_shakes == 2 and shaking.trunk.nods == 0


@pytest.mark.parametrize("num_frames", [1, 2, 3, 5])
def test_very_short_motions_are_measured(num_frames):
    assert measure(body().slice(0, num_frames)).end == "stand"


@needs_cmu
@pytest.mark.parametrize(
    ("trial", "low", "high", "turn"),
    [("02_01", 2.0, 4.0, 0), ("35_01", 1.0, 4.0, 0), ("16_11", 2.0, 4.5, 40), ("16_13", 2.0, 4.5, -50)],
)
def test_real_walks(trial, low, high, turn):
    facts = measure(cmu(trial))
    assert low < facts.forward_m < high and abs(facts.turn_deg - turn) < 25
    assert facts.airborne == 0 and sum(facts.legs.steps) >= 2 and facts.end == "stand"


@needs_cmu
@pytest.mark.parametrize("trial", ["13_11", "13_13", "16_02"])
def test_real_jumps(trial):
    assert measure(cmu(trial)).airborne == 1


@needs_cmu
def test_real_run_leaves_the_floor():
    facts = measure(cmu("09_01"))
    assert facts.airborne >= 2 and facts.speed_m_s > 2


def test_events():
    t = np.linspace(0, 3, 61)
    assert len(peaks(np.sin(2 * np.pi * t), 20, 0.5)) == 3
    assert oscillations(np.sin(2 * np.pi * t), 20, 3.0) == 0
    assert spans(np.sin(2 * np.pi * t) > 0, 20, bridge_s=0.0)[0] == (0.05, pytest.approx(0.5, abs=0.06))
    assert winding(np.cos(2 * np.pi * t), np.sin(2 * np.pi * t), 0.5) == pytest.approx(3)
