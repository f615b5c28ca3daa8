"""Summaries: a model in one line, as Python shows it."""

from collections.abc import Sequence
from math import isqrt
from typing import TYPE_CHECKING

from fitnet.arguments import counted

if TYPE_CHECKING:
    from fitnet.model.ensemble import Ensemble
    from fitnet.model.error_bars import ErrorBars
    from fitnet.model.model import Model

MOST_NAMES, MOST_LETTERS, MOST_LAYERS = 3, 20, 4


def model_summary(model: "Model") -> str:
    """What goes in and comes out, the layers, and whether there are error bars; short, however large the model is."""
    layers = model.network.layers
    shapes = [str((layer.inputs, layer.outputs)) for layer in layers[:MOST_LAYERS]]
    if len(layers) > MOST_LAYERS:
        shapes.append(f"... {len(layers) - MOST_LAYERS:,} more")
    hidden = dict.fromkeys(layer.activation for layer in layers[:-1])
    with_hidden = f" with {' and '.join(hidden)}" if hidden else ""
    return (
        f"<Model of {names(model.output_names)} from {names(model.input_names)}: [{', '.join(shapes)}]{with_hidden}, "
        f"{model.network.n_parameters:,} parameters in {model.parameters.dtype}"
        f"{', with error bars' if model.error_bars is not None else ''}>"
    )


def ensemble_summary(ensemble: "Ensemble") -> str:
    """What goes in and comes out, how many members there are, and how large they are together."""
    folds = "" if ensemble.folds is None else f" by {counted(len(set(ensemble.folds)), 'fold')}"
    intervals = "" if ensemble.conformal is None else ", with intervals"
    intervals += "" if ensemble.class_scores is None else ", with sets of classes"
    return (
        f"<Ensemble of {names(ensemble.output_names)} from {names(ensemble.input_names)}: "
        f"{counted(len(ensemble.members), 'member')}{folds}, {ensemble.n_parameters:,} parameters{intervals}>"
    )


def error_bars_summary(error_bars: "ErrorBars") -> str:
    """For how many parameters and outputs, and how many of the parameters the rows determine."""
    P = (isqrt(8 * len(error_bars.factor) + 1) - 1) // 2
    m = len(error_bars.noise_covariance)
    determined = f"{error_bars.effective_parameters:.4g} of them determined by the rows"
    return f"<ErrorBars of {counted(P, 'parameter')}, {determined}, and {counted(m, 'output')}>"


def names(columns: Sequence[str]) -> str:
    """The first names, each cut where it is long and escaped where it cannot be printed, and how many there are."""
    shown = [repr(name if len(name) <= MOST_LETTERS else f"{name[:MOST_LETTERS]}...") for name in columns[:MOST_NAMES]]
    more = len(columns) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")
