"""A class at a glance, from the files that its students handed in."""
