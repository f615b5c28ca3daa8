"""Series to forecast: two made by formulas, and two that were recorded, of which fitnet itself ships none.

Shapes: a series is (T,).
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from fitnet.arguments import Array

# Passengers of international airlines in thousands, monthly from January 1949 to December 1960: Box and Jenkins, Time
# Series Analysis (1976), series G.
AIRLINE = """
112 118 132 129 121 135 148 148 136 119 104 118 115 126 141 135 125 149 170 170 158 133 114 140
145 150 178 163 172 178 199 199 184 162 146 166 171 180 193 181 183 218 230 242 209 191 172 194
196 196 236 235 229 243 264 272 237 211 180 201 204 188 235 227 234 264 302 293 259 229 203 229
242 233 267 269 270 315 364 347 312 274 237 278 284 277 317 313 318 374 413 405 355 306 271 306
315 301 356 348 355 422 465 467 404 347 305 336 340 318 362 348 363 435 491 505 404 359 310 337
360 342 406 396 420 472 548 559 463 407 362 405 417 391 419 461 472 535 622 606 508 461 390 432
"""
NARMA_LARGEST = 1.0  # for some inputs the system runs away; sequences that come so far are drawn again
SETTLED = 200  # rows after which the start is forgotten


def airline() -> tuple[Array, Array]:
    """Passengers, and the first days of their months, (144,) each."""
    months = np.arange("1949-01", "1961-01", dtype="M8[M]")
    return np.array(AIRLINE.split(), float), months.astype("M8[D]")


def sunspots() -> tuple[Array, Array]:
    """Yearly mean sunspot numbers of 1700 to 2008, as statsmodels ships them, and their years.

    Raises
    ------
    ImportError
        Where statsmodels is not installed.
    """
    import statsmodels

    folder = Path(statsmodels.__file__).parent / "datasets" / "sunspots"
    years, numbers = np.loadtxt(folder / "sunspots.csv", delimiter=",", skiprows=1, unpack=True)
    return numbers, years


def narma(u: Array) -> Array:
    """The NARMA-10 system's answer to inputs u (..., T) from 0 to 0.5 (Atiya and Parlos 2000, eq. 86)."""
    y = np.zeros_like(u)
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(9, u.shape[-1] - 1):
            nearest = y[..., t - 9 : t + 1].sum(axis=-1)
            y[..., t + 1] = 0.3 * y[..., t] + 0.05 * y[..., t] * nearest + 1.5 * u[..., t - 9] * u[..., t] + 0.1
    return y


def narma_series(rows: int, generator: np.random.Generator) -> tuple[Array, Array]:
    """Outputs and inputs, (rows,) each."""
    while True:
        u = generator.uniform(0, 0.5, rows + SETTLED)
        y = narma(u)
        if np.nan_to_num(y, nan=np.inf).max() < NARMA_LARGEST:
            return y[SETTLED:], u[SETTLED:]


def narma_floor(lags: int, generator: np.random.Generator, draws: int = 3000, each: int = 10) -> float:
    """The NRMSE that nobody can go below who sees so many inputs and no outputs.

    It is what the inputs before these add: `each` pasts are drawn for the same last inputs.
    """
    u = generator.uniform(0, 0.5, (draws, each, SETTLED))
    u[:, :, -lags - 1 : -1] = u[:, :1, -lags - 1 : -1]
    y = narma(u)
    kept = (np.nan_to_num(y, nan=np.inf).max(axis=-1) < NARMA_LARGEST).all(axis=1)
    last = y[kept, :, -1]
    return float(np.sqrt(last.var(axis=1, ddof=1).mean() / last.var()))


def mackey_glass(rows: int, step: float = 0.1, delay: float = 17.0) -> Array:
    """dx/dt = 0.2 x(t - delay) / (1 + x(t - delay)^10) - 0.1 x at t = 0, 1, ...; x is 1.2 at 0 and 0 before.

    By the fourth-order Runge-Kutta method with steps of 0.1, as Jang (1993) has it; delayed values between steps are
    their neighbours' mean.
    """
    behind, inner = round(delay / step), round(1 / step)
    x = np.zeros(behind + rows * inner)
    x[behind] = 1.2

    def slope(value: float, delayed: float) -> float:
        return 0.2 * delayed / (1 + delayed**10) - 0.1 * value

    for t in range(behind, len(x) - 1):
        old, new = x[t - behind], x[t - behind + 1]
        first = slope(x[t], old)
        second = slope(x[t] + step / 2 * first, (old + new) / 2)
        third = slope(x[t] + step / 2 * second, (old + new) / 2)
        last = slope(x[t] + step * third, new)
        x[t + 1] = x[t] + step / 6 * (first + 2 * second + 2 * third + last)
    return x[behind::inner]


def autoregression(generator: np.random.Generator) -> Array:
    """y[t] = 1.3 y[t - 1] - 0.5 y[t - 2] + normal noise, 400 rows."""
    noise, y = generator.normal(size=400 + SETTLED), np.zeros(400 + SETTLED)
    for t in range(2, len(y)):
        y[t] = 1.3 * y[t - 1] - 0.5 * y[t - 2] + noise[t]
    return y[SETTLED:]


def trend_and_season(generator: np.random.Generator) -> Array:
    """A straight trend, a season of 12 rows with a second harmonic, and noise, 220 rows."""
    t = np.arange(220)
    season = 20 * np.sin(2 * np.pi * t / 12) + 8 * np.cos(4 * np.pi * t / 12)
    return np.asarray(100 + 0.5 * t + season + generator.normal(0, 3, 220))


def random_walk(generator: np.random.Generator) -> Array:
    """Sums of normal noise, 400 rows: the last value is the best forecast."""
    return np.cumsum(generator.normal(size=400))


def logistic_map(generator: np.random.Generator) -> Array:
    """x[t] = 3.9 x[t - 1] (1 - x[t - 1]), 400 rows, without noise."""
    x = np.empty(400)
    x[0] = generator.uniform(0.1, 0.9)
    for t in range(1, 400):
        x[t] = 3.9 * x[t - 1] * (1 - x[t - 1])
    return x


def noisy_sine(generator: np.random.Generator) -> Array:
    """A sine of period 6 pi with noise of a fifth of its height, 400 rows."""
    return np.asarray(np.sin(np.arange(400) / 3) + generator.normal(0, 0.2, 400))


# By name: what draws it, the steps of a forecast, and the rows that are learned from.
GENERATED: Mapping[str, tuple[Callable[[np.random.Generator], Array], int, int]] = {
    "AR(2)": (autoregression, 6, 150),
    "trend and season": (trend_and_season, 12, 96),
    "random walk": (random_walk, 6, 200),
    "logistic map": (logistic_map, 1, 200),
    "noisy sine": (noisy_sine, 6, 200),
}
