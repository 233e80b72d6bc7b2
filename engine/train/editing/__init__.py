"""The suite of edits by words: single instructions and dialogues on real clips (prompts/editing)."""
