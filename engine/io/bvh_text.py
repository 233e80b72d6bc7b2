"""BVH as text: parsing it into a checked hierarchy and its numbers, and the forward kinematics of what was read.

Lengths stay in the file's unit and axes; what the skeleton means is for `humanoid` and `capture` to find out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial.transform import Rotation

from engine.core.errors import UserError
from engine.core.rotations import quat_mul, quat_rotate
from engine.io.checks import check_length, check_numbers, check_rate
from engine.io.clip import END, RestPose, identity_rest

MAX_JOINTS = 1000
MAX_DEPTH = 200
_CHANNEL = re.compile(r"^([xyz])(position|rotation)$", re.I)


@dataclass(frozen=True)
class BvhClip:
    """names, parents: one per joint, End Sites included, parents first.  offsets: (J, 3) in the file's unit.
    channels: per joint, as ('X', 'position') pairs in file order.  values: (T, C) degrees and file units.
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: np.ndarray
    channels: tuple[tuple[tuple[str, str], ...], ...]
    values: np.ndarray
    fps: float
    up: str | None = None
    metres: bool = False

    @property
    def num_frames(self) -> int:
        return len(self.values)

    def hold(self, count: int) -> BvhClip:
        """The clip with its first `count` frames replaced by the one after them."""
        values = self.values.copy()
        values[:count] = values[count]
        return replace(self, values=values)

    @property
    def rests(self) -> tuple[RestPose, ...]:
        """The pose with every channel at zero and the root at the origin."""
        return (identity_rest(self.parents, self.offsets),)

    def pose(self, wanted: set[int]) -> tuple[dict[int, np.ndarray], dict[int, np.ndarray]]:
        """World positions (T, 3) and rotations (T, 4) of the `wanted` joints, in the file's axes and unit."""
        needed = set(wanted)
        for j in reversed(range(len(self.names))):
            if j in needed and self.parents[j] >= 0:
                needed.add(self.parents[j])
        pos: dict[int, np.ndarray] = {}
        rot: dict[int, np.ndarray] = {}
        start = 0
        for j, channels in enumerate(self.channels):
            values = self.values[:, start : start + len(channels)]
            start += len(channels)
            if j not in needed:
                continue
            shift, turn = self._local(j, values)
            p = self.parents[j]
            pos[j] = shift if p < 0 else pos[p] + quat_rotate(rot[p], shift)
            rot[j] = turn if p < 0 else quat_mul(rot[p], turn)
        return pos, rot

    def _local(self, j: int, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Translation (T, 3) and rotation (T, 4) of joint j from its parent."""
        shift = np.repeat(self.offsets[j : j + 1], len(values), 0)
        order, angles, moved = "", [], []
        for (axis, kind), column in zip(self.channels[j], values.T, strict=True):
            if kind == "rotation":
                order += axis
                angles.append(column)
            else:
                moved.append(("XYZ".index(axis), column))
        if moved and not self._is_delta(j, moved):
            for k, column in moved:
                shift[:, k] = column
        if not order:
            return shift, np.tile([1.0, 0, 0, 0], (len(values), 1))
        quat = Rotation.from_euler(order, np.stack(angles, 1), degrees=True).as_quat()
        return shift, quat[:, [3, 0, 1, 2]]

    def _is_delta(self, j: int, moved: list[tuple[int, np.ndarray]]) -> bool:
        """Positions of a joint replace its offset, except where a file writes zeros for "unmoved" below the root."""
        if self.parents[j] < 0 or not np.any(self.offsets[j]):
            return False
        return all(not np.any(column) for _, column in moved)


def decode_text(name: str, data: bytes) -> str:
    """File content as text; UserError for what is no text."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise UserError(f"{name!r} is damaged UTF-16 text: {error.reason}. Save it as plain text.") from error
    if b"\0" in data[:100_000]:
        raise UserError(f"{name!r} is not text but binary data; a BVH file is text that begins with HIERARCHY.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")  # joint names of old exporters; numbers and keywords are ASCII in either


def parse_bvh(name: str, text: str, fps: float | None = None) -> BvhClip:
    """BVH text -> clip. `fps` overrides the file's rate. UserError says what is wrong and where."""
    words = text[:2000].split(None, 1)
    if not words or words[0].upper() != "HIERARCHY":
        raise UserError(f"{name!r} is not a BVH file: it must begin with HIERARCHY, not {text[:20].strip()!r}.")
    parts = re.split(r"^\s*MOTION\b", text, maxsplit=1, flags=re.M | re.I)
    if len(parts) < 2:
        raise UserError(f"{name!r} has no MOTION section; the file is truncated or holds a skeleton only.")
    names, parents, offsets, channels = _parse_hierarchy(name, parts[0])
    width = sum(map(len, channels))
    if not width:
        raise UserError(f"{name!r} gives its joints no CHANNELS, so nothing can move.")
    rate, values = _parse_motion(name, parts[1], width, fps)
    check_numbers(name, "skeleton", np.array(offsets), 1e6)
    check_numbers(name, "motion", values, 1e7)
    return BvhClip(tuple(names), tuple(parents), np.array(offsets), tuple(channels), values, rate)


def _parse_hierarchy(name: str, text: str):
    """Names, parents, offsets and channels of the joints, End Sites included."""
    names: list[str] = []
    parents: list[int] = []
    offsets: list[list[float]] = []
    channels: list[tuple[tuple[str, str], ...]] = []
    stack: list[int] = []
    for line in re.sub(r"([{}])", r"\n\1\n", text).splitlines():
        words = line.split()
        key = words[0].upper() if words else ""
        if key in ("ROOT", "JOINT", "END"):
            if key == "ROOT" and names:
                raise UserError(f"{name!r} has more than one ROOT. Export one person per BVH file.")
            if key != "ROOT" and not stack:
                raise UserError(f"{name!r}: {line.strip()!r} stands outside of the ROOT joint.")
            parents.append(stack[-1] if stack else -1)
            names.append(END if key == "END" else " ".join(words[1:]) or f"joint {len(names)}")
            offsets.append([0.0, 0.0, 0.0])
            channels.append(())
        elif key == "{":
            stack.append(len(names) - 1)
        elif key == "}" and stack:
            stack.pop()
        elif key in ("OFFSET", "CHANNELS") and stack:
            if key == "OFFSET":
                offsets[stack[-1]] = _offset(name, words)
            else:
                channels[stack[-1]] = _channels(name, names[stack[-1]], words)
        elif key and key != "HIERARCHY":
            raise UserError(f"{name!r}: the hierarchy has a line that is not BVH: {line.strip()[:60]!r}.")
        if len(names) > MAX_JOINTS or len(stack) > MAX_DEPTH:
            raise UserError(f"{name!r} has more than {MAX_JOINTS} joints or {MAX_DEPTH} levels; that is no person.")
        if stack and stack[-1] < 0:
            raise UserError(f"{name!r}: a brace opens before the ROOT joint.")
    if not names or stack:
        raise UserError(f"{name!r}: the hierarchy is incomplete ({len(stack)} open braces); the file is truncated.")
    return names, parents, offsets, channels


def _offset(name: str, words: list[str]) -> list[float]:
    try:
        x, y, z = map(float, words[1:4])
    except ValueError as error:
        raise UserError(f"{name!r}: {' '.join(words)[:60]!r} needs three numbers.") from error
    return [x, y, z]


def _channels(name: str, joint: str, words: list[str]) -> tuple[tuple[str, str], ...]:
    found = [_CHANNEL.match(w) for w in words[2:]]
    kinds = tuple((m[1].upper(), m[2].lower()) for m in found if m)
    if len(words) < 2 or words[1] != str(len(found)) or len(kinds) != len(found) or len(set(kinds)) != len(kinds):
        raise UserError(
            f"{name!r}: the channels of {joint!r} are {' '.join(words[1:])[:80]!r}; expected a count and as "
            "many different names like Xposition or Zrotation."
        )
    return kinds


def _parse_motion(name: str, text: str, width: int, fps: float | None) -> tuple[float, np.ndarray]:
    """Frame rate and values (T, width) of a MOTION section."""
    match = re.match(r"\s*Frames\s*:\s*(\S+)\s+Frame\s*Time\s*:[ \t]*(\S*)[^\n]*\n?", text, re.I)
    if not match:
        raise UserError(f"{name!r}: after MOTION must come 'Frames: N' and 'Frame Time: s', not {text[:60].strip()!r}.")
    try:
        count = int(match[1])
    except ValueError as error:
        raise UserError(f"{name!r} says it has {match[1][:20]!r} frames; that is not a whole number.") from error
    if count < 1:
        raise UserError(f"{name!r} says it has {count} frames; a motion needs at least one. Export it again.")
    rate = fps or check_rate(name, _rate(name, match[2]))
    check_length(name, count, rate)
    values = _table(name, text[match.end() :], width)
    if len(values) != count:
        state = "truncated" if len(values) < count else "inconsistent"
        raise UserError(f"{name!r} says it has {count} frames but holds {len(values)}; it is {state}. Export it again.")
    return rate, values


def _rate(name: str, word: str) -> float:
    """Frames per second of a printed frame time; a whole number where the printed digits allow one."""
    try:
        time = float(word)
    except ValueError as error:
        raise UserError(f"{name!r} gives the frame time {word[:20]!r}; expected seconds such as 0.033333.") from error
    if not np.isfinite(time) or time <= 0:
        raise UserError(f"{name!r} gives a frame time of {word} s; it must be above zero, such as 0.033333.")
    digits = re.search(r"\.(\d+)$", word)
    half = 0.51 * 10.0 ** -len(digits[1]) if digits else 0.0
    whole = round(1 / time) if time > 1e-6 else 0
    return float(whole) if whole and abs(1 / whole - time) <= half else 1 / time


def _table(name: str, text: str, width: int) -> np.ndarray:
    """Whitespace-separated numbers (T, width), usually one frame per line."""
    if not text.strip():
        return np.zeros((0, width))
    rows = [row.split() for row in text.splitlines() if row.strip()]
    values: list[float] = []
    for k, row in enumerate(rows):
        try:
            values += map(float, row)
        except ValueError as error:
            raise UserError(f"{name!r}: frame {k} holds {_not_a_number(row)!r}, which is not a number.") from error
    wrapped = len(rows) > len(values) // width and any(len(row) > 1 for row in rows)
    if all(len(row) == width for row in rows) or (len(values) % width == 0 and wrapped):
        return np.array(values).reshape(-1, width)
    k = next((k for k, row in enumerate(rows) if len(row) != width), 0)
    raise UserError(
        f"{name!r}: frame {k} has {len(rows[k])} values, but the channels of the skeleton need {width}. "
        "The file is truncated or its skeleton belongs to another motion."
    )


def _not_a_number(row: list[str]) -> str:
    """The start of the first word that is no number."""
    for word in row:
        try:
            float(word)
        except ValueError:
            return word[:20]
    raise AssertionError(f"every word of {row} is a number")
