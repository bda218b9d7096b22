"""Hepatica: an explorable course on liver scarring and cell therapy.

The packages, from the top; an import only goes down: `site` makes the web pages, `lessons` the cards
of each notebook, `cards` everything interactive, `analysis` turns tables into numbers, `models`
holds the liver, `model` how any model is written and run, `ledger` the tables. Beside them: `show`
(tables in a notebook) and `exercises` (checks of answers).
"""

__version__ = "0.1.0"
