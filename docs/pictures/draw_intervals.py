"""The picture of docs/explanations/intervals.md: `.venv/bin/python docs/pictures/draw_intervals.py`, some seconds."""

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from scipy.stats import beta, norm

from fitnet import Regressor

matplotlib.use("Agg")
HERE = Path(__file__).parent
BLUE, ORANGE, GREEN, GREY = "#4477aa", "#e08a2e", "#3a9a78", "#6e7781"
WIDTH = 0.01  # of a histogram's bin
COVERAGE, DRAWS, NEW = 0.9, 400, 20_000


def measured(n: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """x (n, 1) and y (n,): noise that grows fourfold from left to right."""
    x = generator.uniform(0, 1, (n, 1))
    return x, truth(x) + spread(x) * generator.normal(size=n)


def truth(x: np.ndarray) -> np.ndarray:
    """The function without noise."""
    return np.sin(5 * x[:, 0])


def spread(x: np.ndarray) -> np.ndarray:
    """The noise's standard deviation."""
    return 0.1 + 0.3 * x[:, 0]


def chance(x: np.ndarray, ends: np.ndarray) -> float:
    """With which chance a new target lies between the ends (n, 2), on average over x."""
    below = norm.cdf((ends - truth(x)[:, np.newaxis]) / spread(x)[:, np.newaxis])
    return float(np.mean(below[:, 1] - below[:, 0]))


def fitted(generator: np.random.Generator) -> Regressor:
    """A small network, without error bars: residuals alone say how wide intervals are."""
    return Regressor((8,), "tanh", error_bars=False, max_epochs=100, random_state=0).fit(*measured(300, generator))


def draw_band(axes: Axes, regressor: Regressor, generator: np.random.Generator) -> None:
    """The intervals of one draw, and which share of new targets they hold by thirds of x."""
    regressor.conformalize(*measured(1000, generator))
    x, y = measured(NEW, generator)
    lower, upper = regressor.predict_interval(x, COVERAGE).T
    held = (lower < y) & (y < upper)
    grid = np.linspace(0, 1, 200)[:, np.newaxis]
    ends = regressor.predict_interval(grid, COVERAGE)
    axes.fill_between(grid[:, 0], *ends.T, color=BLUE, alpha=0.2, lw=0)
    axes.plot(grid, regressor.predict(grid), color=BLUE, lw=1.6)
    few = slice(0, 500)
    for which, colour in ((held[few], GREY), (~held[few], ORANGE)):
        axes.plot(x[few][which], y[few][which], ".", ms=3, color=colour)
    for third in range(3):
        inside = (x[:, 0] >= third / 3) & (x[:, 0] < (third + 1) / 3)
        axes.text((third + 0.5) / 3, 1.95, f"{100 * held[inside].mean():.0f} %", ha="center", color="#24292f")
        axes.axvline(third / 3, color="#d0d7de", lw=0.8, zorder=0)
    axes.set(xlim=(0, 1), ylim=(-2.1, 2.3), xlabel="x", ylabel="y")
    axes.set_title(f"One draw: {100 * held.mean():.1f} % of all new targets, not of each third", fontsize=9.5)


def draw_draws(axes: Axes, regressor: Regressor, generator: np.random.Generator) -> None:
    """The coverage of many draws of n rows each, and what theory says of it."""
    x = np.linspace(0, 1, 1001)[:, np.newaxis]
    share = np.linspace(0.6, 1, 400)
    for n, colour in ((19, ORANGE), (99, GREEN), (999, BLUE)):
        found = [
            chance(x, regressor.conformalize(*measured(n, generator)).predict_interval(x, COVERAGE))
            for _ in range(DRAWS)
        ]
        k = int(np.ceil((n + 1) * COVERAGE - 1e-9))
        density = beta.pdf(share, k, n + 1 - k)
        weights = np.full(DRAWS, 1 / (DRAWS * WIDTH * density.max()))
        axes.hist(found, bins=np.arange(0.6, 1 + WIDTH / 2, WIDTH), weights=weights, color=colour, alpha=0.25)
        axes.plot(share, density / density.max(), color=colour, lw=1.5, label=f"{n} rows")
    axes.axvline(COVERAGE, color=GREY, lw=0.8)
    axes.set(xlim=(0.6, 1), ylim=(0, 1.4), xlabel="share of new targets inside", yticks=[])
    axes.set_title(f"{DRAWS} draws for each number of rows; lines: theory", fontsize=9.5)
    axes.legend(frameon=False, loc="upper left", title="kept out of the fit")


def main() -> None:
    """Both panels, side by side."""
    import matplotlib.pyplot as plt

    plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    generator = np.random.default_rng(0)
    regressor = fitted(generator)
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.6, 3.5), layout="constrained")
    draw_band(left, regressor, generator)
    draw_draws(right, regressor, generator)
    figure.savefig(HERE / "intervals-promise.png", dpi=130)


if __name__ == "__main__":
    main()
