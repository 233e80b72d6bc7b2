"""Finding a person in a skeleton of unknown dialect: joint names brought to one form, then the tree decides.

A name is cut into words ("mixamorig:LeftUpLeg", "thigh.L", "Bip01 L Thigh", "lThighBend"), words that only say
"this is a bone" are left out, the side is taken off, and what remains must be one of few words per body part. Where a
word is ambiguous (a "LeftHip" may be a thigh, a "Shoulder" a collar bone or an upper arm), the order along the limb
settles it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from engine.core.errors import UserError

SIDES = ("left", "right")
_NOISE = frozenset(
    """mixamorig mixamo bip biped valvebiped cc rl def org base neo skel rig armature character avatar actor human ref
    j jt jnt b bn bone c m sk nurbs bend""".split()  # noqa: SIM905
)
_SIDE_WORD = {"l": "left", "left": "left", "lft": "left", "r": "right", "right": "right", "rgt": "right", "rt": "right"}
_PART = {
    "hips": "hips?|pelvis|waist",
    "head": "head|skull",
    "neck": "neck(lower|twist)?|lowerneck",
    "thigh": "(up|upper)leg|leg(up|upper)|thigh|hip|femur|uleg|(up|upper)thigh",
    "shin": "(low|lower|fore)leg|leg(low|lower)|shin|calf|knee|tibia|lleg",
    "foot": "foot|ankle",
    "toe": "toes?|ball|forefoot|toebase|football|metatarsals?|foottoe|toebig",
    "collar": "clavicle|collar(bone)?|shoulder|clav|scapula",
    "upper_arm": "(up|upper)arm|arm(up|upper)|shldr|humerus|uarm",
    "forearm": "(low|lower|fore)arm|arm(low|lower)|elbow|radius|ulna",
    "hand": "hand|wrist|palm",
}
_LOOSE = {"thigh": ("leg",), "shin": ("leg",), "upper_arm": ("arm", "shoulder"), "forearm": ("arm",)}
"""Words that stand for a part only where the limb has no better one, the likeliest first."""
_WORDS = "|".join(f"{p}" for p in [*_PART.values(), "leg", "arm"])
_JOINED = re.compile(rf"^(?:(left|right|l|r)({_WORDS})|({_WORDS})(left|right|l|r))$")
REQUIRED = ("thigh", "shin", "foot", "upper_arm", "forearm")


@dataclass(frozen=True)
class Label:
    """A joint's name in one form. side: 'left', 'right' or ''.  word: what remains.  doubt: how much was left out."""

    side: str
    word: str
    doubt: int


@dataclass(frozen=True)
class Rig:
    """Joint indices of a person. limbs: (side, part) -> joint, parts as in REQUIRED and 'toe', 'collar', 'hand',
    'palm' (the last joint that turns the hand).  spine: from above the pelvis up to the chest, possibly empty."""

    pelvis: int
    spine: tuple[int, ...]
    chest: int
    head: int | None
    limbs: dict[tuple[str, str], int]


def label(name: str) -> Label:
    """A joint's name -> side and word, without digits and the words that every bone has."""
    name = re.split(r"[:|]", name)[-1]
    pieces = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)
    words = [p.lower() for p in pieces if not p.isdigit()]
    numbers = [int(p) for p in pieces if p.isdigit()]
    kept = [w for w in words if w not in _NOISE] or words
    side = ""
    for end in (0, -1, *range(1, len(kept) - 1)):
        if len(kept) > 1 and not side and kept[end] in _SIDE_WORD:
            side = _SIDE_WORD[kept.pop(end)]
    word = "".join(w for w in kept if w != "joint") or "joint"
    joined = None if side else _JOINED.match(word)
    if joined:
        side = _SIDE_WORD[joined[1] or joined[4]]
        word = joined[2] or joined[3] or word
    late = numbers[-1] if numbers and numbers[-1] < 100 and pieces[-1].isdigit() else 0
    return Label(side, word, 10 * ("joint" in kept) + late)


def _ancestors(parents: tuple[int, ...], j: int) -> list[int]:
    """j and everything above it, nearest first."""
    out = [j]
    while parents[out[-1]] >= 0:
        out.append(parents[out[-1]])
    return out


def _common(parents: tuple[int, ...], joints: list[int]) -> int:
    """The lowest joint above (or at) all of `joints`."""
    lines = [_ancestors(parents, j) for j in joints]
    return next(j for j in lines[0] if all(j in line for line in lines))


def without_prefix(names: tuple[str, ...]) -> list[str]:
    """Joint names without the figure's own name, where most of them begin with it ("Anna_LeftArm", "person_1_head")."""
    first = Counter(m[0] for n in names if (m := re.match(r"[A-Za-z]+(?:_?\d+)?[_. -]", n)))
    if not first:
        return list(names)
    prefix, count = first.most_common(1)[0]
    own = count > 0.7 * len(names) and len(names) > 12
    return [n.removeprefix(prefix) if own else n for n in names]


class _Finder:
    """Looks parts up among the labelled joints of one tree."""

    def __init__(self, names: tuple[str, ...], parents: tuple[int, ...]) -> None:
        self.parents, self.labels = parents, [label(n) for n in without_prefix(names)]

    def matches(self, side: str, words: str) -> list[int]:
        """Joints of a side that carry one of `words`, the least doubtful and highest first."""
        full = re.compile(rf"(?:{words})$")
        found = [j for j, x in enumerate(self.labels) if x.side == side and full.match(x.word)]
        return sorted(found, key=lambda j: (self.labels[j].doubt, len(_ancestors(self.parents, j)), j))

    def below(self, joints: list[int], top: int | None) -> list[int]:
        return [j for j in joints if top is None or (j != top and top in _ancestors(self.parents, j))]

    def above(self, joints: list[int], bottom: int | None) -> list[int]:
        line = [] if bottom is None else _ancestors(self.parents, bottom)[1:]
        return [j for j in joints if bottom is None or j in line]

    def limb(self, side: str, parts: tuple[str, str, str]) -> dict[str, int]:
        """Upper, lower and end joint of a limb: each by its own words, then by loose ones that fit in between."""
        upper, lower, end = parts
        found: dict[str, int] = {}
        for part in (end, lower, upper):
            bottom = found.get(lower if part == upper else end) if part != end else None
            fit = self.above(self.matches(side, _PART[part]), bottom)
            for word in _LOOSE.get(part, ()):
                if not fit:
                    fit = self.above(self.matches(side, word), bottom)
                    fit = [j for j in fit if part == upper or not self._is_upper(side, upper, j)]
            if fit:
                found[part] = fit[0]
        return found

    def _is_upper(self, side: str, upper: str, j: int) -> bool:
        """Whether the loosely named j must itself be the upper bone because nothing above it could be."""
        return not self.above(self.matches(side, "|".join((_PART[upper], *_LOOSE[upper]))), j)


def find_rig(file: str, names: tuple[str, ...], parents: tuple[int, ...]) -> Rig:
    """The person in a tree of joints (parents before children). UserError naming the joints that are missing."""
    find = _Finder(names, parents)
    limbs: dict[tuple[str, str], int] = {}
    for side in SIDES:
        for parts in (("thigh", "shin", "foot"), ("upper_arm", "forearm", "hand")):
            limbs.update({(side, k): j for k, j in find.limb(side, parts).items()})
    missing = [f"{s} {p}".replace("_", " ") for s in SIDES for p in REQUIRED if (s, p) not in limbs]
    twice = [j for j, n in Counter(limbs.values()).items() if n > 1]
    if missing or twice:
        shown = ", ".join(repr(n) for n in names[:8])
        what = f"it has no joint for {', '.join(missing)}" if missing else f"{names[twice[0]]!r} fits two body parts"
        raise UserError(
            f"{file!r} is not a human skeleton that can be understood: {what}. Its joints are {shown}"
            f"{', ...' if len(names) > 8 else ''}. Name them as Mixamo does (LeftUpLeg, LeftLeg, LeftFoot, ...)."
        )
    for side in SIDES:
        _add_ends(find, side, limbs)
    return _trunk(find, limbs)


def _add_ends(find: _Finder, side: str, limbs: dict[tuple[str, str], int]) -> None:
    """Toe, collar bone and the innermost hand joint of a side, where there are any."""
    toes = find.below(find.matches(side, f"{_PART['toe']}|foot"), limbs[side, "foot"])
    if toes:
        limbs[side, "toe"] = toes[0]
    collars = find.above(find.matches(side, _PART["collar"]), limbs[side, "upper_arm"])
    if collars:
        limbs[side, "collar"] = collars[0]
    if (side, "hand") in limbs:
        palms = find.below(find.matches(side, "hand|palm|finger"), limbs[side, "hand"])
        limbs[side, "palm"] = palms[0] if palms else limbs[side, "hand"]


def _trunk(find: _Finder, limbs: dict[tuple[str, str], int]) -> Rig:
    """Pelvis, spine, chest and head by where the limbs meet."""
    fork = _common(find.parents, [limbs[s, "thigh"] for s in SIDES])
    named = [j for j in _ancestors(find.parents, fork) if re.fullmatch("hips?|pelvis", find.labels[j].word)]
    pelvis = next((j for j in named if not find.labels[j].side), fork)
    roots = [limbs.get((s, "collar"), limbs[s, "upper_arm"]) for s in SIDES]
    chest = _common(find.parents, [find.parents[j] if find.parents[j] >= 0 else j for j in roots])
    line = _ancestors(find.parents, chest)
    base = _common(find.parents, [pelvis, chest])
    spine = tuple(reversed(line[: line.index(base)]))
    heads = find.below(find.matches("", _PART["head"]), base) or find.below(find.matches("", "neck|spine"), chest)[::-1]
    return Rig(pelvis, spine, chest, heads[0] if heads else None, limbs)
