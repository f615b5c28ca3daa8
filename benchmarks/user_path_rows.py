"""The rows of the table between the engine and the user, and what is asked of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from benchmarks.workloads import FULL_BATCH_ROWS, SMALL, Workload

BARE, BY_HAND, JAX = "bare engine", "NumPy and LAPACK", "JAX"


@dataclass(frozen=True)
class Asked:
    """That `way` takes at most `most`, or that many times what `than` takes; or is at least `faster` times as fast."""

    way: str
    than: str = ""
    most: float | None = None
    faster: float | None = None


@dataclass(frozen=True)
class Row:
    """One kind of work, done in several ways.

    Parameters
    ----------
    key
        On the command line; with underscores the function of user_path_ways.py that gives the ways.
    measured
        An epoch of a training, as the difference of a long and a short one, or a call; "file" is large_data.py's.
    unit, in_unit
        Of the figures, and how many microseconds it has; for steps an epoch's microseconds are that many units.
    threads
        Each is measured in a process of its own; where there are several, the ways are told apart by them.
    jax
        The workload that peer_jax.py does beside it.
    fact
        Which of large_data.py's facts it shows.
    """

    key: str
    title: str
    measured: Literal["epoch", "call", "file"]
    unit: str
    asked: tuple[Asked, ...]
    in_unit: float = 1.0
    threads: tuple[int, ...] = (2,)
    jax: str = ""
    fact: str = ""

    def named(self, way: str, threads: int) -> str:
        """The way, with its threads where they tell it from another."""
        return way if len(self.threads) == 1 else with_threads(way, threads)


def with_threads(way: str, threads: int) -> str:
    return f"{way}, {threads} thread{'s' if threads > 1 else ''}"


FIT, STD, COMMAND = "Regressor.fit", "predict(return_std=True)", "fitnet fit"
LARGE_FILE = "10^7 rows x 8 columns of Parquet"

ROWS = {
    row.key: row
    for row in (
        Row(
            "full-batch",
            "3-64-64-1, full batch of 3,000",
            "epoch",
            "us a step",
            (Asked(FIT, BARE, most=1.05), Asked(FIT, JAX, faster=2.2)),
            jax=Workload("train", SMALL, FULL_BATCH_ROWS, FULL_BATCH_ROWS).name,
        ),
        Row(
            "early-stopping",
            "3-64-64-1, batch 256, early_stopping=True",
            "epoch",
            "us a step",
            (Asked(FIT, BARE, most=1.15), Asked(FIT, JAX, faster=2.3)),
            in_unit=32,  # steps an epoch
            jax=Workload("train", SMALL, 8192, 256).name,
        ),
        Row(
            "few-rows",
            "3-64-64-1, 60 rows",
            "epoch",
            "us an epoch",
            (Asked(f"{FIT}, tol=0.0", most=30), Asked(f"{FIT}, a callback", most=30)),
        ),
        Row("wide", "8-512-512-1, full batch", "epoch", "us a step", (Asked("fitnet.train", BARE, most=1.02),)),
        Row(
            "one-row",
            "one row, float64, scalings included",
            "call",
            "us a call",
            (Asked("model_.predict", most=1.2), Asked("model_.predict, out=", most=0.8)),
            threads=(1,),
        ),
        Row(
            "one-row-jacobian",
            "one row's derivatives",
            "call",
            "us a call",
            (Asked("model_.jacobian", most=2.5),),
            threads=(1,),
        ),
        Row(
            "error-bars",
            "error bars, 10,000 rows, P = 1,217",
            "call",
            "ms a call",
            (
                Asked(with_threads(STD, 2), with_threads(BY_HAND, 2), faster=5),
                Asked(with_threads(STD, 2), with_threads(STD, 1), faster=1.8),
            ),
            in_unit=1e3,
            threads=(1, 2),
        ),
        *(
            Row(
                key,
                f"two fits, n_threads=1, {n} rows",
                "epoch",
                "us an epoch",
                (Asked("in two threads", "one after the other", faster=1.9),),
                threads=(1,),
            )
            for key, n in (("two-fits", "1,000"), ("two-large-fits", "8,000"))
        ),
        Row("large-file", LARGE_FILE, "file", "s", (Asked(f"{COMMAND}, one epoch", most=20),), fact="fit_seconds"),
        Row("memory", LARGE_FILE, "file", "MB", (Asked(f"{COMMAND}, memory", most=300),), fact="peak_megabytes"),
    )
}


def selected(keys: Iterable[str]) -> list[Row]:
    """The rows of those keys, or all."""
    wanted = list(keys)
    return [row for key, row in ROWS.items() if not wanted or key in wanted]
