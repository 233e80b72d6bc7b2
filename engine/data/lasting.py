"""Actions that go on for as long as asked: performed for half a minute they move as briskly as at their natural length."""

LASTING = frozenset({
    "walk", "run", "jog", "march", "sneak", "tiptoe", "skip", "limp", "dance", "stand",
})  # fmt: skip
