"""The interactions: one file for each group of close kin; a new file registers itself by existing."""
