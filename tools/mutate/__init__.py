"""Mutants: one operator, number, equation or row changed in a copy of the course, and whether a test
notices. ``python -m tools.mutate 20`` tries twenty more, drawn by chance with a seed."""
