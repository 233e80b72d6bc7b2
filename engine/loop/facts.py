"""Measured values in words: what an answer may quote by name, and what a scene shows."""

from __future__ import annotations

from engine.assess.between import measure_pair
from engine.assess.measure import measure
from engine.core.types import Scene


def answer_facts(scene: Scene) -> dict[str, str]:
    """Values for the placeholders of an answer about `scene`, measured on its first person.

    seconds, frames, distance (metres travelled), turn (degrees from the first to the last heading, without sign),
    speed (metres a second on average), content (what it does, as phrases without a subject).
    """
    motion = scene.motions[0]
    facts = measure(motion)
    return {
        "seconds": f"{motion.duration_s:.1f}",
        "frames": str(motion.num_frames),
        "distance": f"{facts.path_m:.1f}",
        "turn": f"{abs(facts.turn_deg):.0f}",
        "speed": f"{facts.speed_m_s:.1f}",
        "content": ", ".join(facts.lines()),
    }


def describe(scene: Scene) -> str:
    """What each person of a scene does, in measured words, one line for each, and one for what is between two."""
    lines = []
    for i, motion in enumerate(scene.motions, 1):
        who = f"Person {i}: " if len(scene.motions) > 1 else ""
        frames = "one frame" if motion.num_frames == 1 else f"{motion.num_frames} frames"
        lines.append(f"{who}{'; '.join(measure(motion).lines())}; {frames} at {motion.fps:g} a second.")
    if len(scene.motions) > 1:
        lines.append(f"Between them (A is person 1, B person 2): {'; '.join(measure_pair(*scene.motions).lines())}.")
    return "\n".join(lines)
