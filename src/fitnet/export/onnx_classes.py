"""Classes as plain ONNX operators: from logits to probabilities, their derivatives, and the most probable label.

Shapes: n rows, K classes, logits z (n, K), or (n, 1) for two classes, probabilities p (n, K), slopes (n, K, q), second
derivatives (n, K, q, q); with an axis M before all others where members are stacked.
"""

from collections.abc import Sequence

import numpy as np

from fitnet.algorithm.classes import Label
from fitnet.arguments import Array
from fitnet.export.names import printable
from fitnet.export.onnx_nodes import Nodes, Value


def probabilities(nodes: Nodes, z: str, n_classes: int, n_logits: int) -> str:
    """p; `Softmax` takes the largest z away first."""
    return nodes.node("Softmax", of_all(nodes, z, n_classes, n_logits, 0), axis=-1)


def of_all(nodes: Nodes, of_logits: Value, n_classes: int, n_logits: int, order: int) -> Value:
    """What every class's logit has, with so many axes behind that of classes: of one logit the first's is 0."""
    if n_logits == n_classes:
        return of_logits
    return nodes.add("Mul", of_logits, np.array([0.0, 1.0]).reshape(-1, *[1] * order))


def relative_slopes(nodes: Nodes, p: str, slopes: Value) -> str:
    """u (n, K, q): every logit's slopes, less their mean by probabilities."""
    return from_mean(nodes, p, slopes, 1)


def jacobian(nodes: Nodes, p: str, slopes: Value) -> str:
    """dp/dx (n, K, q): p_k u_k, from the slopes of all classes' logits."""
    return nodes.node("Mul", nodes.node("Unsqueeze", p, np.array([-1])), relative_slopes(nodes, p, slopes))


def hessian(nodes: Nodes, p: str, slopes: Value, second: Value) -> str:
    """d2p/dx2 (n, K, q, q): p_k (c_k - sum_j p_j c_j) with c_k = d2z_k/dx2 + u_k u_k^T."""
    u = relative_slopes(nodes, p, slopes)
    products = nodes.node("Mul", nodes.node("Unsqueeze", u, np.array([-1])), nodes.node("Unsqueeze", u, np.array([-2])))
    apart = from_mean(nodes, p, nodes.node("Add", products, second), 2)
    return nodes.node("Mul", nodes.node("Unsqueeze", p, np.array([-2, -1])), apart)


def from_mean(nodes: Nodes, p: str, values: Value, order: int) -> str:
    """Values of all classes, with so many axes behind them, less their mean by probabilities."""
    weights = nodes.node("Unsqueeze", p, -1 - np.arange(order)[::-1])
    mean = nodes.node("ReduceSum", nodes.node("Mul", weights, values), np.array([-1 - order]), keepdims=1)
    return nodes.node("Sub", values, mean)


def label(nodes: Nodes, p: str, labels: Array) -> str:
    """(n,): the most probable class's label, the first class's where probabilities are NaN."""
    return nodes.node("Gather", labels, nodes.node("ArgMax", p, axis=1, keepdims=0), axis=0)


def labels_of(classes: Sequence[Label], dtype: np.dtype[np.floating]) -> Array:
    """The labels as a tensor's: text, bool, int64 or, with digits behind the point, of the graph's dtype.

    Whole numbers too large for int64 become text; in text what cannot be encoded is escaped.
    """
    match classes[0]:
        case bool():
            return np.array(classes)
        case int() if all(-(2**63) <= each < 2**63 for each in classes if isinstance(each, int)):
            return np.array(classes, np.int64)
        case float():
            return np.array(classes, dtype)
    return np.array([encodable(str(each)) for each in classes])


def encodable(text: str) -> str:
    """The text, escaped where a file cannot hold it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return printable(text)
    return text
