"""Jumps: crouch, push off, fly on a parabola, land and absorb; on both feet or on one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import minjerk, smooth

Array = np.ndarray
GRAVITY = 9.81


@dataclass(frozen=True)
class Jump:
    """One jump: seconds of the start of the crouch, of take-off, landing and the end; rise of the pelvis in metres."""

    begin: float
    off: float
    on: float
    end: float
    rise: float


def plan_jumps(ctx: Ctx, count: int, rise: float, lead: float = 0.1, ground: float = 0.4) -> list[Jump]:
    """Jumps that fill ctx.dur. ground: least seconds on the floor per jump; the rise shrinks if time is short."""
    period = (ctx.dur - 2 * lead) / count
    jumps = []
    for k in range(count):
        wanted = ctx.vary(rise, 0.08)
        air = min(np.sqrt(8 * wanted / GRAVITY), max(period - ground, 0.25 * period))
        begin = lead + k * period
        off = begin + (period - air) * (0.58 if k == 0 else 0.48)
        jumps.append(Jump(begin, off, off + air, begin + period, GRAVITY * air**2 / 8))
    return jumps


def fly(ctx: Ctx, c: Channels, jumps: list[Jump], depth: float, push: float = 0.055) -> tuple[Array, Array]:
    """Write the pelvis' rise and fall; return (crouch, air): crouch (T,) 0..1, air (T,) height above the floor of the
    feet in metres."""
    t, n = ctx.t, ctx.num_frames
    height, crouch, air = np.zeros(n), np.zeros(n), np.zeros(n)
    for k, jump in enumerate(jumps):
        down = jump.begin + 0.55 * (jump.off - jump.begin)
        start = 0.0 if k == 0 else -0.8 * depth
        land, rest = jump.on + 0.42 * (jump.end - jump.on), 0.0 if jump is jumps[-1] else -0.8 * depth
        now = (t >= jump.begin) & (t < jump.off)
        height[now] = np.where(
            t[now] < down,
            start + (-depth - start) * smooth((t[now] - jump.begin) / (down - jump.begin)),
            -depth + (depth + push) * np.clip((t[now] - down) / (jump.off - down), 0, 1) ** 1.8,
        )
        now = (t >= jump.off) & (t < jump.on)
        w = (t[now] - jump.off) / (jump.on - jump.off)
        arc = 4 * w * (1 - w)
        height[now], air[now] = push + jump.rise * arc, jump.rise * arc
        now = (t >= jump.on) & (t < jump.end)
        x = t[now]
        height[now] = np.where(
            x < land,
            push + (-0.8 * depth - push) * (1 - (1 - np.clip((x - jump.on) / (land - jump.on), 0, 1)) ** 2),
            -0.8 * depth + (rest + 0.8 * depth) * minjerk((x - land) / (jump.end - land)),
        )
    crouch[:] = np.clip(-height / depth, 0, 1)
    c.height += height
    return crouch, air


def tiptoe_pitch(ctx: Ctx, jumps: list[Jump], pitch: float) -> Array:
    """Heel-up pitch (T,) degrees: rolls up before take-off, pointed in the air, flat soon after landing."""
    out = np.zeros(ctx.num_frames)
    for jump in jumps:
        roll = min(0.14, 0.35 * (jump.off - jump.begin))
        out += pitch * smooth((ctx.t - jump.off + roll) / roll) * smooth((jump.on + 0.11 - ctx.t) / 0.2)
    return out


def shift(ctx: Ctx, jumps: list[Jump], early: float = 0.0) -> Array:
    """Share (T,) of the whole way, done in equal parts during the flights; early: seconds that it begins before."""
    way = np.zeros(ctx.num_frames)
    for jump in jumps:
        w = np.clip((ctx.t - jump.off + early) / (jump.on - jump.off + 1.6 * early), 0, 1)
        way += (smooth(w) if early else w) / len(jumps)
    return way
