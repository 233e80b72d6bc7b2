"""The edit operators, one per file; a new file registers itself by existing."""
