"""The steps of a model as the text of a NumPy module, and what its template must know of them.

Shapes: completed rows (n, p), features (n, k), outputs (n, m).
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from fitnet.algorithm.steps import Activate, Dense, Encode, Exponentiate, Scale, Softmax, Step, Unscale
from fitnet.arguments import Array
from fitnet.export.numpy_numbers import MOST_WRITTEN, Constants, call_text, definition, listed_text
from fitnet.export.subject import Subject

CLASSES = {
    "relu": "Relu",
    "leaky_relu": "LeakyRelu",
    "tanh": "Tanh",
    "logistic": "Logistic",
    "silu": "Silu",
    "gelu": "Gelu",
    "softplus": "Softplus",
    "exponential": "Exponential",
}


def networks_text(subject: Subject) -> str:
    """The definition of NETWORK or, of an ensemble, of NETWORKS and WEIGHTS, and of what they name."""
    constants = Constants()
    written = [
        [text for step in branch for text in step_texts(step, subject, constants)] for branch in subject.branches
    ]
    times = Counter(text for texts in written for text in texts if not text.endswith("()"))
    shared = {text: f"SHARED_{i}" for i, text in enumerate((each for each in times if times[each] > 1), 1)}
    lists = [listed_text(shared.get(text, text) for text in texts) for texts in written]
    lines = [*constants.definitions(), *(f"{name} = {text}" for text, name in shared.items())]
    if subject.mean is None:
        return "\n".join([*lines, f"NETWORK = {lists[0]}"])
    return "\n".join([*lines, definition("WEIGHTS", subject.mean.weights), f"NETWORKS = {listed_text(lists)}"])


def step_texts(step: Step, subject: Subject, constants: Constants) -> Iterator[str]:
    """The calls that make a step: none where it does nothing, two where it scales and limits, or projects."""
    match step:
        case Scale(shift, scale, limit):
            yield call_text("Scale", *map(constants.text, (shift, scale)))
            if limit is not None:
                yield f"Limit({limit!r})"
        case Encode(scaling, edges, projections):
            shift, scale = scaling.shift, scaling.scale
            if len(projections):
                assert scaling.limit is None  # as in all models that encode
                yield call_text("Project", *map(constants.text, (shift, scale, projections)))
                shift = np.concatenate([shift, np.zeros(len(projections))])
                scale = np.concatenate([scale, np.ones(len(projections))])
            limits = [] if scaling.limit is None else [repr(scaling.limit)]
            scaled = map(constants.text, (shift, scale))
            yield call_text("Encode", *scaled, listed_text(map(constants.text, edges)), *limits)
        case Dense(weights, biases):
            yield call_text("Dense", *(constants.text(layer_numbers(each, subject)) for each in (weights, biases)))
        case Activate(name):
            if name in CLASSES:
                yield f"{CLASSES[name]}()"
        case Unscale(shift, scale):
            yield call_text("Unscale", *map(constants.text, (shift, scale)))
        case Exponentiate(bounds):
            yield call_text("Exponentiate", constants.text(bounds))
        case Softmax():
            yield "Softmax()"


def layer_numbers(array: Array, subject: Subject) -> Array:
    """In the dtype the code computes in, but for large ones of float32, which as such take half the space."""
    if subject.in_double and array.size > MOST_WRITTEN:
        return array
    return array.astype(np.float64 if subject.in_double else np.float32)


def used(subject: Subject) -> set[str]:
    """The names of the steps and activations that there are."""
    found: set[str] = set()
    for step in (step for branch in subject.branches for step in branch):
        found.add(step.name if isinstance(step, Activate) else type(step).__name__)
        if isinstance(step, Scale) and step.limit is not None:
            found.add("Limit")
        if isinstance(step, Encode) and len(step.projections):
            found.add("Project")
    return found


def limited_pieces(subject: Subject) -> bool:
    """Whether an encoding limits what it scales."""
    steps = (step for branch in subject.branches for step in branch)
    return any(isinstance(step, Encode) and step.scaling.limit is not None for step in steps)


def widest(subject: Subject) -> int:
    """The most numbers a row has on its way through a network."""
    widths = [len(subject.inputs), completed_width(subject), len(subject.outputs) * len(subject.branches)]
    widths += [max(layer.weights.shape) for layer in dense(subject)]
    return max(widths)


def dense(subject: Subject) -> Iterator[Dense]:
    """All layers."""
    return (step for branch in subject.branches for step in branch if isinstance(step, Dense))


def n_parameters(subject: Subject) -> int:
    """Of all layers."""
    sizes: list[int] = [layer.weights.size + layer.biases.size for layer in dense(subject)]
    return sum(sizes)


def layers_slice(subject: Subject) -> slice:
    """Where, among the calls that make a single network, its layers are."""
    calls = [(step, text) for step in subject.branches[0] for text in step_texts(step, subject, Constants())]
    kinds = [isinstance(step, Dense | Activate) for step, _ in calls]
    return slice(kinds.index(True), len(kinds) - kinds[::-1].index(True))


def completed_width(subject: Subject) -> int:
    """p."""
    told: Sequence[int] = () if subject.impute is None else subject.impute.told
    return sum(1 if each.levels is None else len(each.levels) for each in subject.inputs) + len(told)
