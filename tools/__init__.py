"""The maintainers' shed: refresh, bench, and what the tests drive."""
