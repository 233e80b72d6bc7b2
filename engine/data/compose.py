"""Plans performed: segments one after another, upper actions over lower ones, postures carried on.

motion = perform_plan(parse_plan("make walk & wave side=left for 4.0 ; sit for 2.0"), np.random.default_rng(0))
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.plan import STEP_S, Call, Plan, Segment
from engine.core.skeleton import PARTS
from engine.core.types import MODEL_FPS, Motion
from engine.data.registry import ACTIONS, catalogue, default_args, natural_seconds, perform
from engine.data.sampling import sample_plan
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import minjerk
from engine.data.toolkit.postures import at_rest, floor_at, posture
from engine.data.toolkit.solve import solve

__all__ = ["catalogue", "perform_plan", "sample_plan"]
BLEND_S = 0.35
STEP_FRAMES = round(STEP_S * MODEL_FPS)
UPPER_JOINTS = [*PARTS["torso"], *PARTS["left_arm"], *PARTS["right_arm"]]


@dataclass(frozen=True)
class State:
    """Where a performance stands: posture name, channels of one frame at rest, world x, z (2,) and heading degrees,
    and the height of the floor under it in metres: stairs change it."""

    posture: str
    channels: Channels
    xz: np.ndarray
    yaw: float
    floor: float = 0.0


def perform_plan(plan: Plan, rng: np.random.Generator) -> Motion:
    """The segments of a plan as one motion at 20 fps with plan.num_steps * 4 frames, from over the origin facing +Z.

    The lowest floor that it stands on, at first or after a segment, is at y = 0: it may begin at the top of stairs.
    UserError for unknown actions and for segments that cannot be performed.
    """
    if not plan.segments:
        raise UserError(f"The plan {str(plan)!r} has no segments to perform.")
    name = _first_posture(plan.segments[0], rng)
    state = State(name, posture(name), np.zeros(2), 0.0)
    done: Motion | None = None
    lowest = state.floor
    for segment in plan.segments:
        part, state = _perform_segment(segment, state, rng)
        lowest = min(lowest, state.floor)
        done = part if done is None else _join(done, part)
    assert done is not None and done.num_frames == plan.num_steps * STEP_FRAMES
    x, _, z = done.root_pos[0]
    return done.with_(root_pos=done.root_pos - np.array([x, lowest, z], np.float32))


def _first_posture(segment: Segment, rng: np.random.Generator) -> str:
    """The posture that a performance begins in; getting up begins on a chair, or somewhere lower."""
    base = _split(segment)[0]
    if base is None:
        return "stand"
    spec = ACTIONS[base.name].spec
    if spec.start != "any":
        return spec.start
    return (
        str(rng.choice(["sit", "lie", "kneel", "crouch"], p=[0.5, 0.2, 0.15, 0.15])) if spec.end == "stand" else "stand"
    )


def _split(segment: Segment) -> tuple[Call | None, list[Call]]:
    """The call that has the legs, if any, and the upper calls over it."""
    base = [c for c in segment.calls if ACTIONS[c.name].spec.part != "upper"]
    if len(base) > 1:
        raise UserError(f"The segment {str(segment)!r} asks the legs for two things at once; put ';' between them.")
    return (base[0] if base else None), [c for c in segment.calls if ACTIONS[c.name].spec.part == "upper"]


def _perform_segment(segment: Segment, state: State, rng: np.random.Generator) -> tuple[Motion, State]:
    """One segment as a motion in the world, and the state after it."""
    num_frames = segment.num_steps * STEP_FRAMES
    base, uppers = _split(segment)
    spec = ACTIONS[base.name].spec if base else None
    if spec and spec.start not in ("any", state.posture):
        rise = min(round(1.4 * MODEL_FPS), int(0.45 * num_frames))
        up, state = _perform_calls(Call("stand_up"), [], rise, state, rng)
        if spec.start != "stand":
            state = replace(state, posture=spec.start)
        rest, state = _perform_calls(base, uppers, num_frames - rise, state, rng)
        return _join(up, rest), state
    return _perform_calls(base, uppers, num_frames, state, rng)


def _perform_calls(
    base: Call | None, uppers: list[Call], num_frames: int, state: State, rng: np.random.Generator
) -> tuple[Motion, State]:
    ctx = Ctx(rng, num_frames, state.channels)
    channels = perform(base, ctx) if base else ctx.hold()
    layers = [_layer(call, ctx) for call in uppers]
    motion = _place(solve(channels, *layers), state)
    end = ACTIONS[base.name].spec.end if base else "same"
    yaw = np.radians(state.yaw)
    turn = np.array([[np.cos(yaw), np.sin(yaw)], [-np.sin(yaw), np.cos(yaw)]])
    return motion, State(
        state.posture if end == "same" else end,
        at_rest(channels),
        state.xz + turn @ channels.root[-1],
        state.yaw + float(channels.yaw[-1]),
        state.floor + floor_at(channels),
    )


def _layer(call: Call, ctx: Ctx) -> Channels:
    """An upper action over ctx.num_frames: counted ones keep their natural pace inside it, the others fill it."""
    args = default_args(call.name, call.args)
    length = ctx.num_frames
    if "count" in args:
        length = min(length, round(natural_seconds(call.name, args, ctx.rng) * 1.15 * MODEL_FPS))
    layer = perform(call, replace(ctx, num_frames=length))
    spare = ctx.num_frames - length
    if spare < 4:
        return layer if not spare else layer.map(lambda a: np.concatenate([a, np.repeat(a[-1:], spare, 0)]))
    before = int(ctx.rng.uniform(0, 0.7) * spare)
    return layer.map(lambda a: np.concatenate([np.repeat(a[:1], before, 0), a, np.repeat(a[-1:], spare - before, 0)]))


def _place(motion: Motion, state: State) -> Motion:
    """A segment's motion moved to where the performance stands."""
    turn = R.quat_from_axis("y", np.asarray(np.radians(state.yaw), np.float32))
    root = R.quat_rotate(turn, motion.root_pos) + np.array([state.xz[0], state.floor, state.xz[1]], np.float32)
    quat = motion.joint_quat.copy()
    quat[:, 0] = R.quat_mul(np.broadcast_to(turn, quat[:, 0].shape), quat[:, 0])
    return motion.with_(root_pos=root, joint_quat=quat)


def _join(a: Motion, b: Motion) -> Motion:
    """b after a; b's torso and arms begin with a's pose and speed and come to their own within BLEND_S."""
    quat = b.joint_quat.copy()
    j, before, now = UPPER_JOINTS, a.joint_quat, b.joint_quat
    speed_a = _difference(before[-1, j], before[-2 if a.num_frames > 1 else -1, j])
    speed_b = _difference(now[1 if b.num_frames > 1 else 0, j], now[0, j])
    gap = _difference(before[-1, j], now[0, j]) + speed_a
    frames = np.arange(b.num_frames, dtype=np.float32)
    fade = 1 - minjerk((frames + 1) / (BLEND_S * MODEL_FPS))
    offset = (gap + frames[:, None, None] * (speed_a - speed_b) * 0.5) * fade[:, None, None]
    quat[:, j] = R.quat_mul(R.quat_from_aa(offset.astype(np.float32)), quat[:, j])
    return a.with_(
        root_pos=np.concatenate([a.root_pos, b.root_pos]), joint_quat=R.quat_continuous(np.concatenate([before, quat]))
    )


def _difference(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Rotation vectors (J, 3) that take orientations b to a."""
    return R.quat_to_aa(R.quat_mul(a, R.quat_inv(b)))
