"""Stretches of time as one word: "1.0s-2.5s", "last:25%", "after:jump:2", and the frames that they mean.

    all | 1.0s-2.5s | 10f-40f | 20%-60% | first:1.0s | last:50% | from:2.0s | until:2.0s
    jump:1 | jump:last | before:jump:1 | after:jump:1 | start | end

Events are found elsewhere and come with the `Anchor`. Changes are eased within a span, and only at ends where other
frames of the clip follow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.core.errors import UserError
from engine.core.types import Motion
from engine.edit.anchor import Anchor

ALL = "all"
"""The whole clip, and of parts the whole body."""
EVENTS = {
    "jump": "jumps", "step": "steps", "kick": "kicks", "punch": "punches", "wave": "waves", "clap": "claps",
    "turn": "turns", "squat": "squats", "bow": "bows", "left_hand_high": "moments with the left hand high",
    "right_hand_high": "moments with the right hand high", "start": "starts", "end": "ends",
}  # fmt: skip
"""Name of each event -> what several of them are called."""
EDGE_S = 0.3
"""How long `start` and `end` are."""
EASE_S, EASE_SHARE = 0.2, 0.4
"""A change comes and goes in so many seconds, and in no more than this share of the span."""
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NUMBER = "[0-9]{1,3}(\\.[0-9]{1,3})?"
PATTERN = "|".join(
    [
        ALL,
        *(f"{_NUMBER}{unit}-{_NUMBER}{unit}" for unit in "sf%"),
        f"(first|last|from|until):{_NUMBER}[sf%]",
        "((before|after):)?(start|end)(:([1-9][0-9]?|last))?",
        f"((before|after):)?({'|'.join(name for name in EVENTS if name not in ('start', 'end'))}):([1-9][0-9]?|last)",
    ]
)
"""What may be written, as one regular expression for a grammar."""
_AMOUNT = r"(\d+(?:\.\d+)?)(s|f|%)"
_BETWEEN = re.compile(rf"{_AMOUNT}-{_AMOUNT}")
_EDGE = re.compile(rf"(first|last|from|until):{_AMOUNT}")
_EVENT = re.compile(rf"(?:(before|after):)?({'|'.join(EVENTS)})(?::(\d+|last))?")
HELP = "a span such as all, 1.0s-2.5s, 10f-40f, 20%-60%, first:1.0s, last:25%, from:2.0s, jump:2 or after:jump:1"


@dataclass(frozen=True)
class Frames:
    """Frames [start, stop) of a clip of `total` frames."""

    start: int
    stop: int
    total: int
    fps: float

    @property
    def count(self) -> int:
        return self.stop - self.start

    @property
    def whole(self) -> bool:
        return self.count == self.total

    def ease_s(self, wanted_s: float = EASE_S) -> float:
        """Seconds in which a change comes and goes; 0 where the span is the whole clip."""
        return 0.0 if self.whole else min(wanted_s, EASE_SHARE * self.count / self.fps)

    def ramp(self, wanted_s: float = EASE_S) -> np.ndarray:
        """(count,) straight from 0 to 1 and back: 1 but near the ends that other frames of the clip lie beyond."""
        frames = self.ease_s(wanted_s) * self.fps + 1
        place = np.arange(self.count)
        share = np.ones(self.count)
        if self.start > 0:
            share = np.minimum(share, (place + 1) / frames)
        if self.stop < self.total:
            share = np.minimum(share, (self.count - place) / frames)
        return share / share.max()

    def weight(self, wanted_s: float = EASE_S) -> np.ndarray:
        """The same as a smooth curve."""
        share = self.ramp(wanted_s)
        return share**2 * (3 - 2 * share)

    def words(self) -> str:
        """ "from 1.00 s to 2.00 s", or "throughout"."""
        return "throughout" if self.whole else f"from {self.start / self.fps:.2f} s to {self.stop / self.fps:.2f} s"

    def eased(self, wanted_s: float = EASE_S) -> str:
        """The words, and over how long the change is eased."""
        ease_s = self.ease_s(wanted_s)
        return f"{self.words()}; eased over {ease_s:.2g} s" if ease_s else self.words()


@dataclass(frozen=True)
class Span:
    """A stretch of time as it was written. The parts of it are read by `frames`."""

    text: str = ALL

    @property
    def event(self) -> str | None:
        """Name of the event that must be found for it; None if it means a time."""
        found = _EVENT.fullmatch(self.text)
        return found[2] if found else None

    def __str__(self) -> str:
        return self.text

    def frames(self, motion: Motion, anchor: Anchor) -> Frames:
        """UserError for a span outside the motion, an empty one, or an event that is not there."""
        start, stop = self._ends(motion, anchor)
        total = motion.num_frames
        if start >= total:
            raise UserError(f"The span {self.text} lies outside: the motion lasts {motion.duration_s:.2f} s.")
        start, stop = max(start, 0), min(stop, total)
        if stop <= start:
            raise UserError(f"The span {self.text} is empty: it must end after it begins. Use {HELP}.")
        return Frames(start, stop, total, motion.fps)

    def _ends(self, motion: Motion, anchor: Anchor) -> tuple[int, int]:
        total = motion.num_frames

        def frame(amount: str, unit: str) -> int:
            return round(float(amount) * {"s": motion.fps, "f": 1.0, "%": total / 100}[unit])

        if self.text == ALL:
            return 0, total
        if found := _BETWEEN.fullmatch(self.text):
            return frame(found[1], found[2]), frame(found[3], found[4])
        if found := _EDGE.fullmatch(self.text):
            at = frame(found[2], found[3])
            if found[1] == "last":
                return (total if at == 0 else max(total - at, 0)), total
            return (at, total) if found[1] == "from" else (0, at)
        found = _EVENT.fullmatch(self.text)
        assert found, f"{self.text!r} is no span; parse_span refuses it"
        start_s, end_s = _occurrence(found[2], found[3] or "1", motion, anchor)
        start, stop = round(start_s * motion.fps), round(end_s * motion.fps)
        return {"before": (0, start), "after": (stop, total)}.get(found[1] or "", (start, max(stop, start + 1)))


def parse_span(text: str, where: str) -> Span:
    """The span that `text` writes; `where` names the argument in the UserError for what is none."""
    word = text.strip()
    event = _EVENT.fullmatch(word)
    if event and (event[3] or event[2] in ("start", "end")) and event[3] != "0":
        return Span(word)
    if word == ALL or _BETWEEN.fullmatch(word) or _EDGE.fullmatch(word):
        return Span(word)
    raise UserError(f"{where} is {text!r}; it must be {HELP}. Events are {', '.join(EVENTS)}.")


def _occurrence(event: str, number: str, motion: Motion, anchor: Anchor) -> tuple[float, float]:
    """(start_s, end_s) of the event of that number, 'last' for the last. UserError when there is none."""
    there: Any = anchor.events.get(event, ())
    if not there and event in ("start", "end"):
        edge = min(EDGE_S, motion.duration_s)
        there = [(0.0, edge) if event == "start" else (motion.duration_s - edge, motion.duration_s)]
    index = len(there) if number == "last" else int(number)
    if 1 <= index <= len(there):
        return there[index - 1]
    one, many = event.replace("_", " "), EVENTS[event]
    if not there:
        raise UserError(f"There is no {one} in this motion. Name a span in seconds instead, for example 1.0s-2.0s.")
    which = ORDINALS[index - 1] if index <= len(ORDINALS) else f"number {index}"
    count = f"There is 1 {one}" if len(there) == 1 else f"There are {len(there)} {many}"
    raise UserError(f"{count}; there is no {which} one.")
