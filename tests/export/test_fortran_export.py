"""Exported Fortran against the model: 26 kinds, 1,000 rows each, outputs, derivatives, intervals and statuses."""

import subprocess

import numpy as np
import pytest
from exported_kinds import EXPORTED, expected, most_units, units_apart
from exported_tolerances import EXPORTED_SINGLE_UNITS, FORTRAN_PRODUCT_UNITS, FORTRAN_ROWS_UNITS
from fortran_programs import Module, compiled, exported, library, needs_gfortran

from fitnet.model.exporting.subject import exported_inputs

pytestmark = needs_gfortran
EXPECTED = {}
INVALID = 2


@pytest.fixture(scope="module")
def double(tmp_path_factory):
    return built(tmp_path_factory.mktemp("double"), "double", "-O2")


@pytest.fixture(scope="module")
def single(tmp_path_factory):
    return built(tmp_path_factory.mktemp("single"), "single", "-O1")


def built(folder, precision, *flags):
    """A module of every kind, compiled with every warning an error."""
    names = exported(EXPORTED, folder, derivatives="hessian", precision=precision)
    whole = library(names, folder, *flags)
    dtype = np.float64 if precision == "double" else np.float32
    return {kind: Module(whole, name, *sizes(EXPORTED[kind]), dtype) for kind, name in names.items()}


def sizes(model):
    """Outputs, and columns of numbers."""
    words = 0 if model.categories is None else sum(own is not None for own in model.categories.levels)
    return len(model.output_names), len(model.given_names) - words


def wanted(kind, dtype="float64"):
    """What the model says, once for all tests."""
    if (kind, dtype) not in EXPECTED:
        EXPECTED[kind, dtype] = expected(EXPORTED[kind], dtype=dtype)
    return EXPECTED[kind, dtype]


def has_numbers(kind):
    return sizes(EXPORTED[kind])[1] > 0


def with_interval(kind):
    return wanted(kind).lower is not None


DIFFERENTIABLE = [kind for kind in EXPORTED if has_numbers(kind)]
BOUNDED = ["error bars", "ensemble, encoded", "ensemble, normalised", "ensemble of one output"]


def test_rows_are_of_all_statuses_and_those_kinds_have_intervals():
    shares = [wanted(kind).outside.mean() for kind in EXPORTED]
    assert min(shares) == 0
    assert sum(0.2 < share < 0.8 for share in shares) > 5
    assert [kind for kind in EXPORTED if with_interval(kind)] == BOUNDED


@pytest.mark.parametrize("kind", EXPORTED)
def test_outputs_and_statuses_are_the_models(double, kind):
    given = wanted(kind)
    y, status = double[kind].predict(given.rows)
    assert units_apart(y, given.outputs) <= most_units(kind)["outputs"]
    np.testing.assert_array_equal(status, given.outside)


def columns(kind):
    return exported_inputs(EXPORTED[kind])


@pytest.mark.parametrize("kind", EXPORTED)
def test_rows_together_are_as_rows_alone(double, kind):
    given = wanted(kind)
    one_by_one, statuses = double[kind].predict(given.rows)
    for n in (1, 7, 8, 77, 1000):
        y, status = double[kind].predict_rows(given.rows[:n])
        assert units_apart(y, one_by_one[:n]) <= FORTRAN_ROWS_UNITS
        np.testing.assert_array_equal(status, statuses[:n])


@pytest.mark.parametrize("kind", DIFFERENTIABLE)
def test_first_derivatives_are_the_models(double, kind):
    given = wanted(kind)
    y, jacobian, status = double[kind].jacobian(given.rows)
    assert units_apart(y, given.outputs) <= most_units(kind)["outputs"]
    assert units_apart(jacobian, given.jacobian) <= most_units(kind)["jacobian"]
    np.testing.assert_array_equal(status, given.outside)


@pytest.mark.parametrize("kind", DIFFERENTIABLE)
def test_second_derivatives_are_the_models(double, kind):
    given = wanted(kind)
    y, jacobian, hessian, status = double[kind].hessian(given.rows)
    assert units_apart(y, given.outputs) <= most_units(kind)["outputs"]
    assert units_apart(jacobian, given.jacobian) <= most_units(kind)["hessian"]
    assert units_apart(hessian, given.hessian) <= most_units(kind)["hessian"]
    np.testing.assert_array_equal(status, given.outside)


@pytest.mark.parametrize("kind", DIFFERENTIABLE)
def test_tangents_and_adjoints_are_products_with_the_jacobian(double, kind):
    given, module = wanted(kind), double[kind]
    generator = np.random.default_rng(5)
    dx = generator.normal(size=(len(given.rows), module.q))
    y_bar = generator.normal(size=(len(given.rows), module.m))
    y, dy, status = module.tangent(given.rows, dx)
    x_bar, adjoint_status = module.adjoint(given.rows, y_bar)
    assert units_apart(y, given.outputs) <= most_units(kind)["outputs"]
    assert units_apart(dy, np.einsum("nmq,nq->nm", given.jacobian, dx)) <= FORTRAN_PRODUCT_UNITS
    assert units_apart(x_bar, np.einsum("nmq,nm->nq", given.jacobian, y_bar)) <= FORTRAN_PRODUCT_UNITS
    for each in (status, adjoint_status):
        np.testing.assert_array_equal(each, given.outside)
    # One is the other's transpose whatever the Jacobian is; a term is the size that both sides have rounded.
    known = ~np.isnan(given.rows[:, [i for i, column in enumerate(columns(kind)) if column.levels is None]])
    left, right = (dy * y_bar).sum(axis=1), (np.where(known, dx, 0) * x_bar).sum(axis=1)
    size = np.einsum("nm,nmq,nq->n", np.abs(y_bar), np.abs(given.jacobian), np.abs(dx)).max()
    assert np.abs(left - right).max() <= FORTRAN_PRODUCT_UNITS * np.finfo(float).eps * size


@pytest.mark.parametrize("kind", BOUNDED)
def test_intervals_are_the_models(double, kind):
    given = wanted(kind)
    lower, upper, status = double[kind].interval(given.rows)
    assert units_apart(lower, given.lower) <= most_units(kind)["interval"]
    assert units_apart(upper, given.upper) <= most_units(kind)["interval"]
    np.testing.assert_array_equal(status, given.outside)


@pytest.mark.parametrize("kind", EXPORTED)
def test_single_precision_keeps_its_digits(single, kind):
    given, module = wanted(kind, "float32"), single[kind]
    y, status = module.predict(given.rows)
    together, statuses = module.predict_rows(given.rows)
    assert units_apart(y, given.outputs, "float32") <= EXPORTED_SINGLE_UNITS
    assert units_apart(together, given.outputs, "float32") <= EXPORTED_SINGLE_UNITS
    for each in (status, statuses):
        np.testing.assert_array_equal(each, given.outside)
    if has_numbers(kind):
        _, jacobian, hessian, _ = module.hessian(given.rows)
        assert units_apart(jacobian, given.jacobian, "float32") <= EXPORTED_SINGLE_UNITS
        assert units_apart(hessian, given.hessian, "float32") <= EXPORTED_SINGLE_UNITS
        assert units_apart(module.jacobian(given.rows)[1], given.jacobian, "float32") <= EXPORTED_SINGLE_UNITS
    if kind in BOUNDED:
        lower, upper, _ = module.interval(given.rows)
        assert units_apart(lower, given.lower, "float32") <= EXPORTED_SINGLE_UNITS
        assert units_apart(upper, given.upper, "float32") <= EXPORTED_SINGLE_UNITS


@pytest.mark.parametrize("kind", ["tanh", "words and gaps", "words alone", "gaps"])
def test_rows_that_cannot_be_taken(double, kind):
    module, inputs = double[kind], columns(kind)
    good = wanted(kind).rows[~np.isnan(wanted(kind).rows).any(axis=1)][0]
    for place, column in enumerate(inputs):
        wrong = [np.inf, -np.inf]
        wrong += [] if column.levels is None else [-1.0, 0.5, float(len(column.levels))]
        wrong += [] if column.gaps or (column.levels is not None and None in column.levels) else [np.nan]
        for number in wrong:
            row = good.copy()
            row[place] = number
            assert_invalid(module, kind, row)


def assert_invalid(module, kind, row):
    """All that is asked of the row is NaN, and its neighbours are as they were."""
    asked = [module.predict(row[np.newaxis])]
    if has_numbers(kind):
        dx, y_bar = np.ones((1, module.q)), np.ones((1, module.m))
        asked += [module.jacobian(row[np.newaxis]), module.hessian(row[np.newaxis])]
        asked += [module.tangent(row[np.newaxis], dx), module.adjoint(row[np.newaxis], y_bar)]
    for *results, status in asked:
        assert status == INVALID
        assert all(np.isnan(each).all() for each in results)
    rows = wanted(kind).rows[:9].copy()
    rows[4] = row
    y, status = module.predict_rows(rows)
    alone, _ = module.predict(rows)
    assert status[4] == INVALID
    assert np.isnan(y[4]).all()
    kept = np.arange(9) != 4
    assert units_apart(y[kept], alone[kept]) <= FORTRAN_ROWS_UNITS


def test_c_gets_rows_and_jacobians_in_its_own_order(double):
    module, given = double["more outputs than inputs"], wanted("more outputs than inputs")
    y, status = module.in_c("predict", given.rows[3], (40,))
    np.testing.assert_array_equal(y, module.predict(given.rows[3:4])[0][0])
    assert status == given.outside[3]
    y, jacobian, status = module.in_c("jacobian", given.rows[3], (40,), (40, 3))
    _, wanted_jacobian, _ = module.jacobian(given.rows[3:4])
    np.testing.assert_array_equal(jacobian, wanted_jacobian[0])
    assert status == given.outside[3]


FITTING = """
program fitting
  use k0_model, wp => k0_kind, failing => k0_invalid
  implicit none
  real(wp) :: x(20, k0_inputs), y(20, k0_outputs), across(k0_outputs, 20), wide(20, k0_outputs + 1)
  integer :: statuses(20), few(19)
  x = 0
  call k0_predict_rows(x, y, statuses)
  print *, all(statuses == k0_ok), all(y > -huge(1.0_wp))
  call k0_predict_rows(transpose(x), across, statuses)
  print *, all(statuses == failing), count(across >= -huge(1.0_wp)) == 0
  call k0_predict_rows(x, wide, statuses)
  print *, all(statuses == failing), count(wide >= -huge(1.0_wp)) == 0
  call k0_predict_rows(x, y(1:19, :), statuses)
  print *, all(statuses == failing), count(y(1:19, :) >= -huge(1.0_wp)) == 0
  call k0_predict_rows(x, y, few)
  print *, all(few == failing), count(y >= -huge(1.0_wp)) == 0
end program fitting
"""


def test_arrays_that_do_not_fit_give_no_numbers(tmp_path):
    """Columns and rows exchanged is what a programmer gets wrong first; nothing may be read beyond an array's end."""
    exported({"one": EXPORTED["tanh"]}, tmp_path)
    (tmp_path / "fitting.f90").write_text(FITTING)
    compiled(tmp_path, "-fcheck=all", "k0.f90", "fitting.f90", "-o", "fitting")
    done = subprocess.run([tmp_path / "fitting"], capture_output=True, text=True)
    assert (done.stdout.split(), done.stderr) == (["T"] * 10, "")
