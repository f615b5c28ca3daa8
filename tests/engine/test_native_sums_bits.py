"""The native engine's normal equations and their solutions have the same bits for any number of threads, for every
instruction set with FMA, and for several callers at once."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import numpy as np
import pytest
from parity import draw_numbers, draw_weights
from test_native_bits import HERE, TIMEOUT, python

from fitnet.algorithm.network import Network
from fitnet.engine import ENGINES

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")

SIZES = [1, 48, 331]
CASES = [((3, 32, 32, 1), 1030), ((2, 17, 16, 15, 3), 531), ((7, 66, 5), 65), ((1, 1), 3)]

each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
each_case = pytest.mark.parametrize(("widths", "n"), CASES, ids=str)


def sums(n_threads, widths, n, dtype):
    """The bytes of the normal equations and of the curvature of classes, plain and weighted."""
    network, engine = Network.of_widths(widths, "gelu", "softplus"), ENGINES["native"](n_threads)
    parameters, X, Y = draw_numbers(network, n, 5, dtype)
    found = []
    for weighting in ("plain", "weighted"):
        JtJ, Jtr, squares = engine.normal_equations(network, parameters, X, Y, draw_weights(weighting, n, 5, dtype))
        assert np.isfinite(JtJ).all()
        found += [JtJ.tobytes(), Jtr.tobytes(), np.float64(squares).tobytes()]
        logits = Network.of_widths(widths, "gelu")
        found.append(engine.class_curvature(logits, parameters, X, draw_weights(weighting, n, 5, dtype)).tobytes())
    return b"".join(found)


def solved(n_threads, P):
    """The bytes of what Cholesky's factorisation is for."""
    generator, engine = np.random.default_rng(P), ENGINES["native"](n_threads)
    J, ridge, right = generator.normal(size=(2 * P, P)), generator.uniform(size=P), generator.normal(size=P)
    matrix = np.einsum("ij,ik->jk", J, J)  # no product of BLAS, whose bits depend on its threads
    return (
        engine.solve_positive_definite(matrix, ridge, right).tobytes()
        + engine.inverse_diagonal(matrix, ridge).tobytes()
    )


def digest(n_threads):
    """One line for `sums` of every case and dtype, and for `solved` of every size."""
    parts = [sums(n_threads, *case, dtype) for case in CASES for dtype in ("float32", "float64")]
    parts += [solved(n_threads, P) for P in SIZES]
    return sha256(b"".join(parts)).hexdigest()


@pytest.mark.parametrize("P", SIZES)
@pytest.mark.parametrize("n_threads", [2, 3, 4, 8])
def test_the_number_of_threads_changes_no_bit_of_a_solution(P, n_threads):
    assert solved(n_threads, P) == solved(1, P)


@each_dtype
@each_case
@pytest.mark.parametrize("n_threads", [2, 3, 4, 8])
def test_the_number_of_threads_changes_no_bit(widths, n, dtype, n_threads):
    assert sums(n_threads, widths, n, dtype) == sums(1, widths, n, dtype)


def test_every_instruction_set_with_fma_gives_the_same_bits():
    from fitnet.engine import _native

    available = _native.available_levels()
    levels = [level for level in available if level != "baseline"] or available  # x86-64's baseline has no FMA
    program = (
        f"import sys; sys.path[:0] = [{str(HERE)!r}, {str(HERE.parent)!r}]; import test_native_sums_bits as bits; "
    )
    program += "print(bits.digest(2), bits.ENGINES['native']().level)"
    answers = {level: python(program, FITNET_LEVEL=level).split() for level in levels}
    assert {level: level_in_use for level, (_, level_in_use) in answers.items()} == {level: level for level in levels}
    assert {bits for bits, _ in answers.values()} == {digest(2)}


def test_callers_in_several_threads_get_the_same_bits():
    alone = sums(1, *CASES[1], "float64")
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(sums, n_threads, *CASES[1], "float64") for n_threads in (1, 2, 3, 4)]
        assert all(call.result(TIMEOUT) == alone for call in calls)
