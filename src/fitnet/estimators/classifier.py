"""`Classifier`: fitnet as a scikit-learn classifier.

Shapes: X (n, p); y (n,) labels of K classes; sample_weight (n,) or None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

from sklearn.utils.validation import check_is_fitted

from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.algorithm.optimizers import initial_state
from fitnet.arguments import Array, listed
from fitnet.errors import ArgumentValueError
from fitnet.estimators.fitted_attributes import keep
from fitnet.estimators.labels import (
    check_same_classes,
    checked_class_weight,
    classes_in,
    codes_of,
    given_labels,
    plain_labels,
)
from fitnet.estimators.network_classifier import NetworkClassifier
from fitnet.estimators.random_state import random_generator
from fitnet.estimators.rows_of_classes import rows_of_classes, watched_rows_of_classes
from fitnet.fitting.constant_columns import warn_of_constant_inputs
from fitnet.fitting.fitting import Fitted, fit
from fitnet.fitting.settings import PARAMETERS, Settings
from fitnet.fitting.stream import Stream, one_epoch
from fitnet.training.callbacks import Callbacks
from fitnet.training.solvers import Solver

# What the parameters of `Regressor` that `Classifier` lacks are for classes.
FIXED = {"loss": CrossEntropy(), "scale_targets": False, "error_bars": False, "target_transform": None}


class Classifier(NetworkClassifier):
    """A feed-forward network that learns classes, and how probable they are, from rows.

    It ends in the softmax of one number a class or, of two classes, in the logistic function of one, and is trained on
    the cross-entropy. Inputs are standardised inside. The same data, settings and `random_state` give the same model,
    bit for bit, whatever the number of threads. Parameters that are not listed are `Regressor`'s.

    Parameters
    ----------
    hidden_layer_sizes
        Neurons of each hidden layer; 10 is one layer of 10, () fits a linear function: logistic regression. "auto" is
        (64, 64), or for Levenberg-Marquardt (10,) to (32, 32).
    activation
        Of the hidden layers, as `Regressor`'s.
    solver
        "auto" is Adam (docs/how-to/classification.md says what was measured). "lm" and "lm-bayesian" take Gauss-Newton
        steps for smooth networks of up to some thousand parameters: with the evidence, or with `alpha`.
    alpha
        L2 penalty: alpha times the sum of all squared weights, never biases, is added to the mean cross-entropy. "auto"
        tries 1, 2 and 3 over n on parts of at most 1,000 rows, and takes the strongest that tells kept-out rows about
        as well as the best (1 / n of fewer than 20 rows and in `partial_fit`): short fits, fifteen or twenty, which a
        number spares; with "lm-bayesian", which finds its own, it is 0.
    dropout
        As `Regressor`'s: 0.1 to 0.3 are usual where classes overlap; 0 leaves no unit out.
    scaling
        "auto" is standard, with the inputs' tails clipped smoothly at 5 of their standard deviations, but in
        `partial_fit`. With `alpha="auto"` it is "common" where kept-out rows are clearly told better so: all inputs
        are divided by one number, for they may be in one unit, as pixels are. Else as `Regressor`'s.
    class_weight
        None; "balanced", every class the same say: n / (K times its rows); or a dict from labels to weights above 0, 1
        where it has none. They multiply `sample_weight`.
    early_stopping
        Keep `validation_fraction` of the rows, of every class its share, out of training; else as `Regressor`'s.

    Attributes
    ----------
    classes_
        (K,): the labels, in order.
    model_
        The `Model` of their probabilities: predicts without scikit-learn, and is saved with `model_.save(path)`.
    history_, n_epochs_, best_epoch_, stopped_, n_features_in_, feature_names_in_
        As of `Regressor`.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from fitnet import Classifier
    >>> X, y = load_iris(return_X_y=True)
    >>> classifier = Classifier(random_state=0).fit(X, y)
    >>> bool(classifier.score(X, y) > 0.95)
    True
    """

    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] | str = "auto",
        activation: str = "relu",
        *,
        solver: str | Solver | Sequence[str | Solver] = "auto",
        alpha: float | str = "auto",
        dropout: float = 0.0,
        class_weight: Mapping[Any, float] | str | None = None,
        batch_size: int | str = "auto",
        max_epochs: int | str = "auto",
        tol: float | None = None,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        patience: int = 40,
        scale_inputs: bool = True,
        scaling: str = "auto",
        dtype: Any = "auto",
        missing: str = "refuse",
        warm_start: bool = False,
        random_state: Any = None,
        verbose: bool | int = False,
        n_threads: int | None = None,
        callbacks: Callbacks = (),
        checkpoint: Any = None,
        engine: str = "auto",
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.dropout = dropout
        self.class_weight = class_weight
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.tol = tol
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.scale_inputs = scale_inputs
        self.scaling = scaling
        self.dtype = dtype
        self.missing = missing
        self.warm_start = warm_start
        self.random_state = random_state
        self.verbose = verbose
        self.n_threads = n_threads
        self.callbacks = callbacks
        self.checkpoint = checkpoint
        self.engine = engine

    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, validation_data: Any = None, *, resume: bool = False
    ) -> Self:
        """Train on the rows of X (n, p) and their labels y (n,): words, whole numbers, True and False.

        Other arguments and errors are those of `Regressor.fit`; `class_weight` does not go with a large memory map.
        """
        settings = self._settings()
        labels, there = given_labels(self, "y", y, self.missing != "refuse")
        start = self.model_.of_logits if self.warm_start and hasattr(self, "model_") else None
        classes = classes_in("y", labels[there])
        if start is not None:
            check_same_classes("y", classes, self.classes_)
        codes = codes_of("y", labels, there, classes)
        rows = rows_of_classes(self, X, codes, classes, sample_weight, reset=True, whole=True)
        generator = random_generator(self.random_state)
        validation = watched_rows_of_classes(self, validation_data, rows, classes, settings.recipe.early_stopping)
        fitted = fit(settings, rows, generator, validation, start=start, resume=resume)
        optimizer = fitted.settings.recipe.optimizer
        state = None if optimizer is None else initial_state(optimizer, fitted.result.parameters)
        self._stream = Stream(generator, state)
        self._keep(fitted, classes)
        warn_of_constant_inputs(self.model_, rows.n)
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """One more epoch on these rows, at the solver's constant rate, from where the one before ended.

        The first call needs all `classes`, unless `fit` came before; else as `Regressor.partial_fit`.
        """
        settings = self._settings()
        first = not hasattr(self, "_stream")
        known = self._classes_of_calls(classes, first)
        labels, there = given_labels(self, "y", y, self.missing != "refuse")
        codes = codes_of("y", labels, there, known)
        rows = rows_of_classes(self, X, codes, known, sample_weight, reset=first, whole=False)
        stream = Stream(random_generator(self.random_state)) if first else self._stream
        start = None if first else self.model_.of_logits
        fitted, self._stream = one_epoch(settings, rows, start, stream)
        self._keep(fitted, known, whole=False)
        if first:
            warn_of_constant_inputs(self.model_, rows.n)
        return self

    def decision_function(self, X: Any) -> Array:
        """The logits: (n, K) or, of two classes, (n,), above 0 where the second is likelier. X is `predict`'s."""
        check_is_fitted(self)
        logits = self._outputs(self.model_.of_logits, X)
        if len(self.classes_) > 2:
            return logits
        return logits[:, 0]

    def _settings(self) -> Settings:
        checked_class_weight(self.class_weight)
        given = {name: getattr(self, name) for name in PARAMETERS if name not in FIXED}
        return Settings.of(**given, **FIXED)

    def _classes_of_calls(self, given: Any, first: bool) -> Array:
        """The classes of all calls of `partial_fit`: those given to the first, or those of the fit before."""
        if given is None:
            if first:
                raise ArgumentValueError(
                    "`classes` is None; the first call of partial_fit needs all labels that will ever come.", "classes"
                )
            return self.classes_
        labels, _ = given_labels(self, "classes", given, gaps=False)
        classes = classes_in("classes", labels)
        if not first and classes.tolist() != self.classes_.tolist():
            raise ArgumentValueError(
                f"`classes` is {listed(classes.tolist())}; it must be {listed(self.classes_.tolist())}, as in the "
                "first call.",
                "classes",
            )
        return classes

    def _keep(self, fitted: Fitted, classes: Array, *, whole: bool = True) -> None:
        """Take what was fitted for this estimator's own, the labels too."""
        self.classes_ = classes
        model = replace(fitted.model, output_names=(), units={}, classes=plain_labels(classes))
        keep(self, replace(fitted, model=model), whole=whole)
