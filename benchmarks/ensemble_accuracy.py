"""What a person who tunes nothing gets: AutoRegressor beside other packages' defaults on public tables, split by split.

    python -m benchmarks.ensemble_accuracy --splits 4
    python -m benchmarks.ensemble_accuracy --tables yacht,wine --ways standard,catboost --splits 20

The test rows of a split are seen once, when a finished fit is judged. RMSE in the unit of the target, mean and standard
error over the splits; seconds of a fit; of 90 % intervals the share of test targets inside, the mean width, and that of
plain CV+ from the same out-of-fold residuals, as other packages make it.
Everything runs with two threads, one fit after another.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.public_tables import NAMES, Split, split, splits
from benchmarks.record import installed, processor_name

RESULTS = Path(__file__).parent / "results" / "ensemble_accuracy.json"
THREADS, COVERAGE, WIDTH = 2, 0.9, 170
Array = np.ndarray


def auto_regressor(effort: str) -> Callable[[int], Any]:
    def make(seed: int) -> Any:
        from fitnet import AutoRegressor

        return AutoRegressor(effort, random_state=seed, n_jobs=THREADS)

    return make


def regressor(seed: int) -> Any:
    from fitnet import Regressor

    return Regressor(random_state=seed, n_threads=THREADS)


def catboost(seed: int) -> Any:
    from catboost import CatBoostRegressor

    return CatBoostRegressor(random_seed=seed, thread_count=THREADS, verbose=False, allow_writing_files=False)


def lightgbm(seed: int) -> Any:
    from lightgbm import LGBMRegressor

    return LGBMRegressor(random_state=seed, n_jobs=THREADS, verbose=-1)


def hist_gradient_boosting(seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor

    return HistGradientBoostingRegressor(random_state=seed)


def mlp_regressor(seed: int) -> Any:
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.neural_network import MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    network = make_pipeline(StandardScaler(), MLPRegressor(random_state=seed, max_iter=1000))
    return TransformedTargetRegressor(network, transformer=StandardScaler())


def realmlp(seed: int) -> Any:
    from pytabkit import RealMLP_TD_Regressor

    return RealMLP_TD_Regressor(random_state=seed, n_threads=THREADS, device="cpu")


def tabm(seed: int) -> Any:
    from pytabkit import TabM_D_Regressor

    return TabM_D_Regressor(random_state=seed, n_threads=THREADS, device="cpu")


WAYS: dict[str, Callable[[int], Any]] = {
    "fast": auto_regressor("fast"),
    "standard": auto_regressor("standard"),
    "thorough": auto_regressor("thorough"),
    "Regressor": regressor,
    "catboost": catboost,
    "lightgbm": lightgbm,
    "hist-gradient-boosting": hist_gradient_boosting,
    "mlp-regressor": mlp_regressor,
    "realmlp": realmlp,
    "tabm": tabm,
}
USUAL = ("fast", "standard", "Regressor", "catboost", "lightgbm", "hist-gradient-boosting", "mlp-regressor")


@dataclass(frozen=True)
class Judged:
    """One fit on one split; share and width of intervals are None where a way has none."""

    table: str
    split: int
    way: str
    rmse: float
    seconds: float
    inside: float | None = None
    width: float | None = None
    plain_width: float | None = None


def judged(way: str, rows: Split) -> Judged:
    """Fit to the split's rows, then see how far off the predictions for its test rows are."""
    estimator = WAYS[way](rows.number)
    began = perf_counter()
    estimator.fit(rows.X, rows.y)
    seconds = perf_counter() - began
    rmse = float(np.sqrt(np.mean((estimator.predict(rows.X_test) - rows.y_test) ** 2)))
    if not hasattr(estimator, "oof_prediction_"):
        return Judged(rows.table, rows.number, way, rmse, seconds)
    lower, upper = estimator.predict_interval(rows.X_test, COVERAGE).T
    inside = float(np.mean((lower <= rows.y_test) & (rows.y_test <= upper)))
    widths = float(np.mean(upper - lower)), plain_width(estimator, rows)
    return Judged(rows.table, rows.number, way, rmse, seconds, inside, *widths)


def plain_width(estimator: Any, rows: Split) -> float:
    """The mean width of CV+ by absolute residuals around the folds' own predictions (Barber et al. 2021, eq. 10)."""
    from fitnet import CrossConformal
    from fitnet.uncertainty.order_statistics import kept_ranks

    judged = np.isfinite(estimator.oof_prediction_)
    folds, residuals = estimator.folds_[judged], np.abs(rows.y - estimator.oof_prediction_)[judged]
    fold_rows = np.bincount(folds)
    by_fold = [np.sort(residuals[folds == fold])[kept_ranks(int(n)) - 1] for fold, n in enumerate(fold_rows)]
    plain = CrossConformal(np.concatenate(by_fold)[:, np.newaxis], fold_rows, [np.inf], np.array([True]))
    lower, upper = plain.interval(estimator.model_.fold_predictions(rows.X_test), COVERAGE)[:, 0].T
    return float(np.mean(upper - lower))


def mean_and_error(values: list[float]) -> str:
    """The mean, and its standard error where there are several."""
    error = f" +-{np.std(values, ddof=1) / np.sqrt(len(values)):.2g}" if len(values) > 1 else ""
    return f"{np.mean(values):.4g}{error}"


def table(done: list[Judged], names: list[str], ways: list[str]) -> Table:
    """A line a table: of every way the mean error and the seconds; of "standard" what its intervals hold."""
    shown = Table(title="Test RMSE, mean and its standard error (seconds a fit)", title_justify="left")
    for column in ("table", "splits", *ways, "inside 90 %", "width", "of CV+"):
        shown.add_column(column, justify="left" if column == "table" else "right")
    for name in names:
        cells, count = [], 0
        for way in ways:
            of = [each for each in done if (each.table, each.way) == (name, way)]
            count = max(count, len(of))
            seconds = np.mean([each.seconds for each in of]) if of else 0
            cells.append(f"{mean_and_error([each.rmse for each in of])} ({seconds:.2g})" if of else "")
        with_intervals = [each for each in done if each.table == name and each.way == "standard"]
        inside = [each.inside for each in with_intervals if each.inside is not None]
        widths = [(each.width, each.plain_width) for each in with_intervals if each.width is not None]
        shares = [f"{100 * np.mean(inside):.1f} %"] if inside else [""]
        ends = [*shares, *(f"{width:.3g}" for width in np.mean(widths, axis=0))] if widths else ["", "", ""]
        shown.add_row(name, str(count), *cells, *ends)
    return shown


def main() -> None:
    """Fit and judge; print the table, and keep every fit in a JSON file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", default=",".join(NAMES))
    parser.add_argument("--ways", default=",".join(USUAL), help=f"some of {', '.join(WAYS)}")
    parser.add_argument("--splits", type=int, default=4, help="the first so many; 20 are all, California has 3")
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    names, ways, done = given.tables.split(","), given.ways.split(","), []
    for name in names:
        for number in range(min(given.splits, splits(name))):
            rows = split(name, number)
            done += [judged(way, rows) for way in ways]
            contents = {
                "processor": processor_name(),
                "versions": {
                    each: installed(each) for each in ("fitnet", "numpy", "catboost", "lightgbm", "scikit-learn")
                },
                "fits": [asdict(each) for each in done],
            }
            given.out.write_text(json.dumps(contents, indent=1) + "\n")
    Console(width=WIDTH).print(table(done, names, ways))


if __name__ == "__main__":
    main()
