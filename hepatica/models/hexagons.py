"""The geometry of a field of hexagonal lobules: sources of injury, distances to them, and the
islands and bridges between them. Lengths are in lobule widths.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hepatica.model import given
from hepatica.model.luck import mulberry
from hepatica.model.registry import register

CENTRAL, PORTAL, BOTH = 0, 1, 2
RAY = 24  # rings of equal area between wall and middle of an island, for condensing
REACH = 2  # rows and columns of neighbours that can own a site
ROUGH = np.sqrt(3) / 2

register(__name__, hexagons=())


@dataclass(frozen=True)
class Field:
    """`columns` × `rows` lobules of 1 mm seen through a grid of `width` × `height` sites."""

    columns: int = 6
    rows: int = 6
    width: int = 128
    height: int = 128

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            given.count(value, name)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in lobule widths."""
        return self.columns, self.rows * ROUGH

    @cached_property
    def sites(self) -> np.ndarray:
        """Middles of the sites in lobule widths, shape (height * width, 2)."""
        wide, high = self.size
        x, y = np.meshgrid(
            (np.arange(self.width) + 0.5) * wide / self.width,
            (np.arange(self.height) + 0.5) * high / self.height,
        )
        return np.column_stack([x.ravel(), y.ravel()])

    @cached_property
    def centres(self) -> np.ndarray:
        """Central veins, those just outside included, shape (rows + 4, columns + 4, 2),
        lobule widths."""
        row, column = np.mgrid[-REACH : self.rows + REACH, -REACH : self.columns + REACH]
        return np.stack([column + 0.25 + 0.5 * (row % 2), (row + 0.5) * ROUGH], axis=-1)

    def sources(self, pattern: int) -> np.ndarray:
        """Where the injury strikes: veins, two tracts for each, or both; shape (rows + 4,
        columns + 4, kinds, 2)."""
        centre = self.centres[:, :, None, :]
        tracts = centre + np.array([[0.5, 1 / np.sqrt(12)], [0.5, -1 / np.sqrt(12)]])
        return (centre, tracts, np.concatenate([centre, tracts], axis=2))[int(pattern)]

    def factors(self, pattern: int, variation: float, seed: int) -> np.ndarray:
        """How much wider or narrower the zone of each source is: half by chance, half by region."""
        place = self.sources(pattern)
        count = int(np.prod(place.shape[:3]))
        dice = mulberry(seed, 2 * count + 18)
        chance = np.sqrt(-2 * np.log(1 - dice[:count])) * np.cos(
            2 * np.pi * dice[count : 2 * count]
        )
        turn, shift, length = dice[2 * count :].reshape(3, 6)
        wave = 2 * np.pi / (6 + 10 * length)
        phase = place @ np.stack([wave * np.cos(2 * np.pi * turn), wave * np.sin(2 * np.pi * turn)])
        region = np.cos(phase + 2 * np.pi * shift).sum(axis=-1) / np.sqrt(3)
        return np.exp(variation * (chance.reshape(place.shape[:3]) + region) / np.sqrt(2))

    def distances(
        self, points: np.ndarray, pattern: int, variation: float = 0, seed: int = 1
    ) -> np.ndarray:
        """Distance of each point to its source, over that source's factor, in lobule widths."""
        place, factor = self.sources(pattern), self.factors(pattern, variation, seed)
        row = np.clip(np.floor(points[:, 1] / ROUGH).astype(int), 0, self.rows - 1)
        column = np.clip(np.floor(points[:, 0]).astype(int), 0, self.columns - 1)
        nearest = np.full(len(points), np.inf)
        for down in range(2 * REACH + 1):
            for right in range(2 * REACH + 1):
                there = place[row + down, column + right]
                away = (
                    np.sqrt(((there - points[:, None]) ** 2).sum(axis=-1))
                    / factor[row + down, column + right]
                )
                nearest = np.minimum(nearest, away.min(axis=1))
        return nearest

    def islands(self, pattern: int) -> tuple[np.ndarray, np.ndarray, int, float]:
        """What the bridges enclose: middles (rows, columns, kinds, 2), angle of one side, sides,
        inner radius."""
        centre = self.centres[:, :, None, :]
        if pattern == PORTAL:
            return centre, np.zeros(1), 6, 0.5
        if pattern == CENTRAL:
            return self.sources(PORTAL), np.array([-np.pi / 2, np.pi / 2]), 3, 1 / np.sqrt(12)
        turn = np.arange(6) * np.pi / 3
        return centre + np.column_stack([np.cos(turn), np.sin(turn)]) / 3, turn, 3, 1 / 6

    def rings(self, pattern: int) -> tuple[np.ndarray, np.ndarray]:
        """For each site the share of its island's area between wall and site,
        and the sites along its ray."""
        middle, turn, sides, radius = self.islands(pattern)
        row = np.clip(np.floor(self.sites[:, 1] / ROUGH).astype(int), 0, self.rows - 1)
        column = np.clip(np.floor(self.sites[:, 0]).astype(int), 0, self.columns - 1)
        best, offset, angle = np.full(len(row), np.inf), np.zeros((len(row), 2)), np.zeros(len(row))
        for down in range(1, 2 * REACH):
            for right in range(1, 2 * REACH):
                for kind in range(middle.shape[2]):
                    away = self.sites - middle[row + down, column + right, kind]
                    closer = (away**2).sum(axis=1) < best
                    best = np.where(closer, (away**2).sum(axis=1), best)
                    offset[closer], angle[closer] = away[closer], turn[kind]
        normals = angle[:, None] + 2 * np.pi * np.arange(sides) / sides
        out = (offset[:, :1] * np.cos(normals) + offset[:, 1:] * np.sin(normals)).max(
            axis=1
        ) / radius
        out = np.clip(out, 1e-6, 1)  # 1 at the wall, 0 in the middle
        share = 1 - out**2
        # the same measure at the middle of each ring
        along = np.sqrt(1 - (np.arange(RAY) + 0.5) / RAY)
        place = (self.sites - offset)[:, None] + offset[:, None] * (along / out[:, None])[..., None]
        return share, self.index(place)

    def index(self, points: np.ndarray) -> np.ndarray:
        """The site in which each point lies; points outside belong to the nearest site."""
        wide, high = self.size
        x = np.clip(np.floor(points[..., 0] * self.width / wide).astype(int), 0, self.width - 1)
        y = np.clip(np.floor(points[..., 1] * self.height / high).astype(int), 0, self.height - 1)
        return y * self.width + x

    def links(self, pattern: int) -> np.ndarray:
        """Possible bridges between neighbouring sources inside the field: ends, shape (bridges, 2,
        2)."""
        places = self.sources(pattern).reshape(-1, 2)
        wide, high = self.size
        margin = 1e-9
        inside = ((places > -margin) & (places < np.array([wide, high]) + margin)).all(axis=1)
        places, reach = places[inside], (1.0 if pattern == CENTRAL else 1 / np.sqrt(3)) * 1.001
        apart = np.sqrt(((places[:, None] - places[None]) ** 2).sum(axis=-1))
        first, second = np.nonzero(np.triu(apart < reach, 1))
        return np.stack([places[first], places[second]], axis=1)
