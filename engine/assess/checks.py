"""Which measured fact says whether an action was performed: a table from action names to checks.

A check is made by one of the small factories below and reads the action's own arguments, so that one entry serves all
directions, sides and counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.assess.measure import SIDES, Facts
from engine.assess.wording import POSTURES

Args = Mapping[str, str]


@dataclass(frozen=True)
class Fit:
    """How well one thing fits, in [0, 1], and what to say if it does not."""

    score: float
    complaint: str


Check = Callable[[Facts, Args], Fit]
Measure = Callable[[Facts, Args], float]


def _sides(args: Args) -> tuple[str, ...]:
    side = args.get("side", "both")
    return (side,) if side in SIDES else SIDES


def _ramp(value: float, bad: float, good: float) -> float:
    return min(1.0, max(0.0, (value - bad) / (good - bad)))


def level(measure: Measure, bad: float, good: float, complaint: str) -> Check:
    """A measured value at `good` or beyond fits, at `bad` or beyond it does not (good may be the smaller)."""
    return lambda facts, args: Fit(_ramp(measure(facts, args), bad, good), complaint)


def counted(measure: Measure, what: str) -> Check:
    """As many events as `count` says."""

    def run(facts: Facts, args: Args) -> Fit:
        wanted, found = int(args.get("count", "1")), round(measure(facts, args))
        score = max(0.0, 1 - abs(found - wanted) / max(wanted, 1))
        return Fit(score, f"{what}: counted {found} instead of {wanted}")

    return run


def travels(speed: Mapping[str, tuple[float, float]] | None = None, least: float = 0.5) -> Check:
    """Moves in `direction` (forward without one), at a speed in the range that `speed` gives; 'place' stays."""

    def run(facts: Facts, args: Args) -> Fit:
        way = args.get("direction", "forward")
        if way in ("place", "up"):
            return Fit(_ramp(facts.range_m, 1.2, 0.5), f"strays {facts.range_m:.1f} m instead of staying in place")
        ahead, aside = facts.ahead_m, facts.aside_m
        along = {"forward": ahead, "backward": -ahead, "left": aside, "right": -aside}[way]
        astray = abs(aside if way in ("forward", "backward") else ahead)
        enough = least if way == "forward" else min(least, 0.1 * facts.duration_s)
        fit = _ramp(along, 0.15 * enough, enough) * _ramp(astray / max(along, 0.1), 1.2, 0.6)
        text = f"moves {_way(ahead, aside)}, which is not enough {way}"
        low, high = (speed or {}).get(args.get("speed", "normal"), (0.0, 99.0))
        low = low if way == "forward" else 0.2 * low
        mean = along / facts.duration_s
        if fit > 0.5 and not 0.75 * low <= mean <= 1.3 * high:
            fit, text = 0.6 * fit, f"goes at {mean:.1f} m/s, not {args.get('speed', 'at its usual speed')}"
        return Fit(fit, text)

    return run


def _way(ahead: float, aside: float) -> str:
    if max(abs(ahead), abs(aside)) < 0.15:
        return "nowhere"
    if abs(ahead) >= abs(aside):
        return f"{abs(ahead):.1f} m {'forward' if ahead > 0 else 'backward'}"
    return f"{abs(aside):.1f} m to the {'left' if aside > 0 else 'right'}"


TURNS: Mapping[str, Callable[[Args], float]] = {
    "turn": lambda a: float(a["degrees"]),
    "spin": lambda a: 360 * float(a["count"]),
    "walk_circle": lambda a: 360.0,
    "walk_curve": lambda a: float(a["degrees"]),
    "run_circle": lambda a: 360.0,
    "run_curve": lambda a: float(a["degrees"]),
}
"""Degrees that a call of these actions turns by, to the side that `side` names."""


def wanted_turn(name: str, args: Args) -> float | None:
    """Degrees, left positive, that a call asks to turn by; None for an action that has no such number."""
    if name not in TURNS:
        return None
    return TURNS[name](args) * (1 if args.get("side") == "left" else -1)


def turns(name: str) -> Check:
    """Turns by as many degrees, and to the side, as a call of this action says."""

    def run(facts: Facts, args: Args) -> Fit:
        wanted, found = wanted_turn(name, args), facts.turn_deg
        assert wanted is not None, f"{name} has no angle"
        words = f"{abs(found):.0f} degrees {'left' if found > 0 else 'right'}"
        target = f"{abs(wanted):.0f} degrees {'left' if wanted > 0 else 'right'}"
        return Fit(_ramp(abs(found - wanted), 90, 20), f"turns {words} instead of {target}")

    return run


def straight() -> Check:
    """Keeps its heading."""
    return level(lambda f, a: abs(f.turn_deg), 75, 30, "turns although it should keep its heading")


def ends(posture: str) -> Check:
    """Ends in that posture."""

    def run(facts: Facts, args: Args) -> Fit:
        near = {facts.end, posture} in ({"sit", "crouch"}, {"kneel", "crouch"})
        fit = 1.0 if facts.end == posture else 0.5 if near else 0.0
        return Fit(fit, f"ends {POSTURES[facts.end]} instead of {POSTURES[posture]}")

    return run


def arms(field: str, bad: float, good: float, complaint: str) -> Check:
    """A fact of the arm, or arms, that `side` names: the worst of them counts."""

    def run(facts: Facts, args: Args) -> Fit:
        values = {side: abs(getattr(facts.arms[side], field)) for side in _sides(args)}
        side = min(values, key=lambda s: _ramp(values[s], bad, good))
        return Fit(_ramp(values[side], bad, good), f"the {side} hand {complaint}")

    return run


def other_rests() -> Check:
    """The arm that `side` does not name is not the one that is raised."""

    def run(facts: Facts, args: Args) -> Fit:
        if args.get("side") not in SIDES:
            return Fit(1.0, "")
        mine, other = args["side"], SIDES[args["side"] == "left"]
        lead = facts.arms[mine].peak_m - facts.arms[other].peak_m
        busier = facts.activity[f"{mine}_arm"] - facts.activity[f"{other}_arm"]
        return Fit(max(_ramp(lead, -0.1, 0.1), _ramp(busier, -0.1, 0.1)), f"the {other} arm acts instead of the {mine}")

    return run


def best_arm(field: str) -> Measure:
    """The fact of the arm that `side` names; of both, the greater."""
    return lambda facts, args: max(abs(getattr(facts.arms[side], field)) for side in _sides(args))


def leg(field: str) -> Measure:
    """A (left, right) fact of the legs for `side`; summed for both."""
    return lambda facts, args: sum(getattr(facts.legs, field)[SIDES.index(side)] for side in _sides(args))


def leads(field: str, noun: str) -> Check:
    """The foot that `side` names does more of it than the other one."""

    def run(facts: Facts, args: Args) -> Fit:
        if args.get("side") not in SIDES:
            return Fit(1.0, "")
        mine = SIDES.index(args["side"])
        values = getattr(facts.legs, field)
        share = values[mine] / max(values[0] + values[1], 1e-6)
        return Fit(_ramp(share, 0.2, 0.6), f"{noun} with the {SIDES[1 - mine]} leg instead of the {SIDES[mine]}")

    return run


def _direction_reach(facts: Facts, args: Args) -> float:
    """How far, as a share of what can be asked, an arm points or rises in `direction`."""
    out = []
    for side in _sides(args):
        arm = facts.arms[side]
        way = args.get("direction", "up")
        inward = way in SIDES and way != side
        reach = {"up": arm.peak_m / 0.3, "forward": arm.ahead_m / 0.35, "down": (1.2 - arm.low_m) / 0.2}
        out.append(reach.get(way, arm.across + arm.ahead_m / 0.5 if inward else arm.aside_m / 0.35))
    return min(out)


def _steps(facts: Facts, args: Args) -> float:
    """Steps of the leading foot, or of both less the one that closes: whichever is nearer to `count`."""
    wanted = int(args["count"])
    return min(max(facts.legs.steps), sum(facts.legs.steps) - 1, key=lambda found: abs(found - wanted))


def _punches(facts: Facts, args: Args) -> float:
    return sum(facts.arms[side].punches for side in _sides(args))


WALK = {"slow": (0.2, 0.9), "normal": (0.7, 1.5), "fast": (1.2, 2.4)}
RUN = {"normal": (1.6, 3.8), "fast": (2.4, 6.5)}
UP_IN_THE_AIR = level(lambda f, a: f.airborne, 0, 1, "never leaves the floor")
ON_THE_FLOOR = level(lambda f, a: f.airborne, 3, 0, "leaves the floor")
STILL = level(lambda f, a: f.range_m, 1.0, 0.4, "travels although it should stay")
STEPS = level(lambda f, a: sum(f.legs.steps) / f.duration_s, 0.2, 0.8, "hardly takes a step")


def _at(place: str, least: float = 0.25) -> tuple[Check, ...]:
    return arms(place, 0.0, least, f"does not come to the {place}"), other_rests()


CHECKS: dict[str, tuple[Check, ...]] = {
    "walk": (travels(WALK), STEPS, ON_THE_FLOOR, straight()),
    "run": (travels(RUN, 1.2), STEPS, straight()),
    "jog": (travels({"normal": (1.1, 3.2)}, 0.8), straight()),
    "sneak": (travels({"normal": (0.1, 1.1)}, 0.3), straight()),
    "tiptoe": (travels({"normal": (0.1, 1.3)}, 0.3), straight()),
    "skip": (travels(), STEPS, straight()),
    "march": (travels(), STEPS, level(leg("knee_raises"), 0, 2, "does not raise the knees"), straight()),
    "limp": (travels(least=0.3), straight()),
    "step": (travels(least=0.2), counted(_steps, "steps"), straight()),
    "turn": (turns("turn"), STILL),
    "spin": (turns("spin"), STILL),
    "walk_circle": (turns("walk_circle"), travels(least=1.5)),
    "walk_curve": (turns("walk_curve"), travels(least=0.8)),
    "run_circle": (turns("run_circle"), travels(least=1.5)),
    "run_curve": (turns("run_curve"), travels(least=0.8)),
    "stand": (STILL, ends("stand")),
    "squat": (counted(lambda f, a: f.legs.squats, "squats"), STILL),
    "crouch": (ends("crouch"),),
    "sit": (ends("sit"),),
    "kneel": (
        ends("kneel"),
        level(lambda f, a: f.kneeling_on in ("", "both", a["side"]), 0, 1, "kneels on the other knee"),
    ),
    "lie_down": (ends("lie"),),
    "stand_up": (ends("stand"), level(lambda f, a: f.pelvis_m[2], 0.6, 0.85, "does not come up")),
    "lunge": (counted(lambda f, a: f.legs.squats, "lunges"),),
    "knee_raise": (counted(leg("knee_raises"), "knee raises"), leads("knee_raises", "raises the knee")),
    "balance": (level(leg("stands_on"), 0.2, 0.6, "hardly stands on one leg"), leads("stands_on", "stands")),
    "stomp": (counted(leg("lifts"), "stomps"), leads("lifts", "stomps")),
    "sway": (counted(lambda f, a: f.trunk.sways, "sways"), STILL),
    "jump": (counted(lambda f, a: f.airborne, "jumps"), travels(least=0.3)),
    "hop": (counted(lambda f, a: f.airborne, "hops"), travels(least=0.3), leads("stands_on", "hops")),
    "jumping_jacks": (counted(lambda f, a: min(f.arms[s].raises for s in SIDES), "jumping jacks"), UP_IN_THE_AIR),
    "bow": (counted(lambda f, a: f.trunk.bows, "bows"), STILL),
    "kick": (counted(leg("kicks"), "kicks"), leads("kicks", "kicks")),
    "pick_up": (arms("low_m", 0.6, 0.35, "does not reach down"),),
    "dance": (level(lambda f, a: sum(f.activity.values()), 0.5, 1.5, "hardly moves"),),
    "stretch": (arms("peak_m", 0.1, 0.35, "is not stretched up"),),
    "push": (arms("ahead_m", 0.2, 0.4, "does not push forward"),),
    "pull": (arms("ahead_m", 0.2, 0.35, "does not reach forward to pull"),),
    "swim": (arms("ahead_m", 0.2, 0.4, "does not reach forward"),),
    "throw": (arms("peak_m", -0.15, 0.1, "is not raised to throw"), other_rests()),
    "catch": (arms("front", 0.1, 0.3, "does not come to the front"),),
    "wave": (counted(best_arm("waves"), "waves"), arms("raised", 0.05, 0.3, "is not raised to wave"), other_rests()),
    "clap": (counted(lambda f, a: f.trunk.claps, "claps"),),
    "point": (level(_direction_reach, 0.4, 0.9, "does not point there"), other_rests()),
    "raise_arms": (level(_direction_reach, 0.4, 0.9, "does not raise the arms there"), other_rests()),
    "cross_arms": (arms("across", 0.1, 0.4, "does not cross over"),),
    "hands_on_hips": (arms("hip", 0.1, 0.4, "is not on the hip"),),
    "look_around": (level(lambda f, a: f.trunk.look_deg, 25, 60, "hardly looks around"),),
    "cheer": (arms("peak_m", 0.0, 0.25, "is not raised to cheer"),),
    "pray": (level(lambda f, a: f.trunk.together, 0.1, 0.4, "does not put the hands together"),),
    "drink": _at("mouth"),
    "phone": _at("ear"),
    "salute": _at("brow"),
    "scratch_head": _at("brow"),
    "facepalm": _at("mouth"),
    "check_watch": (arms("front", 0.1, 0.3, "does not come up to be looked at"),),
    "beckon": (counted(best_arm("beckons"), "beckons"), arms("front", 0.1, 0.3, "is not held out")),
    "knock": (counted(best_arm("knocks"), "knocks"), arms("front", 0.1, 0.3, "is not held out")),
    "nod": (counted(lambda f, a: f.trunk.nods, "nods"),),
    "shake_head": (counted(lambda f, a: f.trunk.head_shakes, "head shakes"),),
    "shrug": (counted(lambda f, a: f.trunk.shrugs, "shrugs"),),
    "punch": (counted(_punches, "punches"), other_rests()),
    "arm_circles": (counted(lambda f, a: abs(f.arms["left"].circles), "arm circles"),),
    "dribble": (counted(best_arm("bounces"), "bounces"),),
}
