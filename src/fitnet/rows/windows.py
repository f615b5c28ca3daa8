"""Windows of a series as rows: what was known before a moment as inputs, what came then as targets.

Shapes: a series has T rows of k values; a row of windows belongs to an origin, the first of the h rows that it is to
forecast. n origins, p inputs. Entries are copied when rows are read, so a long series never takes n times p numbers.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from fitnet.arguments import Array

FLOAT64 = np.dtype(np.float64)


@dataclass(frozen=True, eq=False)
class SeriesColumns:
    """All that windows are cut from, row by row in time, one series after another; finite, in float64.

    Attributes
    ----------
    values
        (T, k): the series themselves.
    past
        (T, e): columns of which only entries before an origin may be seen.
    known
        (T, f): columns of which the entries at the forecast rows may be seen, for they are known in advance.
    calendar
        (T, c): what the time of a row says, seen at the origin; later rows' follow from it.
    """

    values: Array
    past: Array
    known: Array
    calendar: Array


@dataclass(frozen=True)
class WindowShape:
    """Which entries around an origin o a window holds.

    Attributes
    ----------
    lags
        Rows before the origin whose values are seen: o - lag, each at least 1.
    past_lags
        The same for the columns of the past.
    horizon
        h: rows from the origin on that are forecast together.
    """

    lags: tuple[int, ...]
    past_lags: tuple[int, ...] = ()
    horizon: int = 1

    @property
    def reach(self) -> int:
        """How many rows before an origin there must be."""
        return max((*self.lags, *self.past_lags), default=0)

    def origins(self, starts: Array, ends: Array) -> Array:
        """(n,): the rows that can be origins in series that lie from `starts[i]` to before `ends[i]`.

        No window reaches out of its series.
        """
        firsts, lasts = starts + self.reach, ends - self.horizon
        parts = [np.arange(first, last + 1) for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)]
        return np.concatenate([np.empty(0, np.intp), *parts]).astype(np.intp)


@dataclass(frozen=True, eq=False)
class WindowInputs:
    """The inputs of windows, (n, p): lag after lag all values, lag after lag the past, step after step what is known.

    Attributes
    ----------
    columns, shape_of
        What they are cut from, and how.
    origins
        (n,): the first forecast row of each; at least `reach` from where its series begins.
    """

    columns: SeriesColumns
    shape_of: WindowShape
    origins: Array
    name: str = "y"
    dtype: np.dtype[Any] = field(default=FLOAT64)

    @property
    def shape(self) -> tuple[int, int]:
        columns, shape = self.columns, self.shape_of
        k, e, f, c = (each.shape[1] for each in (columns.values, columns.past, columns.known, columns.calendar))
        return len(self.origins), k * len(shape.lags) + e * len(shape.past_lags) + f * shape.horizon + c

    def read(self, start: int, stop: int) -> Array:
        """The rows from `start` to before `stop`, (rows, p)."""
        origins, columns = self.origins[start:stop], self.columns
        before, past, after = self._offsets
        parts = [
            columns.values[origins[:, np.newaxis] + before],
            columns.past[origins[:, np.newaxis] + past],
            columns.known[origins[:, np.newaxis] + after],
            columns.calendar[origins],
        ]
        return np.concatenate([part.reshape(len(origins), -1) for part in parts], axis=1, dtype=self.dtype)

    @cached_property
    def _offsets(self) -> tuple[Array, Array, Array]:
        shape = self.shape_of
        before, past = (-np.array(lags, np.intp) for lags in (shape.lags, shape.past_lags))
        return before, past, np.arange(shape.horizon if self.columns.known.shape[1] else 0)


@dataclass(frozen=True, eq=False)
class WindowTargets:
    """The targets of windows, (n, h k): step after step all values from the origin on."""

    values: Array
    horizon: int
    origins: Array
    name: str = "y"
    dtype: np.dtype[Any] = field(default=FLOAT64)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.origins), self.horizon * self.values.shape[1]

    def read(self, start: int, stop: int) -> Array:
        """The rows from `start` to before `stop`, (rows, h k)."""
        origins = self.origins[start:stop]
        return self.values[origins[:, np.newaxis] + np.arange(self.horizon)].reshape(len(origins), -1)


def input_names(
    shape: WindowShape,
    values: tuple[str, ...],
    past: tuple[str, ...],
    known: tuple[str, ...],
    calendar: tuple[str, ...],
) -> tuple[str, ...]:
    """(p,): what each input of `WindowInputs` is, such as "y lag 1", "price step 1" and "month sin"."""
    ahead = [f"{name} step {step}" for step in range(1, shape.horizon + 1) for name in known]
    return (
        *(f"{name} lag {lag}" for lag in shape.lags for name in values),
        *(f"{name} lag {lag}" for lag in shape.past_lags for name in past),
        *(known if shape.horizon == 1 else ahead),
        *calendar,
    )


def target_names(values: tuple[str, ...], horizon: int) -> tuple[str, ...]:
    """(h k,): what each target of `WindowTargets` is, such as "y step 1"."""
    if horizon == 1:
        return values
    return tuple(f"{name} step {step}" for step in range(1, horizon + 1) for name in values)
