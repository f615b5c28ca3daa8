"""Tables of a series that least squares of two lags knows exactly."""

import numpy as np

ROWS, PERIOD = 60, 7.3
MONTHS = np.arange("2019-01", "2024-01", dtype="M8[M]")


def sine(rows=ROWS, first=0):
    """A sine, which is y[t] = 2 cos(2 pi / PERIOD) y[t - 1] - y[t - 2]."""
    return np.sin(2 * np.pi * np.arange(first, first + rows) / PERIOD)


def text_of(columns):
    """A CSV table of these columns; None is an empty cell."""
    lines = [",".join("" if each is None else str(each) for each in row) for row in zip(*columns.values(), strict=True)]
    return "\n".join([",".join(columns), *lines]) + "\n"
