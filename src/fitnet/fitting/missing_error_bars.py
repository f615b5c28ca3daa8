"""Missing error bars: why a fit kept none, and what fits them, with what that costs."""

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.network import Network
from fitnet.fitting.laplace import MOST_PARAMETERS
from fitnet.fitting.recipe import Recipe
from fitnet.model.error_bars import cost_of_error_bars
from fitnet.training.least_squares import most_parameters

SMALLER = (32, 24, 16, 12, 8)  # neurons of two hidden layers, the most first


def why_none(recipe: Recipe, network: Network, *, in_memory: bool, whole: bool) -> str:
    """The end of the sentence that refuses error bars: why this recipe kept none, and what would.

    `in_memory` says whether the rows were, and `whole` whether they were all of a fit, not those of a `partial_fit`.
    """
    asked, reasons = [], []
    if not whole:
        reasons.append("partial_fit, which sees some of the rows, keeps none")
        asked.append("all rows at once")
    if not in_memory:
        reasons.append("rows that stay in a file give none")
        asked.append("an array in memory")
    if type(recipe.loss) is not SquaredError:
        reasons.append(f"they are for the squared error and `loss` was {recipe.loss!r}")
        asked.append("loss='squared_error'")
    P, smooth = network.n_parameters, ACTIVATIONS[recipe.activation].smooth
    unasked = smooth and P <= MOST_PARAMETERS
    if whole and recipe.error_bars is False:
        reasons.append("`error_bars` was False")
    elif not unasked:
        has = f"{P:,} parameters" if smooth else f"{P:,} and {recipe.activation}"
        reasons.append(
            f"unasked only smooth networks of up to {MOST_PARAMETERS:,} parameters keep them, and this has {has}"
        )
    if not reasons:
        return (
            "the network passes through all targets, so that their noise cannot be told; fit more rows or fewer neurons"
        )
    if most_parameters() < P:
        asked.append(f"{smaller(network)}, for this machine's memory allows at most {most_parameters():,} parameters")
    elif not unasked:
        or_smaller = f", or with {smaller(network)}" if smooth else ""
        asked.append(f"error_bars=True, which {cost_of_error_bars(P)}{or_smaller}")
    elif whole and recipe.error_bars is False:
        asked.append("error_bars=True")
    return f"{', and '.join(reasons)}; fit it with {' and '.join(asked)}"


def smaller(network: Network) -> str:
    """A network of two hidden layers, or of none, whose error bars are kept unasked."""
    for neurons in SMALLER:
        sizes = (neurons, neurons)
        if Network.of_widths((network.n_inputs, *sizes, network.n_outputs)).n_parameters <= MOST_PARAMETERS:
            return f"hidden_layer_sizes={sizes}"
    return "hidden_layer_sizes=()"
