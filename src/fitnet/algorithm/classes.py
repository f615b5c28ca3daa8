"""Classes: their labels, and the probabilities that a network's logits give them, with derivatives.

Shapes: logits z (n, K), or (n, 1) for two classes, whose first logit then is 0; probabilities p (n, K); derivatives
dz/dx (n, K, q) and d2z/dx2 (n, K, q, q); all float64.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from fitnet.algorithm.cross_entropy import probabilities
from fitnet.algorithm.network import Network
from fitnet.arguments import Array, counted
from fitnet.errors import ArgumentTypeError, ArgumentValueError

Label = str | bool | int | float
KINDS: tuple[type[Any], ...] = (str, bool, int, float)


def checked_labels(argument: str, labels: Any) -> tuple[Label, ...]:
    """The labels of two classes or more, as plain Python has them: all text, all True or False, or all numbers.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If they are anything else, one is not finite, or two are the same or would have the same name.
    """
    if isinstance(labels, str) or not isinstance(labels, Sequence | np.ndarray):
        raise ArgumentTypeError(f"`{argument}` is {labels!r}; it must be a sequence of labels.", argument)
    plain = tuple(each.item() if isinstance(each, np.generic) else each for each in labels)
    for each in plain:
        if type(each) not in KINDS:
            raise ArgumentTypeError(
                f"`{argument}` holds {each!r}; labels must be text, True and False, or numbers.", argument
            )
        if each != each or each in (np.inf, -np.inf):
            raise ArgumentValueError(f"`{argument}` holds {each!r}; labels must be finite.", argument)
    if len({type(each) for each in plain}) > 1:
        raise ArgumentTypeError(f"`{argument}` is {plain!r}; all labels must be of one type.", argument)
    if len(plain) < 2:
        raise ArgumentValueError(f"`{argument}` has {counted(len(plain), 'label')}; it must have at least 2.", argument)
    names = [str(each) for each in plain]
    if len(set(names)) < len(names):
        twice = next(name for i, name in enumerate(names) if name in names[:i])
        raise ArgumentValueError(f"`{argument}` has {twice!r} more than once; every class has its own label.", argument)
    return plain


def check_gives_classes(argument: str, n_classes: int, network: Network) -> None:
    """Refuse a network whose outputs are not the logits of so many classes.

    Raises
    ------
    ArgumentValueError
    """
    m = network.n_outputs
    if m != n_classes and (n_classes, m) != (2, 1):
        raise ArgumentValueError(
            f"`{argument}` has {n_classes} labels and the network {counted(m, 'output')}; it must have as many, or one "
            "for two classes.",
            argument,
            "network",
        )
    if network.layers[-1].activation != "identity":
        raise ArgumentValueError(
            f"`network` ends in {network.layers[-1].activation!r}; for classes it must end in 'identity'.", "network"
        )


def targets_of(codes: Array, n_classes: int) -> Array:
    """Rows of probabilities, 1 for the class of each row; of two classes that of the second alone."""
    if n_classes == 2:
        return codes.reshape(-1, 1)
    one_hot: Array = np.eye(n_classes)[codes.astype(int)]
    return one_hot


def class_probabilities(z: Array) -> Array:
    """p (n, K): the softmax of the logits."""
    return probabilities(whole(z))


def log_probabilities(z: Array) -> Array:
    """log(p) (n, K), finite also where p is too small for float64."""
    t = whole(z)
    t = t - t.max(axis=1, keepdims=True)
    logs: Array = t - np.log(np.exp(t).sum(axis=1, keepdims=True))
    return logs


def whole(of_logits: Array) -> Array:
    """What each of K logits has, along axis 1, in float64: of one logit there was none for the first, which is 0."""
    of_logits = of_logits.astype(np.float64, copy=False)
    if of_logits.shape[1] > 1:
        return of_logits
    return np.concatenate([np.zeros_like(of_logits), of_logits], axis=1)


def class_jacobian(first: Array, z: Array) -> Array:
    """dp/dx (n, K, q), by the chain rule: p_k u_k with u_k = dz_k/dx - sum_j p_j dz_j/dx."""
    p = class_probabilities(z)
    jacobian: Array = p[:, :, np.newaxis] * relative_slopes(first, p)
    return jacobian


def class_hessian(second: Array, first: Array, z: Array) -> Array:
    """d2p/dx2 (n, K, q, q): p_k (c_k - sum_j p_j c_j) with c_k = d2z_k/dx2 + u_k u_k^T, u as in `class_jacobian`.

    The sum over j of p_j u_j is 0, so that the slope of what u_k takes away is sum_j p_j c_j.
    """
    p = class_probabilities(z)
    u = relative_slopes(first, p)
    c = whole(second) + u[:, :, :, np.newaxis] * u[:, :, np.newaxis, :]
    mean = (p[:, :, np.newaxis, np.newaxis] * c).sum(axis=1, keepdims=True)
    hessian: Array = p[:, :, np.newaxis, np.newaxis] * (c - mean)
    return hessian


def relative_slopes(first: Array, p: Array) -> Array:
    """u (n, K, q): every logit's slope, less their mean by probabilities."""
    slopes = whole(first)
    relative: Array = slopes - (p[:, :, np.newaxis] * slopes).sum(axis=1, keepdims=True)
    return relative
