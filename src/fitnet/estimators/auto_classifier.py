"""`AutoClassifier`: the ensemble that chooses itself, for classes, as a scikit-learn estimator.

Shapes: X (n, p); y (n,) labels of K classes; sample_weight and groups (n,) or None; probabilities and sets (n, K).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Self

import numpy as np

from fitnet.arguments import Array, one_of
from fitnet.engine.threads import thread_count
from fitnet.estimators.ensemble_settings import effort_and_compute, enough
from fitnet.estimators.labels import checked_class_weight, classes_in, codes_of, given_labels, plain_labels
from fitnet.estimators.network_classifier import NetworkClassifier
from fitnet.estimators.outside_rows import dense_rows, judged, rows_given
from fitnet.estimators.random_state import random_generator
from fitnet.estimators.row_groups import groups_and_times
from fitnet.estimators.rows_of_classes import rows_of_classes
from fitnet.fitting.class_ensemble import FittedClasses, fit_classes
from fitnet.fitting.class_plans import class_plan
from fitnet.fitting.dask_workers import placement_on
from fitnet.fitting.ensemble_fit import Standing
from fitnet.fitting.ensemble_progress import EnsembleProgress
from fitnet.fitting.ensemble_run import EnsembleRun
from fitnet.fitting.provenance import provenance
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.ensemble import Ensemble
from fitnet.model.new_classes import sets_among
from fitnet.model.stored_rows import predict_rows
from fitnet.rows import RowSource

OUTSIDE_OF_CLASSES = ("warn", "raise", "ignore")  # no label says that there is none


class AutoClassifier(NetworkClassifier):
    """An ensemble of networks that learns classes from a table, with nothing to tune, and how probable they are.

    The rows are dealt into folds, of every class its share. Of several recipes, networks of different shapes,
    activations and penalties, and logistic regressions among them, two members are trained for every fold, on the other
    folds. Recipes that fall far behind on the first folds are left out. The log loss of what the members say of rows
    they did not see decides which recipes count for how much, and how sure the ensemble is: all logits are divided by
    one temperature. The same data, settings and `random_state` give the same ensemble, bit for bit, whatever `n_jobs`
    is.

    Parameters
    ----------
    effort
        "fast", "standard" or "thorough": how many recipes are tried, over how many folds and for how many steps.
    class_weight
        None, "balanced" or a dict from labels to weights, as of `Classifier`.
    outside
        Of predictions for rows clearly outside the training rows, which are guesses (docs/explanations/uncertainty.md):
        "warn" of them, "raise" an error, or "ignore" it.
    missing, random_state, verbose, n_jobs, checkpoint, engine
        As of `AutoRegressor`.

    Attributes
    ----------
    classes_
        (K,): the labels, in order.
    model_
        The `Ensemble`, whose outputs are the mean of its members' probabilities.
    temperature_
        By which logits were divided: above 1 where members were too sure.
    leaderboard_
        A line for each recipe that was trained to the end, the best first: recipe, error (log loss, out of fold, before
        the temperature), weight (its share of the ensemble) and seconds.
    oof_probability_
        (n, K): probabilities of the training rows by members that did not see them; NaN where no member was kept from
        a row, which with very many rows most are.
    folds_
        (n,): the fold of each row. Rows that were dropped or weigh nothing are in neither.
    stopped_
        "finished" or "interrupted".
    n_features_in_, feature_names_in_
        p, and the columns' names where X had them.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from fitnet import AutoClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> classifier = AutoClassifier("fast", random_state=0).fit(X, y)
    >>> bool(classifier.score(X, y) > 0.95)
    True
    >>> classifier.predict_set(X, coverage=0.9).shape
    (150, 3)
    """

    model_: Ensemble  # type: ignore[assignment]
    leaderboard_: tuple[Standing, ...]
    warm_start = False
    _takes_text = True

    def __init__(
        self,
        effort: str = "standard",
        *,
        class_weight: Mapping[Any, float] | str | None = None,
        missing: str = "refuse",
        random_state: Any = None,
        outside: str = "warn",
        verbose: bool | int = False,
        n_jobs: int | None = None,
        checkpoint: Any = None,
        engine: str = "auto",
    ) -> None:
        self.effort = effort
        self.class_weight = class_weight
        self.missing = missing
        self.random_state = random_state
        self.outside = outside
        self.verbose = verbose
        self.n_jobs = n_jobs
        self.checkpoint = checkpoint
        self.engine = engine

    @classmethod
    def _parameters_of_one(cls) -> tuple[str, list[str]]:
        from fitnet.estimators.classifier import Classifier

        return Classifier.__name__, Classifier._get_param_names()

    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        groups: Any = None,
        *,
        resume: bool = False,
        client: Any = None,
    ) -> Self:
        """Train on the rows of X (n, p) and their labels y (n,), of at least two classes.

        Parameters
        ----------
        X, y, sample_weight
            As for `Classifier.fit`, but all rows are held in memory, and text in a table's columns is taken as words.
        groups
            (n,), anything that can be sorted: rows of the same group are kept from a member together.
        resume
            Take the members in the checkpoint, if there are any, as if the fit had never been interrupted.
        client
            As of `AutoRegressor.fit`.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError, ValueError, TypeError
            For settings or data that cannot be used; the sentence names what.
        """
        effort, compute = effort_and_compute(self)
        checked_class_weight(self.class_weight)
        one_of("outside", self.outside, OUTSIDE_OF_CLASSES)
        labels, there = given_labels(self, "y", y, self.missing != "refuse")
        classes = classes_in("y", labels[there])
        codes = codes_of("y", labels, there, classes)
        rows = rows_of_classes(self, X, codes, classes, sample_weight, reset=True, whole=True)
        rows = enough(rows, "Classifier()")
        groups, _ = groups_and_times(groups, None, rows, self)
        generator, plan, plain = random_generator(self.random_state), class_plan(rows, effort), plain_labels(classes)
        told = groups, None, self.checkpoint, resume
        with EnsembleProgress(plan, bool(self.verbose), of_classes=True) as progress:
            placed = placement_on(client, thread_count(compute.n_threads))
            run = EnsembleRun(plan, generator, compute, placed, progress.show, *told)
            fitted = fit_classes(rows, plain, run)
        self._keep(rows, classes, fitted)
        return self

    def predict_set(self, X: Any, coverage: float = 0.9, *, never_empty: bool = False) -> Array:
        """Which classes each row of X (n, p) may have: bool, (n, K) in the order of `classes_`.

        Of new rows like those in training this share has its class in its set, on average over all rows, not at each;
        the sets are the smallest that do (Sadinle, Lei and Wasserman 2019). They come from what members said of rows
        they did not see, counted once each whatever they weigh. Where more rows than asked for are told right, the
        sets of rows that are least like any class are empty; with `never_empty` they hold the likeliest class, and then
        more rows than asked for have theirs.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError, ValueError, TypeError
            For rows or a coverage that cannot be used, or one that needs more rows than there were in training.
        """
        probabilities = self.predict_proba(X)
        return sets_among(self.model_, probabilities, coverage, never_empty)

    def domain_score(self, X: Any) -> Array:
        """(n,): how far outside the training rows each row lies; at most 1 for about 99 in 100 rows like them."""
        rows = dense_rows(self, X)
        return self.model_.domain_score(rows)

    def _outputs(self, model: Any, X: Any) -> Array:
        """As of other classifiers; of rows outside the training rows it warns, or refuses them."""
        rows, _ = rows_given(self, X)
        judged(self, rows, OUTSIDE_OF_CLASSES)
        outputs = predict_rows(model, rows, False) if isinstance(rows, RowSource) else model.predict(rows)
        assert isinstance(outputs, np.ndarray)
        return outputs

    def _keep(self, rows: TrainingRows, classes: Array, fitted: FittedClasses) -> None:
        """Take what was fitted for this estimator's own."""
        settings = {name: value for name, value in self.get_params(deep=False).items() if name != "checkpoint"}
        names = getattr(self, "feature_names_in_", ())
        self.classes_ = classes
        self.model_ = replace(
            fitted.ensemble,
            members=[replace(member, input_names=names) for member in fitted.ensemble.members],
            provenance=provenance(rows, self.random_state, settings, None),
        )
        self.temperature_ = fitted.temperature
        self.leaderboard_ = fitted.leaderboard
        self.oof_probability_ = fitted.oof_probability
        self.folds_ = fitted.folds
        self.stopped_ = fitted.stopped
