"""Names that users of other packages expect: what an estimator's parameters and fitted attributes are called here."""

from collections.abc import Callable, Iterable, Sequence
from inspect import Parameter, signature

from fitnet.errors import ArgumentError
from fitnet.spellings import PARAMETERS, nearest

# Attributes that are expected of a fitted network, most of them scikit-learn's, and where the same is found here.
ATTRIBUTES = {
    "coefs_": "model_.network.weights(model_.parameters)",
    "intercepts_": "model_.network.biases(model_.parameters)",
    "coef_": "model_.jacobian(X)",
    "loss_": "history_.loss[-1]",
    "best_loss_": "min(history_.loss)",
    "validation_scores_": "history_.validation_loss",
    "best_validation_score_": "min(history_.validation_loss)",
    "n_layers_": "len(model_.architecture) + 1",
    "n_outputs_": "model_.network.n_outputs",
    "out_activation_": "model_.network.layers[-1].activation",
    "t_": "n_epochs_",
    "save": "model_.save",
    "export": "model_.export",
}


def check_known(
    estimator: str,
    given: Iterable[str],
    known: Sequence[str],
    error: type[ArgumentError],
    single: tuple[str, Sequence[str]] | None = None,
) -> None:
    """Refuse, by `error`, a parameter that is none of the `known` ones, with the one that was perhaps meant.

    Of an ensemble, `single` is the estimator of one network, and its parameters.
    """
    for name in given:
        if name in known:
            continue
        found = None if single is None else of_one_network(name, known, *single)
        if found is not None:
            raise error(f"`{name}` is no parameter of {estimator}, which chooses its networks itself; {found}.", name)
        meant = nearest(name, known, PARAMETERS)
        hint = f"it must be one of {', '.join(known)}" if meant is None else f"did you mean {meant}?"
        raise error(f"`{name}` is no parameter of {estimator}; {hint}{'.' * (meant is None)}", name)


def of_one_network(name: str, known: Sequence[str], single: str, its: Sequence[str]) -> str | None:
    """Where a parameter of one network is; None for a name that is near to none, or to one of the `known` ones."""
    if name in its:
        return f"{single} has it"
    meant = None if nearest(name, known, PARAMETERS) is not None else nearest(name, its, PARAMETERS)
    return None if meant is None else f"{single} has {meant}"


def takes_any(constructor: Callable[..., None]) -> bool:
    """Whether a constructor takes parameters of any name, as a subclass may that hands them on."""
    return any(parameter.kind is Parameter.VAR_KEYWORD for parameter in signature(constructor).parameters.values())


def attribute_missing(estimator: str, name: str) -> AttributeError:
    """The error for an attribute that is not there, with where the same is found, if it is known."""
    there = f"; see {ATTRIBUTES[name]}" if name in ATTRIBUTES else ""
    return AttributeError(f"{estimator!r} object has no attribute {name!r}{there}")
