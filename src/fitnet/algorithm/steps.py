"""Steps: what a model does to a row, one thing after the other, as data that anything can walk.

Shapes: given columns (n, g), completed rows X (n, p), features (n, k), outputs (n, m). Whoever walks the steps of a
model in order has its predictions: an exporter, the script of a page, a test. Steps hold float64 numbers but for a
layer's, which have the dtype that the network computes in.
"""

from dataclasses import dataclass

from fitnet.algorithm.classes import Label
from fitnet.arguments import Array


@dataclass(frozen=True, eq=False)
class OneHot:
    """Columns of words become columns of 0 and 1: from the g given columns to rows of numbers.

    Attributes
    ----------
    names
        (g,): of the given columns.
    levels
        (g,): of a column of words its levels, each of which becomes a column, 1 where the row has that level and 0
        elsewhere; the last may be None, a missing word. None of a column of numbers, which stays as it is.
    """

    names: tuple[str, ...]
    levels: tuple[tuple[str | None, ...] | None, ...]


@dataclass(frozen=True, eq=False)
class Impute:
    """Gaps are filled in, and told: from rows with NaN to completed rows X.

    Attributes
    ----------
    medians
        One a column: what is filled in.
    told
        The columns, from 0, for each of which another follows behind all others: 1 where it had a gap, 0 elsewhere.
    """

    medians: Array
    told: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Scale:
    """z = (x - shift) / scale, in float64; with a limit z / sqrt(1 + (z / limit)^2) then. shift, scale: (p,)."""

    shift: Array
    scale: Array
    limit: float | None


@dataclass(frozen=True, eq=False)
class Encode:
    """Features in place of inputs, in float64: of every input, in order, its scaled value, then its pieces.

    Of the projections, which follow behind the inputs, likewise: u = projections @ z, of all scaled inputs z.

    Attributes
    ----------
    scaling
        How every input is scaled, which is the first of its features.
    edges
        (p + q,): of every input, then of every projection, the edges e_0 < ... < e_T, or none where it has no pieces.
        Piece t of 1 ... T gives the share (x - e_(t-1)) / (e_t - e_(t-1)) of the input itself, unscaled, or of u,
        brought to 0 where it is below and to 1 where it is above; only the first goes on below 0, and only the last
        above 1.
    projections
        (q, p): the coefficients; their sums are taken in the inputs' order, without those that are 0. Mostly q is 0.
    """

    scaling: Scale
    edges: tuple[Array, ...]
    projections: Array


@dataclass(frozen=True, eq=False)
class Round:
    """Numbers are rounded to `dtype`, "float32" or "float64", in which the next steps compute."""

    dtype: str


@dataclass(frozen=True, eq=False)
class Dense:
    """z = a @ weights + biases: weights (inputs, outputs), biases (outputs,)."""

    weights: Array
    biases: Array


@dataclass(frozen=True, eq=False)
class Activate:
    """a = activation(z), entry by entry; `name` is one of those in algorithm/activations.py."""

    name: str


@dataclass(frozen=True, eq=False)
class Unscale:
    """y = z * scale + shift, in float64: shift, scale (m,)."""

    shift: Array
    scale: Array


@dataclass(frozen=True, eq=False)
class Exponentiate:
    """y = bound + exp(t), in float64, finite and above the bound; as it is where the bound is minus infinity.

    bounds (m,).
    """

    bounds: Array


@dataclass(frozen=True, eq=False)
class Softmax:
    """p_k = exp(z_k) / sum_j exp(z_j), in float64, of K classes; of one z for two it is that of (0, z).

    classes (K,): the labels, in the outputs' order. Take the largest z from all of them first, and nothing overflows.
    """

    classes: tuple[Label, ...]


@dataclass(frozen=True, eq=False)
class Mean:
    """The weighted mean, summed in float64, of what several branches make of the same rows.

    Attributes
    ----------
    weights
        (M,): one a branch; their sum is 1.
    branches
        (M,): of every member its steps.
    """

    weights: Array
    branches: tuple[tuple["Step", ...], ...]


Step = OneHot | Impute | Scale | Encode | Round | Dense | Activate | Unscale | Exponentiate | Softmax | Mean
