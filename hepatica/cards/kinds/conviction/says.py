"""What the card of boundary and prior says."""

from __future__ import annotations

NUMBERS = (
    *("reduction", "guess", "whole", "needed", "people", "share", "z", "boundary"),
    *("prior_low", "prior_high", "post", "post_low", "post_high", "fewer", "rather"),
)

NEEDED = (
    "One planned trial that shows {reduction:0f} % fewer deaths takes {needed:0f} people; these "
    "trials have {people:0f}, {share:0f} %. Their z of {z:2f} "
)
BELIEF = (
    "Your prior, {guess:2f} ({prior_low:2f} to {prior_high:2f}), becomes {post:2f} ({post_low:2f} "
    "to {post_high:2f}): fewer deaths with {fewer:0f} % probability, a fifth fewer with "
    "{rather:0f} %."
)

SENTENCE = [
    [
        ("z >= boundary", NEEDED + "passes the boundary of {boundary:2f}."),
        ("z >= 1.96", NEEDED + "passes 1.96, not the boundary of {boundary:2f}."),
        (None, NEEDED + "passes neither 1.96 nor the boundary of {boundary:2f}."),
    ],
    [(None, BELIEF)],
]
