"""Layer 1: exact edits. One operator per file in `ops`, edit scripts, joining of motions, contact clean-up."""
