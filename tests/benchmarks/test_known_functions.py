"""Known functions against physics and geometry worked out another way, scikit-learn, and exact moments."""

import numpy as np
import pytest
from benchmarks.known_functions import FUNCTIONS, borehole, ishigami, otl_circuit, robot_arm
from sklearn.datasets import make_friedman1, make_friedman2, make_friedman3

import tolerances

ROWS = 500
RTOL, ATOL = tolerances.KNOWN_FUNCTION_RTOL, tolerances.KNOWN_FUNCTION_ATOL


def points(name, generator, rows=ROWS):
    function = FUNCTIONS[name]
    return function.from_unit_box(generator.uniform(size=(rows, function.inputs)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_unit_box_becomes_the_box_and_values_are_finite_there(name, generator):
    function = FUNCTIONS[name]
    low, high = np.array(function.bounds).T
    np.testing.assert_allclose(function.from_unit_box(np.eye(function.inputs)), low + np.diag(high - low))
    X = points(name, generator)
    assert np.isfinite(function.value(X)).all()
    assert function.value(X).shape == (ROWS,)
    one_by_one = np.array([function.value(row[None])[0] for row in X])
    np.testing.assert_allclose(function.value(X), one_by_one, RTOL, ATOL)


def test_borehole_is_a_head_over_three_resistances_in_series(generator):
    """Thiem's radial flow to a well, ln(r / rw) / (2 pi T), in either aquifer; Darcy's in the borehole, L / (K A)."""
    for row in points("borehole", generator):
        radius, influence, upper, upper_head, lower, lower_head, length, conductivity = row.tolist()
        radial = [np.log(influence / radius) / (2 * np.pi * transmissivity) for transmissivity in (upper, lower)]
        along = length / (conductivity * np.pi * radius**2)
        flow = (upper_head - lower_head) / (sum(radial) + along)
        np.testing.assert_allclose(borehole(row[None])[0], flow, RTOL)


@pytest.mark.parametrize(
    ("column", "sign"),
    [(0, 1), (1, -1), (2, 1), (3, 1), (4, 1), (5, -1), (6, -1), (7, 1)],
    ids=lambda value: str(value),
)
def test_borehole_flows_faster_or_slower_with_every_input(column, sign, generator):
    low = points("borehole", generator)
    high = low.copy()
    low[:, column], high[:, column] = FUNCTIONS["borehole"].bounds[column]
    assert (sign * (borehole(high) - borehole(low)) > 0).all()


def test_otl_circuit_balances_the_currents_at_its_midpoint(generator):
    """Kirchhoff: through Rf from a diode above the base, through the amplified load from 11.35 V, and 0.74 V / Rc1."""
    X = points("otl-circuit", generator)
    b1, b2, f, c1, c2, gain = X.T
    midpoint = otl_circuit(X)
    base = 12 / (1 + b1 / b2)
    currents = (midpoint - base - 0.74) / f + (midpoint - 11.35) / (gain * (c2 + 9))
    np.testing.assert_allclose(currents, 0.74 / c1, tolerances.METRIC_RTOL)


def test_robot_arm_is_the_length_of_a_sum_of_turned_segments(generator):
    X = points("robot-arm", generator)
    turns = np.exp(1j * X[:, :4])
    end = turns[:, 0] * (
        X[:, 4] + turns[:, 1] * (X[:, 5] + turns[:, 2] * (X[:, 6] + turns[:, 3] * X[:, 7]))
    )  # each angle turns all that follows
    np.testing.assert_allclose(robot_arm(X), np.abs(end), tolerances.METRIC_RTOL)


@pytest.mark.parametrize(
    ("angles", "lengths", "distance"),
    [
        ((1.0, 0.0, 0.0, 0.0), (0.1, 0.2, 0.3, 0.4), 1.0),
        ((1.0, np.pi, np.pi, np.pi), (0.9, 0.2, 0.3, 0.4), 0.6),
        ((0.3, np.pi / 2, np.pi / 2, np.pi / 2), (0.5, 0.5, 0.5, 0.5), 0.0),
        ((2.0, np.pi / 2, 0.0, 0.0), (0.3, 0.4, 0.0, 0.0), 0.5),
    ],
    ids=["straight", "folded", "square", "right angle"],
)
def test_robot_arm_where_its_end_is_plain_to_see(angles, lengths, distance):
    np.testing.assert_allclose(robot_arm(np.array([[*angles, *lengths]])), distance, RTOL, 10 * ATOL)


@pytest.mark.parametrize(
    ("name", "make"),
    [("friedman-1", make_friedman1), ("friedman-2", make_friedman2), ("friedman-3", make_friedman3)],
)
def test_friedman_functions_are_scikit_learns_without_noise(name, make):
    X, y = make(ROWS, noise=0.0, random_state=0)
    function = FUNCTIONS[name]
    U = np.random.RandomState(0).uniform(size=X.shape)
    np.testing.assert_allclose(function.from_unit_box(U), X, RTOL)
    np.testing.assert_allclose(function.value(X), y, RTOL)


def test_ishigami_has_its_known_mean_and_variance():
    """a / 2 and a^2 / 8 + b pi^4 / 5 + b^2 pi^8 / 18 + 1 / 2, by Gauss's rule over the box."""
    a, b = 7.0, 0.1
    nodes, weights = np.polynomial.legendre.leggauss(40)
    X = np.stack(np.meshgrid(*[np.pi * nodes] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    share = np.einsum("i,j,k->ijk", *[weights / 2] * 3).ravel()
    values = ishigami(X)
    mean = share @ values
    variance = a**2 / 8 + b * np.pi**4 / 5 + b**2 * np.pi**8 / 18 + 1 / 2
    np.testing.assert_allclose(mean, a / 2, tolerances.QUADRATURE_RTOL)
    np.testing.assert_allclose(share @ (values - mean) ** 2, variance, tolerances.QUADRATURE_RTOL)
    assert FUNCTIONS["ishigami"].bounds == ((-np.pi, np.pi),) * 3
