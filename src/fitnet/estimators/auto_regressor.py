"""`AutoRegressor`: the ensemble that chooses itself, as a scikit-learn estimator.

Shapes: X (n, p); y (n,) or (n, m), and predictions as y was; sample_weight, groups and time (n,) or None.
"""

from dataclasses import replace
from typing import Any, Self

from fitnet.arguments import Array, one_of, true_or_false
from fitnet.engine.threads import thread_count
from fitnet.estimators.ensemble_settings import effort_and_compute, enough
from fitnet.estimators.network_regressor import NetworkRegressor
from fitnet.estimators.outside_rows import answers, dense_rows, predictions
from fitnet.estimators.random_state import random_generator
from fitnet.estimators.row_groups import groups_and_times
from fitnet.fitting.dask_workers import placement_on
from fitnet.fitting.ensemble_fit import Standing, fit_ensemble
from fitnet.fitting.ensemble_progress import EnsembleProgress
from fitnet.fitting.ensemble_run import EnsembleRun
from fitnet.fitting.plans import plan_for
from fitnet.fitting.provenance import provenance
from fitnet.fitting.repeated_rows import warn_of_copies
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.ensemble import Ensemble
from fitnet.uncertainty.outside_rows import OUTSIDE

LOGS = ("auto", "log")


class AutoRegressor(NetworkRegressor):
    """An ensemble of networks for a table, with nothing to tune: y = f(x) from rows, and how sure it is.

    The rows are dealt into folds. Of several recipes, networks of different shapes, activations and encodings of the
    columns, and least squares among them, one member is trained for every fold, watched on the fold that it does not
    see. Recipes that fall far behind on the first folds are left out. What the members predict for rows they did not
    see decides which recipes count for how much, how wrong the ensemble may be, and how wide its intervals are. The
    same data, settings and `random_state` give the same ensemble, bit for bit, whatever `n_jobs` is.

    Parameters
    ----------
    effort
        "fast", "standard" or "thorough": how many recipes are tried, over how many folds and for how many steps.
        Counted in steps, so that no clock decides.
    smooth
        Keep to recipes whose derivatives have no jumps: no relu and no encodings. For emulators.
    target_transform
        "auto" also tries recipes that learn the logarithm where all targets are above 0 and span a factor of ten;
        None does not; "log" tries these alone.
    missing
        Missing values, NaN: "refuse" them, "drop" training rows with one, or "impute" the median of the training rows.
    random_state
        A whole number, a numpy.random.Generator or RandomState, or None for a new result each time.
    outside
        Of predictions for rows clearly outside the training rows, which are guesses (docs/explanations/uncertainty.md):
        "warn" of them, "raise" an error, give "nan" in their place, or "ignore" it.
    verbose
        True or a number above 0 shows a progress bar where standard error is a terminal.
    n_jobs
        Members trained side by side; None or -1 takes FITNET_NUM_THREADS, or else the cores it may use. Within
        `joblib.parallel_config` its backend places them.
    checkpoint
        A folder in which every member is kept once it is made; `fit(..., resume=True)` goes on from there.
    engine
        "auto", "native" or "reference".

    Attributes
    ----------
    model_
        The `Ensemble`: predicts without scikit-learn, and is saved with `model_.save(path)`.
    leaderboard_
        A line for each recipe that was trained to the end, the best first: recipe, error (root mean square, out of
        fold), weight (its share of the ensemble) and seconds.
    oof_prediction_
        As y was: predictions for the training rows by members that did not see them; NaN where no member was kept from
        a row, which with very many rows most are.
    folds_
        (n,): the fold of each row. Rows that were dropped or weigh nothing are in neither.
    stopped_
        "finished" or "interrupted".
    n_features_in_, feature_names_in_
        p, and the columns' names where X had them.

    Examples
    --------
    >>> import numpy as np
    >>> from fitnet import AutoRegressor
    >>> X = np.random.default_rng(0).uniform(-1, 1, (200, 2))
    >>> regressor = AutoRegressor("fast", random_state=0).fit(X, np.sin(3 * X[:, 0]) * X[:, 1])
    >>> bool(regressor.score(X, np.sin(3 * X[:, 0]) * X[:, 1]) > 0.97)
    True
    """

    model_: Ensemble  # type: ignore[assignment]
    leaderboard_: tuple[Standing, ...]
    warm_start = False
    _takes_text = True
    loss = "squared_error"

    def __init__(
        self,
        effort: str = "standard",
        *,
        smooth: bool = False,
        target_transform: str | None = "auto",
        missing: str = "refuse",
        random_state: Any = None,
        outside: str = "warn",
        verbose: bool | int = False,
        n_jobs: int | None = None,
        checkpoint: Any = None,
        engine: str = "auto",
    ) -> None:
        self.effort = effort
        self.smooth = smooth
        self.target_transform = target_transform
        self.missing = missing
        self.random_state = random_state
        self.outside = outside
        self.verbose = verbose
        self.n_jobs = n_jobs
        self.checkpoint = checkpoint
        self.engine = engine

    @classmethod
    def _parameters_of_one(cls) -> tuple[str, list[str]]:
        from fitnet.estimators.regressor import Regressor

        return Regressor.__name__, Regressor._get_param_names()

    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        groups: Any = None,
        time: Any = None,
        *,
        resume: bool = False,
        client: Any = None,
    ) -> Self:
        """Train on the rows of X (n, p) and y (n,) or (n, m).

        Parameters
        ----------
        X, y, sample_weight
            As for `Regressor.fit`, but all rows are held in memory, and text in a table's columns is taken as words:
            each of at most 100 levels becomes an input.
        groups
            (n,), anything that can be sorted: rows of the same group, such as repeated measurements of one sample, are
            kept from a member together.
        time
            (n,), numbers or dates: folds are blocks of consecutive times in place of random rows, so that errors out of
            fold and intervals do not profit from rows measured just before or after. Not together with `groups`.
        resume
            Take the members in the checkpoint, if there are any, as if the fit had never been interrupted.
        client
            A `distributed.Client`, whose workers train the members in place of threads, one on each of theirs whatever
            `n_jobs` is, and may die (docs/how-to/scale.md).

        Raises
        ------
        ArgumentValueError, ArgumentTypeError, ValueError, TypeError
            For settings or data that cannot be used; the sentence names what.
        """
        effort, compute = effort_and_compute(self)
        one_of("outside", self.outside, OUTSIDE)
        smooth = true_or_false("smooth", self.smooth)
        transform = None if self.target_transform is None else one_of("target_transform", self.target_transform, LOGS)
        rows = enough(self._rows(X, y, sample_weight, reset=True), "Regressor(activation='tanh')")
        groups, times = groups_and_times(groups, time, rows, self)
        generator = random_generator(self.random_state)
        if groups is None and times is None:
            warn_of_copies(rows)
        plan = plan_for(rows, effort, smooth, transform)
        told = groups, times, self.checkpoint, resume
        with EnsembleProgress(plan, bool(self.verbose)) as progress:
            placed = placement_on(client, thread_count(compute.n_threads))
            run = EnsembleRun(plan, generator, compute, placed, progress.show, *told)
            fitted = fit_ensemble(rows, run)
        self._keep(rows, fitted)
        return self

    def predict(self, X: Any, return_std: bool = False) -> Any:  # type: ignore[override]
        """The targets for the rows of X (n, p): (n,) or (n, m), as y was; the columns of a frame are found by name.

        With `return_std` a pair: the targets, and the standard deviation of a new target from them, from the errors out
        of fold, shaped as they are.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError, ValueError, TypeError
            For rows that cannot be used; the sentence names what.
        """
        return predictions(self, X, true_or_false("return_std", return_std))

    def predict_interval(self, X: Any, coverage: Any = 0.9) -> Array:  # type: ignore[override]
        """The ends of intervals that are to hold this share of new targets: (n, 2), or (n, m, 2) where y had columns.

        They come from the errors out of fold: of new rows like those in training they hold this share on average over
        all rows, not at each. A sequence of c coverages adds a last axis: (n, 2, c) or (n, m, 2, c).

        Raises
        ------
        ArgumentValueError, ArgumentTypeError, ValueError, TypeError
            For rows or a coverage that cannot be used, or one that needs more rows than there were in training.
        """
        return answers(self, X, lambda rows: self.model_.predict_interval(rows, coverage))

    def predict_quantiles(self, X: Any, probabilities: Any) -> Array:  # type: ignore[override]
        """The q quantiles of new targets: (n, q), or (n, m, q) where y had columns; rising `probabilities` in (0, 1).

        Errors are `predict_interval`'s.
        """
        return answers(self, X, lambda rows: self.model_.predict_quantiles(rows, probabilities))

    def domain_score(self, X: Any) -> Array:
        """(n,): how far outside the training rows each row lies; at most 1 for about 99 in 100 rows like them."""
        rows = dense_rows(self, X)
        return self.model_.domain_score(rows)

    @property
    def target_transform_(self) -> None:
        """None: members may have transforms, their mean has none."""

    def _keep(self, rows: TrainingRows, fitted: Any) -> None:
        settings = {name: value for name, value in self.get_params(deep=False).items() if name != "checkpoint"}
        self.model_ = replace(
            fitted.ensemble,
            members=[
                replace(member, input_names=getattr(self, "feature_names_in_", ()), output_names=self._target_names)
                for member in fitted.ensemble.members
            ],
            provenance=provenance(rows, self.random_state, settings, None),
        )
        self.leaderboard_ = fitted.leaderboard
        self.oof_prediction_ = self._as_given(fitted.oof_prediction, False)
        self.folds_ = fitted.folds
        self.stopped_ = fitted.stopped
