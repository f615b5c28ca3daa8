"""A small ensemble's fit that may be cut short at any moment: `python kept_ensemble.py folder` goes on from there."""

import sys
from pathlib import Path

import numpy as np

from fitnet.engine.compute import Compute
from fitnet.fitting.bins import Bins
from fitnet.fitting.candidate import network
from fitnet.fitting.candidates import baselines
from fitnet.fitting.ensemble_fit import fit_ensemble
from fitnet.fitting.ensemble_run import EnsembleRun
from fitnet.fitting.plans import Plan
from fitnet.fitting.training_rows import TrainingRows

QUICK = network("quick", "silu", (8,), epochs=20)
ENCODED = network("encoded", "relu", (8,), Bins("targets", 6), epochs=20)
CANDIDATES = (*baselines(2), QUICK, ENCODED)  # in float64 and in float32, plain and encoded
FOLDS = 4
MEMBERS = len(CANDIDATES) * (FOLDS + 1)  # a twin each
COMPUTE = Compute("auto", 1)
X = np.random.default_rng(1).uniform(-1, 1, (120, 2))
ROWS = TrainingRows(X, (np.sin(3 * X[:, :1]) + X[:, 1:]) * [1, 100])


class BreakdownError(Exception):
    """What a fit breaks off with."""


def breaks_off(after):
    """What is told of members; after so many the program fails."""
    left = iter(range(after - 1, -1, -1))

    def done(*_):
        if next(left) == 0:
            raise BreakdownError

    return done


def kept_fit(
    checkpoint=None,
    resume=True,
    rows=ROWS,
    candidates=CANDIDATES,
    seed=0,
    compute=COMPUTE,
    groups=None,
    n_jobs=1,
    done=lambda *_: None,
):
    """That fit, kept in the folder if there is one."""
    generator = seed if isinstance(seed, np.random.Generator) else np.random.default_rng(seed)
    plan, resume = Plan(candidates, FOLDS, FOLDS, best=3), resume and checkpoint is not None
    return fit_ensemble(rows, EnsembleRun(plan, generator, compute, n_jobs, done, groups, None, checkpoint, resume))


def cut_short(folder, after, **arguments):
    """Fit until the program fails after so many members."""
    try:
        kept_fit(folder, done=breaks_off(after), **arguments)
    except BreakdownError:
        return
    raise AssertionError("it did not break off")


def outcome(fitted, folder):
    """All that a fit gives, as bytes, but for the seconds."""
    path = Path(folder) / "outcome.fitnet"
    fitted.ensemble.save(path)
    lines = [(line.recipe, line.error, line.weight) for line in fitted.leaderboard]
    return path.read_bytes(), fitted.oof_prediction.tobytes(), fitted.folds.tobytes(), lines, fitted.stopped


def seconds(fitted):
    """Of the candidates by their names."""
    return {line.recipe: line.seconds for line in fitted.leaderboard}


if __name__ == "__main__":
    kept_fit(Path(sys.argv[1]))
