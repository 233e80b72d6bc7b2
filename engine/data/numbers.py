"""Numbers as people say them: counts, lengths in seconds, moments, percentages, angles, parts."""

from __future__ import annotations

import random
from collections.abc import Mapping

TENS = {
    10: "ten",
    20: "twenty",
    30: "thirty",
    40: "forty",
    50: "fifty",
    60: "sixty",
    70: "seventy",
    80: "eighty",
    90: "ninety",
}
_TEENS = (
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SPOKEN: Mapping[float, tuple[str, ...]] = {
    0.1: ("a tenth of a second",),
    0.25: ("a quarter of a second", "a quarter second"),
    0.5: ("half a second", "half a second", "a half second", "half a sec"),
    0.75: ("three quarters of a second",),
    1.5: ("one and a half seconds", "a second and a half", "one and a half secs"),
    2.0: ("two seconds", "two secs", "a couple of seconds"),
    2.5: ("two and a half seconds", "two and a half secs"),
    3.5: ("three and a half seconds",),
}
"""Lengths as people say them; `_BARE`: after "the first"."""
_BARE: Mapping[float, tuple[str, ...]] = {
    0.25: ("quarter of a second", "quarter second"),
    0.5: ("half second", "half a second", "half sec"),
    0.75: ("three quarters of a second",),
    1.0: ("second", "second", "one second", "sec"),
    1.5: ("second and a half", "one and a half seconds"),
    2.0: ("two seconds", "couple of seconds", "two secs"),
    2.5: ("two and a half seconds",),
    3.5: ("three and a half seconds",),
}
TURNS: Mapping[int, tuple[str, ...]] = {
    45: ("an eighth of a turn", "an eighth turn", "half a right angle"),
    90: ("a quarter turn", "a quarter of a turn", "a right angle", "one quarter turn"),
    180: ("half a turn", "a half turn"),
    270: ("three quarters of a turn", "a three-quarter turn"),
}
FRACTIONS: Mapping[str, tuple[str, ...]] = {
    "0.1": ("a tenth", "one tenth"),
    "0.2": ("a fifth", "one fifth"),
    "0.25": ("a quarter", "one quarter", "a fourth", "one fourth", "1/4"),
    "0.333": ("a third", "one third", "1/3"),
    "0.4": ("two fifths",),
    "0.5": ("half", "one half", "1/2"),
    "0.6": ("three fifths",),
    "0.667": ("two thirds", "2/3"),
    "0.75": ("three quarters", "three fourths", "3/4"),
    "0.8": ("four fifths",),
}
"""Parts of the speed, in words."""


def number(value: float) -> str:
    """A number as plans and people write it: 2, 0.5, 1.25."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def in_words(value: float) -> str:
    """A number from 0 to 999 in words: "forty-five", "one and a half", "zero point two"."""
    whole, rest = divmod(round(value, 3), 1)
    if rest:
        if rest == 0.5 and whole:
            return f"{in_words(whole)} and a half"
        digits = number(value).split(".")[1]
        return f"{in_words(whole)} point {' '.join(SMALL[int(d)] for d in digits)}"
    n = int(whole)
    if n < len(SMALL):
        return SMALL[n]
    if n < 20:
        return _TEENS[n - 11]
    if n < 100:
        return TENS[n // 10 * 10] + (f"-{SMALL[n % 10]}" if n % 10 else "")
    return f"{SMALL[n // 100]} hundred" + (f" {in_words(n % 100)}" if n % 100 else "")


def seconds_words(rng: random.Random, value: float, bare: bool = False) -> str:
    """A length in seconds in words or digits; bare: as after "the first ..." ("second", "half second")."""
    spoken = (_BARE if bare else _SPOKEN).get(value)
    if spoken and rng.random() < 0.45:
        return rng.choice(spoken)
    if value < 1 and rng.random() < 0.1:
        return number(1000 * value) + rng.choice((" ms", "ms", " milliseconds"))
    if value == 1:
        return rng.choice(("one second", "1 second", "1 s", "1s", "1 sec", "one second" if bare else "a second"))
    if value == int(value) and value < len(SMALL) and rng.random() < 0.35:
        return f"{SMALL[int(value)]} seconds"
    if rng.random() < 0.12:
        return f"{in_words(value)} seconds"
    return number(value) + rng.choice((" seconds", " seconds", " s", "s", " sec", " secs"))


def percent(rng: random.Random, value: int) -> str:
    if rng.random() < 0.2:
        return f"{in_words(value)} {rng.choice(('percent', 'percent', 'per cent'))}"
    return f"{value}{rng.choice((' %', '%', '%', ' percent', ' per cent'))}"


def times_words(rng: random.Random, count: int) -> str:
    if count == 2 and rng.random() < 0.5:
        return "twice"
    return rng.choice((f"{count} times", f"{SMALL[count]} times", f"{SMALL[count]} times", f"{count}x"))


def moment(rng: random.Random, value: float) -> str:
    if value == 0:
        return rng.choice(("the start", "0 s", "0", "the beginning", "zero"))
    return rng.choice(
        (
            f"{number(value)} s",
            f"{number(value)} seconds",
            f"second {number(value)}",
            f"{number(value)}s",
            number(value),
            f"{number(value)} sec",
            f"t={number(value)}",
            f"the {number(value)} s mark",
            f"the {number(value)} second mark",
            f"{in_words(value)} {'second' if value == 1 else 'seconds'}",
            f"0:{int(value):02d}" if value == int(value) else f"{number(value)} seconds",
        )
    )


def degrees_words(rng: random.Random, value: int) -> str:
    drawn = rng.random()
    if drawn < 0.15:
        return f"{in_words(value)} degrees"
    if drawn < 0.3 and value in TURNS:
        return rng.choice(TURNS[value])
    return rng.choice((f"{value} degrees", f"{value} degrees", f"{value}°", f"{value} deg"))
