"""The picture of docs/explanations/intervals.md: `.venv/bin/python docs/pictures/draw_intervals.py`, some seconds."""

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from scipy.stats import beta

from fitnet import Regressor

matplotlib.use("Agg")
HERE = Path(__file__).parent
BLUE, ORANGE, GREEN, GREY = "#4477aa", "#e08a2e", "#3a9a78", "#6e7781"
COVERAGE, DRAWS, NEW = 0.9, 400, 20_000


def measured(n: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """x (n, 1) and y (n,): noise that grows fourfold from left to right."""
    x = generator.uniform(0, 1, (n, 1))
    return x, np.sin(5 * x[:, 0]) + (0.1 + 0.3 * x[:, 0]) * generator.normal(size=n)


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
    x, y = measured(NEW, generator)
    share = np.linspace(0.6, 1, 400)
    for n, colour in ((19, ORANGE), (99, GREEN), (999, BLUE)):
        found = []
        for _ in range(DRAWS):
            lower, upper = regressor.conformalize(*measured(n, generator)).predict_interval(x, COVERAGE).T
            found.append(np.mean((lower < y) & (y < upper)))
        axes.hist(found, bins=np.linspace(0.6, 1, 81), density=True, color=colour, alpha=0.25)
        k = int(np.ceil((n + 1) * COVERAGE - 1e-9))
        axes.plot(share, beta.pdf(share, k, n + 1 - k), color=colour, lw=1.5, label=f"{n} rows")
    axes.axvline(COVERAGE, color=GREY, lw=0.8)
    axes.set(xlim=(0.6, 1), ylim=(0, 22), xlabel="share of new targets inside", yticks=[])
    axes.set_title(f"{DRAWS} draws of the rows kept out, each; lines: theory", fontsize=9.5)
    axes.text(0.893, 20.4, "999 rows: up to 42", fontsize=8, color=BLUE, ha="right")
    axes.legend(frameon=False, loc="upper left", title="given to conformalize")


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
