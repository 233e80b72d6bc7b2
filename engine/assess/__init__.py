"""Layer 1: what a motion does, measured: kinematic facts, physical plausibility, agreement with a plan."""
