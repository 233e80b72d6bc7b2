"""The numbers of a request as digits: numerals("raise it by twenty-five degrees from 1,5 s on") -> "25 1.5".

The soft prompt says what a request means but blurs which digits are in it; the model copies them from here.
"""

from __future__ import annotations

import re

MAX_NUMBERS = 8
_SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = {word: n for n, word in enumerate(_SMALL)} | {word: 20 + 10 * n for n, word in enumerate(_TENS)} | {"": 0}
_ONE = "|".join(sorted(_SMALL, key=len, reverse=True))
_TEN = "|".join(_TENS)
_DIGITS = r"(?:(?<![\w.])[-−]|(?<![\d.]))(?:\d+(?:[.,:]\d+)?|\.\d+)"
_HUNDREDS = rf"(?:(?P<hundred>an?|{_ONE})[ -]hundred(?: and(?= (?:{_TEN}|{_ONE})))?)?"
_REST = rf"(?:(?P<tens>{_TEN})(?:[ -](?P<ones>{_ONE}))?|(?P<small>{_ONE}))?"
_NUMBER = re.compile(rf"(?P<digits>{_DIGITS})|\b(?=\w){_HUNDREDS}[ -]?{_REST}(?P<half> and a half)?\b", re.IGNORECASE)


def numerals(request: str) -> str:
    """Its numbers in order, at most MAX_NUMBERS, separated by spaces; clock times as seconds."""
    found = (_value(match) for match in _NUMBER.finditer(request))
    return " ".join([text for text in found if text][:MAX_NUMBERS])


def _value(match: re.Match[str]) -> str:
    if digits := match["digits"]:
        minutes, clock, seconds = digits.partition(":")
        if clock:
            return f"{60 * int(minutes) + int(seconds)}"
        return f"{float(digits.replace('−', '-').replace(',', '.')):g}"
    hundred, tens, ones, small = ((match[key] or "").lower() for key in ("hundred", "tens", "ones", "small"))
    if not (hundred or tens or small):
        return ""
    hundreds = 100 * _VALUES.get(hundred, 1) if hundred else 0
    return f"{hundreds + _VALUES[tens] + _VALUES[ones] + _VALUES[small] + (0.5 if match['half'] else 0):g}"
