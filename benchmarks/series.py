"""Series: forecasts of known and generated ones, beside naive forecasts, least squares and skforecast.

    python -m benchmarks.series --quick
    python -m benchmarks.series --work airline --seeds 3 --out somewhere.json

Every way is fitted to the same first rows and forecasts the same last ones, `Forecaster.backtest` by rolling origins.
"""

import argparse
import json
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LinearRegression

from benchmarks.series_data import GENERATED, airline, mackey_glass, narma_floor, narma_series, sunspots
from benchmarks.series_ways import WAYS, smooth
from fitnet import Forecaster
from fitnet.arguments import Array

WIDTH = 150
NARMA_ROWS = 2000  # to learn from, and as many to judge by


@dataclass(frozen=True, eq=False)
class Work:
    """A series and what is asked of its forecasts.

    Attributes
    ----------
    y, exog, times, initial, step, refit
        As `Forecaster.backtest` takes them.
    horizon
        Steps from each origin.
    measure, asked
        What errors are called, and at most how large they are to be.
    unit
        The measure is the root of the mean squared error divided by this, or with `squared` that mean by it.
    season, note
        Of the seasonal naive forecast; and what else is to be known.
    """

    y: Array
    initial: int
    measure: str
    asked: float
    horizon: int = 1
    exog: Array | None = None
    times: Array | None = None
    step: int = 1
    refit: bool = False
    unit: float = 1.0
    squared: bool = False
    season: int | None = None
    note: str = ""

    def error(self, forecasts: Array) -> float:
        """Of forecasts (origins, steps)."""
        origins = np.arange(self.initial, len(self.y) - self.horizon + 1, self.step)
        actual = self.y[origins[:, np.newaxis] + np.arange(self.horizon)]
        mean = float(np.mean((forecasts - actual) ** 2))
        return mean / self.unit if self.squared else mean**0.5 / self.unit


@dataclass(frozen=True)
class Outcome:
    """The error of one way with one seed, and the seconds it took."""

    work: str
    way: str
    seed: int
    error: float
    seconds: float


SKFORECAST = {"skforecast, network": 1, "skforecast, network, no difference": None}


def works(quick: bool) -> Iterator[tuple[str, Callable[[int], Work]]]:
    """By name: the work for a seed, which draws the series where that is random."""
    rows = 300 if quick else NARMA_ROWS
    floor = narma_floor(20, np.random.default_rng(0), 300 if quick else 3000)

    def of_narma(seed: int) -> Work:
        y, u = narma_series(2 * rows, np.random.default_rng(seed))
        note = f"20 inputs alone leave at least {floor:.3f} open"
        return Work(y, rows, "NRMSE", 0.10, exog=u, unit=float(y[rows:].std()), note=note)

    yield "narma, 20 lags of u", of_narma
    yield "narma, 10 of u and y", of_narma
    chaos = mackey_glass(1124)[100:]
    yield "mackey-glass", lambda seed: Work(chaos, 524, "RMSE", 0.0015)
    try:
        numbers, years = sunspots()
    except ImportError:
        print("sunspots are left out: statsmodels, which ships them, is not installed.")
    else:
        variance = float(numbers[years <= 1979].var())
        y = numbers[years <= 1955]
        yield "sunspots", lambda seed: Work(y, 221, "ARV", 0.10, unit=variance, squared=True)
    passengers, months = airline()
    seasonal = float(np.sqrt(np.mean((passengers[120:] - passengers[108:132]) ** 2)))
    yield (
        "airline",
        lambda seed: Work(passengers, 120, "RMSE", seasonal, 12, times=months, step=12, refit=True, season=12),
    )
    for name, (make, horizon, initial) in GENERATED.items():
        yield name, of_generated(make, horizon, initial)


def of_generated(make: Callable[[np.random.Generator], Array], horizon: int, initial: int) -> Callable[[int], Work]:
    """The work for a seed of a series that is drawn: at least as good as the last value."""

    def work(seed: int) -> Work:
        y = make(np.random.default_rng(seed))
        origins = np.arange(initial, len(y) - horizon + 1)
        last = y[origins[:, np.newaxis] + np.arange(horizon)] - y[origins - 1][:, np.newaxis]
        return Work(y, initial, "RMSE by the last value's", 1.0, horizon, unit=float(np.sqrt(np.mean(last**2))))

    return work


def naive(name: str, work: Work) -> Iterator[Outcome]:
    """The last value, and that of a season ago."""
    forecaster = Forecaster(LinearRegression(), 1, work.horizon, backtests=0, season=work.season)
    found = forecaster.backtest(work.y, initial=work.initial, step=work.step)
    yield Outcome(name, "naive", 0, work.error(found.naive), 0.0)
    if found.seasonal_naive is not None:
        yield Outcome(name, "seasonal naive", 0, work.error(found.seasonal_naive), 0.0)


def fitnets(name: str, way: str, seed: int, work: Work) -> Outcome:
    """One way of fitnet's."""
    make, settings = WAYS[name][way]
    forecaster = Forecaster(make(seed), horizon=work.horizon, backtests=0, **settings)
    began = perf_counter()
    found = forecaster.backtest(work.y, work.exog, work.times, initial=work.initial, step=work.step, refit=work.refit)
    return Outcome(name, way, seed, work.error(found.forecasts), perf_counter() - began)


def skforecasts(way: str, seed: int, work: Work) -> Outcome:
    """skforecast with the same network and lags, one network a step, fitted again before each origin."""
    import pandas as pd
    from skforecast.direct import ForecasterDirect

    series = pd.Series(work.y, pd.DatetimeIndex(work.times, freq="MS"))
    began = perf_counter()
    forecasts = []
    for origin in range(work.initial, len(work.y) - work.horizon + 1, work.step):
        forecaster = ForecasterDirect(
            steps=work.horizon, estimator=smooth(seed), lags=12, differentiation=SKFORECAST[way], n_jobs=1
        )
        forecaster.fit(series.iloc[:origin])
        forecasts.append(forecaster.predict().to_numpy())
    return Outcome("airline", way, seed, work.error(np.array(forecasts)), perf_counter() - began)


def outcomes(name: str, make: Callable[[int], Work], seeds: int) -> Iterator[Outcome]:
    """All ways with all seeds, as they are done."""
    yield from naive(name, make(0))
    for way in WAYS[name]:
        drawn = "narma" in name or name in GENERATED
        for seed in range(1 if way == "least squares" and not drawn else seeds):
            yield fitnets(name, way, seed, make(seed))
    if name == "airline":
        try:
            import skforecast  # noqa: F401
        except ImportError:
            print("skforecast is not installed.")
            return
        for way in SKFORECAST:
            yield from (skforecasts(way, seed, make(seed)) for seed in range(seeds))


def table(done: Sequence[Outcome], work: Mapping[str, Work]) -> Table:
    """A line a way: the median error over the seeds, the lowest and the highest, and seconds."""
    shown = Table(title="Errors of forecasts: median over seeds (lowest to highest)", title_justify="left")
    for column in ("series", "way", "measure", "asked", "error", "", "seconds", "seeds", "reached"):
        shown.add_column(column, justify="left" if column in ("series", "way", "measure") else "right")
    for name, way in dict.fromkeys((each.work, each.way) for each in done):
        of = [each for each in done if (each.work, each.way) == (name, way)]
        errors, asked = [each.error for each in of], work[name].asked
        middle = float(np.median(errors))
        seconds = f"{np.median([each.seconds for each in of]):.1f}"
        spread = f"{min(errors):.4g} to {max(errors):.4g}" if len(errors) > 1 else ""
        reached = "yes" if middle <= asked else "no"
        shown.add_row(
            name, way, work[name].measure, f"{asked:.4g}", f"{middle:.4g}", spread, seconds, str(len(of)), reached
        )
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one seed and short series, to see that everything runs")
    parser.add_argument("--work", help="only the series whose names begin so")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--out", type=Path, help="a JSON file for every outcome")
    given = parser.parse_args()
    warnings.simplefilter("ignore")  # of trainings that could go on; all ways are alike in that
    done: list[Outcome] = []
    first: dict[str, Work] = {}
    for name, make in works(given.quick):
        if given.work is None or name.startswith(given.work):
            first[name] = make(0)
            done += outcomes(name, make, 1 if given.quick else given.seeds)
            print(f"{name} is done. {first[name].note}", flush=True)
    if given.out is not None:
        given.out.write_text(json.dumps([asdict(outcome) for outcome in done], indent=1) + "\n")
    Console(width=WIDTH).print(table(done, first))


if __name__ == "__main__":
    main()
