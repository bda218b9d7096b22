"""Hepatica: an explorable course on liver scarring and cell therapy."""

__version__ = "0.1.0"
