"""Principal components of many targets: a network learns the leading ones, and gives all targets by its last layer.

Targets are brought to unit variance, and so is, over all of them, what is learned: each component keeps its variance
beside the others, so that the mean square over components is that over targets but for what is left out. The way back
is linear as the last layer is, and becomes a part of it: the model is one of all targets as if it had learned them
directly. Shapes: X (n, p), Y (n, m), weights (n,) or None, r components, directions (r, m).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fitnet.algorithm.network import Network
from fitnet.algorithm.scaling import FLOAT64, Scaling
from fitnet.arguments import Array
from fitnet.blas import one_blas_thread
from fitnet.fitting import fitting
from fitnet.fitting.constant_columns import same_to_the_bit
from fitnet.fitting.fitting import Fitted
from fitnet.fitting.settings import Settings
from fitnet.fitting.target_transforms import transform_for, with_transforms
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.model import Model

LEFT_OUT = 1e-6  # of the variance, by components that nobody would miss
MOST_OF = 0.9  # of the variance: what few components must explain, or learning them is no shorter a way
LOOKED_AT = 2**13  # rows, evenly spaced, that directions are found in
EXACT = 512  # rows or columns, of which all singular vectors are found at once
OVERSAMPLED, ITERATIONS = 16, 4  # of those of more: vectors beyond the wanted ones, and passes over the rows
TINY = float(np.finfo(FLOAT64).tiny)


@dataclass(frozen=True, eq=False)
class Components:
    """The leading principal components of standardised targets.

    Attributes
    ----------
    scaling
        Of the targets.
    directions
        (r, m), orthogonal, of length sqrt(m / r): scores (n, r) times these are standardised targets, nearly.
    """

    scaling: Scaling
    directions: Array

    @classmethod
    def of(cls, rows: TrainingRows, most: int) -> "Components":
        """At most so many, r, of the rows' targets, fewer where these explain all but a millionth of the variance."""
        scaling = Scaling.from_statistics(rows.targets())
        shares, directions = explained(standardised(rows, scaling), most)
        r = number_explaining(1 - LEFT_OUT, shares)
        directions = directions[:r] * np.sqrt(directions.shape[1] / r)
        directions[:, same_to_the_bit(rows.targets())] = 0  # so that they are predicted exactly
        return cls(scaling, directions)

    def scores(self, Y: Any) -> Array:
        """(n, r): by how much of each direction the standardised targets differ from their mean."""
        r, m = self.directions.shape
        return np.asarray(self.scaling.apply(Y) @ self.directions.T * (r / m))

    def folded(self, model: Model) -> Model:
        """The model of all targets, of one of the scores whose last layer is linear."""
        *hidden, last = model.network.layers
        network = Network((*hidden, replace(last, outputs=self.directions.shape[1])))
        parameters = np.empty(network.n_parameters, model.parameters.dtype)
        before = model.network.n_parameters - last.n_parameters
        parameters[:before] = model.parameters[:before]
        for of in Network.weights, Network.biases:
            of(network, parameters)[-1][...] = of(model.network, model.parameters)[-1].astype(FLOAT64) @ self.directions
        return replace(model, network=network, parameters=parameters, output_names=(), target_scaling=self.scaling)


def are_correlated(rows: TrainingRows, most: int) -> bool:
    """Whether at most half as many components as there are targets, or `most`, explain most of these."""
    with one_blas_thread():  # the same bits for any number of threads
        shares, _ = explained(standardised(rows, Scaling.from_statistics(rows.targets())), most)
    return bool(2 * number_explaining(MOST_OF, shares) <= np.shape(rows.Y)[1])


def standardised(rows: TrainingRows, scaling: Scaling) -> Array:
    """(at most LOOKED_AT, m): rows of scaled targets, each times the root of its weight."""
    step = -(-rows.n // LOOKED_AT)
    Z = scaling.apply(np.asarray(rows.Y)[::step])
    if rows.weights is not None:
        Z *= np.sqrt(rows.weights[::step] / rows.weights.max())[:, np.newaxis]
    return Z


def explained(Z: Array, most: int) -> tuple[Array, Array]:
    """The shares (k,) of the squares of Z (n, m), falling, of its right singular vectors, and these (k, m).

    There are at most `most`. Of many rows and columns they are found by orthogonal iteration from those of some rows.
    """
    total = max(float(np.sum(Z * Z)), TINY)
    squares, directions = singular(Z[:: -(-len(Z) // EXACT)] if min(Z.shape) > EXACT else Z)
    if min(Z.shape) > EXACT:
        basis = directions[: most + OVERSAMPLED].T
        for _ in range(ITERATIONS):
            basis, _ = np.linalg.qr(Z.T @ (Z @ basis))
        squares, directions = singular(Z @ basis)
        directions = directions @ basis.T
    return squares[:most] / total, directions[:most]


def singular(Z: Array) -> tuple[Array, Array]:
    """The squares (k,) of the singular values of Z (n, m), falling, and its right singular vectors (k, m).

    They are found by the smaller of the two matrices of products, k the lesser of n and m; a value of 0 may have no
    vector.
    """
    n, m = Z.shape
    squares, vectors = np.linalg.eigh(Z @ Z.T if n < m else Z.T @ Z)
    squares, vectors = np.maximum(squares[::-1], 0), vectors.T[::-1]
    if n >= m:
        return squares, vectors
    return squares, vectors @ Z / np.sqrt(np.where(squares > 0, squares, 1))[:, np.newaxis]


def number_explaining(share: float, shares: Array) -> int:
    """How many of the falling `shares` add up to this share, all if they do not."""
    return min(int(np.searchsorted(np.cumsum(shares), share)) + 1, len(shares))


def fit(
    settings: Settings,
    rows: TrainingRows,
    generator: np.random.Generator,
    validation: TrainingRows | None,
    most: int | None = None,
) -> Fitted:
    """As `fitting.fit` of rows in memory, by at most so many components of their targets; None: these directly."""
    if most is None:
        return fitting.fit(settings, rows, generator, validation)
    transform = transform_for(settings.recipe, rows, None)
    rows = with_transforms(rows, transform)
    watched = [] if validation is None else [with_transforms(validation, transform)]
    with one_blas_thread():
        components = Components.of(rows, most)
        seen, *unseen = (
            replace(each, Y=components.scores(each.Y), gathered=None, target_transform=None, given=None)
            for each in (rows, *watched)
        )
    recipe = replace(settings.recipe, target_transform=None, scale_targets=False)
    fitted = fitting.fit(replace(settings, recipe=recipe), seen, generator, *unseen)
    with one_blas_thread():
        model = replace(components.folded(fitted.model), target_transform=rows.target_transform)
    return replace(fitted, model=model, settings=settings, rows=rows)
