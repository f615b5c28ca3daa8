"""Exported Fortran as programs: self-tests that can fail, names, large vectors, threads, numbers at their limits."""

import re
import subprocess
from dataclasses import replace

import numpy as np
import pytest
from exported_kinds import EXPORTED, strange_names
from fortran_programs import Module, compiled, exported, library, needs_gfortran, texts

from fitnet import LogTransform, Scaling
from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.model.error_bars import ErrorBars
from fitnet.rows import Categories
from kinds_of_models import TWO, model, network

LOUD = ("-O0", "-g", "-fcheck=all", "-ffpe-trap=invalid,zero,overflow")
ALONE = {"tanh": EXPORTED["tanh"]}


def run(folder, program):
    return subprocess.run([folder / program], capture_output=True, text=True, cwd=folder)


@needs_gfortran
@pytest.mark.parametrize("precision", ["double", "single"])
def test_all_self_tests_pass_with_every_check_on(tmp_path, precision):
    names = exported(EXPORTED, tmp_path, derivatives="hessian", precision=precision).values()
    uses = "\n".join(f"  use {name}_model, only: {name}_self_test" for name in names)
    counts = ", &\n    ".join(f"{name}_self_test()" for name in names)
    program = f"program all\n{uses}\n  implicit none\n  print *, [ &\n    {counts}]\nend program all\n"
    (tmp_path / "all.f90").write_text(program)
    compiled(tmp_path, *LOUD, *(f"{name}.f90" for name in names), "all.f90", "-o", "all")
    result = run(tmp_path, "all")
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == ["0"] * len(names)


@needs_gfortran
def test_the_program_passes_and_fails_when_a_number_is_altered(tmp_path):
    exported(ALONE, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["k0.f90", "k0_self_test.f90"]
    path = tmp_path / "k0.f90"
    right = path.read_text()
    results = []
    altered = re.sub(r"(parameters_1\(50\) = \[ &\s+)(-?[\d.]+)", r"\g<1>0.123", right)
    wrong_slope = right.replace("slope = 1 - a * a", "slope = 1 - a")
    wrong_adjoint = right.replace("b_1 * d(1:8)\n    x_bar = 0", "2 * b_1 * d(1:8)\n    x_bar = 0")
    assert len({right, altered, wrong_slope, wrong_adjoint}) == 4
    for text in (right, altered, wrong_slope, wrong_adjoint):
        path.write_text(text)
        compiled(tmp_path, "k0.f90", "k0_self_test.f90", "-o", "test")
        results.append(run(tmp_path, "test"))
    assert [each.returncode for each in results] == [0, 1, 1, 1]
    assert results[0].stdout == "k0: all checks passed\n"
    assert all(re.match(r"k0: \d+ checks failed", each.stderr) for each in results[1:])


@needs_gfortran
def test_strange_names_and_many_levels(tmp_path):
    levels = ("A B", "a b", "a-b", "predict", "x" * 80, "x" * 80 + "y", "µ", None)
    words = Categories(("Predict", "end if"), (levels, None))
    made = model(1, network(9, 4, 1, activations=TWO), categories=words, output_names=("*/ ! & 'x' \"y\" \n end",))
    names = {"words": made, "names": strange_names()}
    found = texts(tmp_path, names, prefix="check")
    for name in ("k0", "k1"):
        compiled(tmp_path, f"{name}.f90", f"{name}_self_test.f90", "-o", name)
        assert run(tmp_path, name).stdout == "check: all checks passed\n"
    numbers = re.findall(r"parameter, public :: (check_predict_\w+) = (\d)", found["words"])
    assert [int(number) for _, number in numbers] == list(range(8))
    assert len({name for name, _ in numbers}) == 8
    assert "check_predict_a_b = 0" in found["words"]
    assert "µ" in found["words"]


@needs_gfortran
def test_the_longest_prefix(tmp_path):
    words = Categories(("c" * 50, "x"), (("l" * 60, "l" * 61, None), None))
    made = model(1, network(4, 4, 1, activations=TWO), categories=words)
    text = texts(tmp_path, {"words": made}, prefix="a" * 40, derivatives="hessian")["words"]
    assert max(map(len, text.splitlines())) <= 132
    compiled(tmp_path, "k0.f90", "k0_self_test.f90", "-o", "test")
    assert run(tmp_path, "test").returncode == 0


@needs_gfortran
def test_vectors_that_a_compiler_would_refuse_are_split(tmp_path, monkeypatch):
    monkeypatch.setattr("fitnet.export.fortran_branches.LONGEST", 60)
    monkeypatch.setattr("fitnet.export.fortran_intervals.LONGEST", 60)
    large = {kind: EXPORTED[kind] for kind in ("deep", "ensemble, encoded")}
    names = exported(large, tmp_path, derivatives="hessian").values()
    for name in names:
        assert "parameters_1_part_2" in (tmp_path / f"{name}.f90").read_text()
        compiled(tmp_path, f"{name}.f90", f"{name}_self_test.f90", "-o", name)
        assert run(tmp_path, name).returncode == 0


@needs_gfortran
def test_a_triangle_in_parts(tmp_path, monkeypatch):
    monkeypatch.setattr("fitnet.export.fortran_intervals.LONGEST", 100)
    exported({"bars": EXPORTED["error bars"]}, tmp_path)
    assert "factor_14" in (tmp_path / "k0.f90").read_text()
    compiled(tmp_path, "k0.f90", "k0_self_test.f90", "-o", "test")
    assert run(tmp_path, "test").returncode == 0


@needs_gfortran
def test_what_is_not_asked_for_is_not_there(tmp_path):
    both = {kind: EXPORTED[kind] for kind in ("ensemble, normalised", "error bars")}
    for name, text in zip(("k0", "k1"), texts(tmp_path, both, derivatives="none").values(), strict=True):
        assert not re.search(rf"{name}_(jacobian|tangent|adjoint|hessian)", text)
        assert f"{name}_interval" in text
        compiled(tmp_path, f"{name}.f90", f"{name}_self_test.f90", "-o", name)
        assert run(tmp_path, name).returncode == 0


THREADS = """
program threads
  use k0_model, wp => k0_kind
  implicit none
  integer, parameter :: n = 2000
  real(wp) :: x(n, k0_inputs), one(n, k0_outputs), many(n, k0_outputs), slopes(n, k0_outputs, k0_numbers)
  real(wp) :: again(k0_outputs, k0_numbers), y(k0_outputs), row(k0_inputs)
  integer :: status(n), i, wrong
  call random_number(x)
  call k0_predict_rows(x, one, status)
  wrong = 0
  !$omp parallel do private(row, y, again) reduction(+: wrong)
  do i = 1, n
    row = x(i, :)
    call k0_predict(row, y, status(i))
    many(i, :) = y
    call k0_jacobian(row, y, again, status(i))
    slopes(i, :, :) = again
    wrong = wrong + k0_self_test()
  end do
  !$omp end parallel do
  do i = 1, n
    row = x(i, :)
    call k0_jacobian(row, y, again, status(i))
    if (any(abs(slopes(i, :, :) - again) > 0)) wrong = wrong + 1
  end do
  print *, wrong, maxval(abs(one - many)) < 1e-14_wp
end program threads
"""


@needs_gfortran
def test_two_threads_may_call_one_module(tmp_path):
    exported({"one": EXPORTED["tanh"]}, tmp_path)
    (tmp_path / "threads.f90").write_text(THREADS)
    compiled(tmp_path, "-O2", "-fopenmp", "k0.f90", "threads.f90", "-o", "threads")
    assert run(tmp_path, "threads").stdout.split() == ["0", "T"]


@needs_gfortran
def test_large_arrays_are_no_static_memory(tmp_path):
    """Compilers move arrays of more than 64 kB there, and gfortran warns of it, unless told not to."""
    wide = model(1, network(2, 1200, 7, 1, activations=("relu", "tanh", "identity")))
    exported({"wide": wide}, tmp_path, derivatives="hessian")
    compiled(tmp_path, "-c", "k0.f90")
    path = tmp_path / "k0.f90"
    path.write_text(path.read_text().replace("pure recursive", "pure"))
    with pytest.raises(AssertionError, match="moved from stack to static storage"):
        compiled(tmp_path, "-c", "k0.f90")


@needs_gfortran
def test_huge_and_tiny_numbers_are_read_back(tmp_path):
    """Shifts of 1e12, parameters that are not normal numbers, and all but infinite."""
    made = model(3, network(2, 4, 1, activations=TWO), "float32", input_scaling=Scaling([1e12, -3e-39], [1e5, 2e-38]))
    parameters = made.parameters.copy()
    parameters[:2] = [1e-45, 3e38]
    parameters[0::4] *= np.float32(1e-42)
    made = replace(made, parameters=parameters, input_ranges=[[1e12 - 1e5, -5e-38], [1e12 + 1e5, 5e-38]])
    exported({"one": made}, tmp_path)
    compiled(tmp_path, "k0.f90", "k0_self_test.f90", "-o", "test")
    assert run(tmp_path, "test").returncode == 0


@needs_gfortran
def test_single_precision_loses_no_digit_of_a_large_shift(tmp_path):
    """Of inputs and edges near 1e9, which float32 rounds to 64."""
    ranges = np.array([[1e9 - 1003, -2e9], [1e9 + 1003, -2e9 + 2002]])
    plain = model(3, network(2, 6, 1, activations=TWO), input_scaling=shifted(ranges), input_ranges=ranges)
    edges = tuple(np.linspace(*ends, 6) for ends in ranges.T)
    layers = network(12, 6, 1, activations=TWO)
    parts = {"input_scaling": shifted(ranges), "encoding": PiecewiseLinear(edges), "input_ranges": ranges}
    exported({"plain": plain, "cut": model(4, layers, **parts)}, tmp_path, precision="single")
    for name in ("k0", "k1"):
        compiled(tmp_path, f"{name}.f90", f"{name}_self_test.f90", "-o", name)
        assert run(tmp_path, name).returncode == 0


def shifted(ranges):
    return Scaling(ranges.mean(axis=0), np.ptp(ranges, axis=0) / 3)


@needs_gfortran
def test_exponentials_stay_finite_and_above_the_bound(tmp_path):
    """Logarithms from -900 to 900, of which exp overflows or is lost beside the bound."""
    made = model(
        7,
        network(1, 1, activations=("identity",)),
        target_scaling=Scaling([0.0], [900]),
        target_transform=LogTransform(3.0),
        input_ranges=[[-1.0], [1]],
    )
    made = replace(made, parameters=np.array([1.0, 0.0]))
    rows = np.linspace(-1, 1, 21)[:, np.newaxis]
    for precision, dtype in (("double", np.float64), ("single", np.float32)):
        exported({"logs": made}, tmp_path, precision=precision)
        folder = tmp_path / precision
        folder.mkdir()
        (tmp_path / "k0.f90").rename(folder / "k0.f90")
        module = Module(library({"logs": "k0"}, folder), "k0", 1, 1, dtype)
        y, jacobian, status = module.jacobian(rows)
        assert np.isfinite(y).all()
        assert y.max() == np.finfo(dtype).max
        assert y.min() == np.nextafter(dtype(3), dtype(4))
        assert not np.isnan(jacobian).any()
        assert (status == 0).all()
        np.testing.assert_array_equal(module.predict(rows)[0], y)
        np.testing.assert_array_equal(module.predict_rows(rows)[0], y)


@needs_gfortran
def test_other_flags(tmp_path):
    """Reals and integers of 8 bytes unless said otherwise, and mathematics without NaN or order: checks pass still."""
    exported({"words": EXPORTED["words and gaps"]}, tmp_path)
    for flags in (["-fdefault-real-8", "-fdefault-integer-8"], ["-O3", "-ffast-math"], ["-Wconversion-extra"]):
        compiled(tmp_path, *flags, "k0.f90", "k0_self_test.f90", "-o", "test")
        assert run(tmp_path, "test").returncode == 0


@needs_gfortran
def test_error_bars_of_a_plain_network(tmp_path):
    """No scaling, no transform, a last layer with an activation."""
    made = model(5, network(2, 4, 2, activations=("silu", "tanh")))
    P = made.network.n_parameters
    bars = ErrorBars(np.eye(P)[np.tril_indices(P)] * 2, 0.5, [[0.1, 0.0], [0.0, 0.0]], 3.0)
    exported({"bars": replace(made, error_bars=bars, example_inputs=np.zeros((1, 2)))}, tmp_path)
    compiled(tmp_path, "k0.f90", "k0_self_test.f90", "-o", "test")
    assert run(tmp_path, "test").returncode == 0
