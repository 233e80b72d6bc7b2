"""Numbers of a request as digits."""

import pytest

from engine.language.numerals import MAX_NUMBERS, numerals


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        ("raise it by twenty-five degrees from 1,5 s on", "25 1.5"),
        ("between 0:01 and 1:03", "1 63"),
        ("two and a half seconds", "2.5"),
        ("a hundred and twenty fps, then one hundred", "120 100"),
        ("start at x=-1, z=2.5", "-1 2.5"),
        ("frames 12-40 of v2", "12 40 2"),
        ("1.0s-2.5s, 90° at .5 s", "1 2.5 90 0.5"),
        ("someone often walks a bit", ""),
    ],
)
def test_digits_words_and_clock_times(request_, found):
    assert numerals(request_) == found


def test_there_are_not_too_many():
    assert len(numerals("1 " * 50).split()) == MAX_NUMBERS
