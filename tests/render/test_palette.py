"""The colours of two persons stay apart for everybody."""

import numpy as np
import pytest

from engine.render.palette import PERSON_COLORS, linear

SIMULATED = {
    "usual": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Matrices on linear RGB (Machado, Oliveira and Fernandes 2009, severity 1)."""
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(color, eye):
    """CIE L*a*b* of an sRGB colour as that eye sees it."""
    xyz = TO_XYZ @ np.clip(np.array(SIMULATED[eye]) @ linear(color), 0, 1) / TO_XYZ.sum(1)
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eye", SIMULATED)
def test_two_persons_stay_apart_in_every_kind_of_colour_blindness(eye):
    a, b = (lab(color, eye) for color in PERSON_COLORS)
    assert np.linalg.norm(a - b) > 40
