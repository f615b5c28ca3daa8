"""Units that windows count in: the series' logarithm, and its change over so many rows; and the way back.

Shapes: a series y has rows of k columns, y (T, k); its windows' values z (T, k), of which the first `difference` rows
mean nothing.
"""

from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array

MOVED = 1.0  # standard deviations of a series that the last quarter's mean lies from the others', where it moved


@dataclass(frozen=True)
class SeriesUnits:
    """What is done to a series before windows are cut: z[t] = l(y[t]) - l(y[t - d]), with l the identity or log.

    Attributes
    ----------
    difference
        d, or 0 where nothing is taken away.
    log
        Whether l is the logarithm.
    """

    difference: int = 0
    log: bool = False

    def levels(self, y: Array) -> Array:
        """l(y)."""
        return np.log(y) if self.log else y

    def values(self, y: Array, series: list[slice]) -> Array:
        """z, (T, k), of series one after another; 0 in the first d rows of each, which no window may hold."""
        levels = self.levels(y)
        if self.difference == 0:
            return levels
        z = np.zeros_like(levels)
        for part in series:
            z[part][self.difference :] = levels[part][self.difference :] - levels[part][: -self.difference]
        return z

    def forecast(self, z: Array, last: Array) -> Array:
        """y (..., steps, k) from z (..., steps, k) and the last d or more rows of y before them, (..., d, k)."""
        levels = self.forecast_levels(z, self.levels(last))
        return np.exp(levels) if self.log else levels

    def forecast_levels(self, z: Array, last: Array) -> Array:
        """l(y) from z and the last rows of l(y); z (..., steps, k), last (..., d or more, k)."""
        d, steps = self.difference, z.shape[-2]
        if d == 0:
            return z
        levels = np.concatenate([last[..., last.shape[-2] - d :, :], z], axis=-2)
        for step in range(steps):
            levels[..., d + step, :] += levels[..., step, :]
        return levels[..., d:, :]

    def slopes(self, slopes: Array, forecast: Array, last: Array) -> Array:
        """The derivatives of y (..., steps, k) with respect to the last L + d rows of y, (..., steps, k, L + d, k).

        From `slopes` (..., steps, k, L, k), those of z with respect to the last L rows of z; the forecast of y is
        (..., steps, k), and the rows of y before it are `last` (..., L + d, k).
        """
        d, (steps, k, length, _) = self.difference, slopes.shape[-4:]
        found = np.zeros((*slopes.shape[:-2], length + d, k))
        found[..., d:, :] += slopes
        if d:
            found[..., :length, :] -= slopes
            for step in range(steps):  # l(y) is z, and l(y) of d rows before
                if step < d:
                    found[..., step, :, length + step, :] += np.eye(k)
                else:
                    found[..., step, :, :, :] += found[..., step - d, :, :, :]
        if self.log:
            found *= forecast[..., np.newaxis, np.newaxis]
            found /= last[..., np.newaxis, np.newaxis, :, :]
        return found


def has_moved(values: Array, series: list[slice]) -> bool:
    """Whether most series (T, k) left their level: the last quarter's mean lies far from that of the other rows."""
    moved = []
    for part in series:
        rows = values[part]
        last = max(1, len(rows) // 4)
        spread = rows.std(axis=0)
        away = np.abs(rows[-last:].mean(axis=0) - rows[:-last].mean(axis=0)) if len(rows) > 1 else 0 * spread
        moved += list(away > MOVED * spread)
    return bool(2 * sum(moved) > len(moved))
