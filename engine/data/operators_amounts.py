"""How far, how much, how long: an amount as plans write it and as people say it.

A wording's marks decide what is said: {by} and {more} may say nothing, a size ("a bit", "a lot") or a number; {too}
nothing or a size; {val} and {pct} and {times} a number. Sizes have fixed values in prompts/operators.yaml.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from engine.core.types import MODEL_FPS
from engine.data.numbers import in_words, number, percent, seconds_words
from engine.data.operators_words import wording_pool
from engine.data.voice import Voice

NUMBERED = ("val", "pct", "times", "factor")
"""Marks that say a number in any case."""
SIZED = ("by", "more")
INCH_CM, FOOT_M, YARD_M = 2.54, 0.3048, 0.9144
Said = tuple[float, str]


def _digits(rng: random.Random, value: float, share: float = 0.2) -> str:
    return in_words(value) if rng.random() < share else number(value)


def _degrees(rng: random.Random, value: float) -> Said:
    unit = rng.choice((" degrees", " degrees", " degrees", "°", " deg"))
    return value, (number(value) + unit if unit != " degrees" else _digits(rng, value) + unit)


def _centimeters(rng: random.Random, value: float) -> Said:
    drawn = rng.random()
    if drawn < 0.2:
        inches = max(1, round(value / INCH_CM))
        said = rng.choice(("an inch", "one inch", "1 inch") if inches == 1 else (f"{_digits(rng, inches)} inches",))
        return round(inches * INCH_CM), said
    if drawn < 0.3 and value % 10 == 0:
        return value, f"{number(value / 100)} {rng.choice(('m', 'metres', 'meters'))}"
    if drawn < 0.36:
        return value, f"{number(10 * value)} mm"
    if drawn < 0.44:
        return (30, "a foot") if value >= 25 else (15, "half a foot")
    return value, rng.choice((f"{number(value)} cm", f"{number(value)}cm", f"{_digits(rng, value)} centimeters"))


def _meters(rng: random.Random, value: float) -> Said:
    drawn = rng.random()
    if drawn < 0.2:
        feet = rng.choice((1, 1, 2, 3, 3, 4, 5, 6, 10))
        return round(feet * FOOT_M, 2), "a foot" if feet == 1 else f"{_digits(rng, feet)} {rng.choice(('feet', 'ft'))}"
    if drawn < 0.25:
        inches = rng.choice((2, 4, 6, 8, 10, 12, 20))
        return round(inches * INCH_CM / 100, 2), f"{_digits(rng, inches)} inches"
    if drawn < 0.3:
        yards = rng.choice((1, 2, 3))
        return round(yards * YARD_M, 2), "a yard" if yards == 1 else f"{_digits(rng, yards)} yards"
    if value == 0.5 and drawn < 0.6:
        return value, rng.choice(("half a metre", "half a meter"))
    if value < 1:
        return value, rng.choice((f"{number(100 * value)} cm", f"{number(value)} m", f"{number(value)} meters"))
    if value == 1:
        return value, rng.choice(("one metre", "a meter", "1 m", "1 meter", "one meter", "100 cm"))
    if value == 1.5 and drawn < 0.6:
        return value, rng.choice(("one and a half metres", "a meter and a half"))
    return value, f"{_digits(rng, value)} {rng.choice(('metres', 'meters'))}" if drawn < 0.7 else f"{number(value)} m"


def _seconds(rng: random.Random, value: float) -> Said:
    frames = round(value * MODEL_FPS)
    if abs(frames - value * MODEL_FPS) < 1e-6 and 0 < frames <= 12 and rng.random() < 0.4:
        return value, "a frame" if frames == 1 else f"{_digits(rng, frames)} frames"
    return value, seconds_words(rng, value)


def _percent(rng: random.Random, value: float) -> Said:
    return value, percent(rng, round(value))


UNITS: Mapping[str, Callable[[random.Random, float], Said]] = {
    "deg": _degrees, "cm": _centimeters, "m": _meters, "s": _seconds,
    "up": _percent, "down": _percent, "share": _percent,
}  # fmt: skip
_AS_VALUE: Mapping[str, Callable[[float], float]] = {
    "up": lambda p: 1 + p / 100,
    "down": lambda p: 1 - p / 100,
    "share": lambda p: p / 100,
}
_FOLD = {2: ("twice", "two times"), 3: ("three times", "3 times"), 1.5: ("one and a half times", "1.5 times")}


def _times(rng: random.Random) -> Said:
    value = rng.choice((1.2, 1.25, 1.3, 1.5, 1.5, 1.75, 1.8, 2, 2, 2, 2.5, 3))
    return value, rng.choice(_FOLD.get(value, (f"{number(value)} times", f"{number(value)}x")))


def _size(rng: random.Random, marks: set[str]) -> str:
    if marks & set(NUMBERED):
        return "number"
    if marks & set(SIZED):
        return rng.choices(("plain", "bit", "much", "number"), (30, 17, 13, 40))[0]
    return rng.choices(("plain", "bit", "much"), (60, 20, 20))[0] if "too" in marks else "plain"


def say_amount(voice: Voice, spec: Mapping, marks: set[str]) -> tuple[str, dict[str, str]]:
    """The value of the argument, and the words of the amount's marks.

    spec: unit, plain, bit, much (the argument's value of each size) and numbers (in the unit) to draw from; sign -1
    turns the value round, sided makes a {side} decide (left is positive).
    """
    rng, said = voice.rng, {}
    size = _size(rng, marks)
    sign = spec.get("sign", 1)
    if spec.get("sided"):
        said["side"] = rng.choice(("left", "right"))
        sign = 1 if said["side"] == "left" else -1
    if marks & {"times", "factor"}:
        value, said["times"] = _times(rng)
        said["factor"] = number(value)
    elif size == "number":
        drawn, text = UNITS[spec["unit"]](rng, float(rng.choice(spec["numbers"])))
        value = _AS_VALUE.get(spec["unit"], float)(drawn)
        by = " by " if spec["unit"] in _AS_VALUE or rng.random() < 0.5 else " "
        said |= {"val": text, "pct": text, "by": by + text, "more": text + " "}
    else:
        value = float(spec[size])
        for mark in (*SIZED, "too"):
            said[mark] = voice.pick(wording_pool("sizes", mark, size))
        said["by"] = f" {said['by']}" if said["by"] else ""
        said["more"] = f"{said['more']} " if said["more"] else ""
    return number(sign * value), said
