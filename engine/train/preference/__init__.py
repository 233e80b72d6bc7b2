"""Preference tuning of the language-motion model with trl: by ranked pairs (dpo) and by rewarded drafts (grpo)."""
