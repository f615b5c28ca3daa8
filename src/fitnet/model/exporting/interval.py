"""What an exporter needs for the intervals of a model, of one coverage.

Shapes: outputs (m,).
"""

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from fitnet.export.subject import ConformalInterval, LaplaceInterval
from fitnet.export.write import LANGUAGES
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.model.interval_units import multiples, spread_groups

if TYPE_CHECKING:
    from fitnet.model.model import Model

MOST_OF_FACTOR = 500_000  # numbers of a triangle: 1,000 parameters


def exported_interval(model: AnyModel, coverage: float) -> ConformalInterval | LaplaceInterval | None:
    """The parts of the intervals that hold this share; None where the model has none, or they are too large.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If `coverage` is no number above 0 and below 1, or more than an ensemble's rows allow.
    """
    if why_no_interval(model) is not None:
        return None
    if not isinstance(model, Ensemble):
        return laplace(model, coverage)
    assert model.conformal is not None
    lower, upper = multiples(model.conformal, [coverage])
    groups = tuple((tuple(places), tuple(weights)) for places, weights in spread_groups(model))
    return ConformalInterval(lower[:, 0], upper[:, 0], model.conformal.floors, groups)


def why_no_interval(model: AnyModel, language: str = "numpy") -> str | None:
    """Why the model in this language, one of LANGUAGES, gives no intervals; None where it does."""
    if model.classes is not None:
        return "probabilities of classes have none"
    if isinstance(model, Ensemble):
        return "the ensemble has no errors on rows kept out" if model.conformal is None else None
    if model.error_bars is None:
        return "the model has no error bars"
    if len(model.error_bars.factor) > MOST_OF_FACTOR:
        return f"the model's error bars hold more than the {MOST_OF_FACTOR:,} numbers that exported code may"
    if not LANGUAGES[language].error_bars:
        return f"{language} holds none that come from error bars"
    return None


def laplace(model: "Model", coverage: float) -> LaplaceInterval:
    """Those of error bars."""
    bars = model.error_bars
    assert bars is not None
    multiple = NormalDist().inv_cdf((1 + coverage) / 2)
    scaling = model.target_scaling
    scale = np.ones(len(model.outputs)) if scaling is None else np.asarray(scaling.scale)
    unused = tuple(np.flatnonzero(model.network.unused_inputs(model.parameters)).tolist())
    return LaplaceInterval(multiple, bars.variance, bars.factor, np.diagonal(bars.noise_covariance), scale, unused)
