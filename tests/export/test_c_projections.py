"""C: projections without pieces, more of them than columns, among words and gaps, and rows on their edges."""

import ctypes
import re

import numpy as np
import pytest
from c_programs import DTYPES, compiled, exported, includes, needs, row_function, said
from exported_kinds import expected, units_apart
from exported_tolerances import EXPORTED_SINGLE_UNITS, EXPORTED_UNITS

from fitnet import Ensemble, Scaling
from fitnet.algorithm.encoding import PiecewiseLinear
from kinds_of_models import CATEGORIES, EDGES, GAPS, INPUTS, RANGES, TWO, model, network

pytestmark = needs("gcc")
FEW = np.array([-1.0, -0.25, 0.5, 1])
NONE = np.empty(0)
WIDTHS = np.array([0.7, 1.3, 0.9])


def projected(seed, edges, coefficients, outputs=2, columns=3, **parts):
    """A model whose projections have these coefficients; edges are those of columns, then of projections."""
    encoding = PiecewiseLinear(edges, coefficients)
    parts = {"input_scaling": INPUTS, "input_ranges": RANGES} | parts
    assert encoding.n_inputs == columns
    return model(seed, network(encoding.n_features, 7, outputs, activations=TWO), encoding=encoding, **parts)


def among_words():
    """Six completed columns: x, three levels of colour, T, and whether T is missing."""
    coefficients = np.array([[0.5, 0, -0.7, 0.2, 0.6, 0.3], [0, 0, 0, 0, 0.9, -0.4], [0, 0.3, 0.4, 0, 0, 0.0]])
    columns = (np.array([-2.0, -1, 1, 2]), NONE, NONE, NONE, NONE, NONE)
    parts = {"input_scaling": Scaling(np.full(6, 0.1), np.full(6, 1.7)), "input_ranges": None}
    return projected(
        5, (*columns, FEW, FEW / 3, FEW), coefficients, 3, 6, categories=CATEGORIES, imputation=GAPS, **parts
    )


SLANTS = np.array([[0.6, -0.8, 0], [0, 0.5, 0.25], [0.7, 0, -0.7], [0.3, 0.3, 0.3], [0, 0, 1.5]])
MODELS = {
    "nothing is cut": projected(1, (NONE,) * 5, SLANTS[:2]),
    "columns are cut, projections not": projected(2, (*EDGES[:2], NONE, NONE, [-1.0, 1]), SLANTS[:2]),
    "projections are cut, columns not": projected(3, (NONE, NONE, NONE, FEW, NONE, FEW / 2), SLANTS[:3], 1),
    "more projections than columns": projected(4, (*EDGES, FEW, NONE, FEW / 2, FEW, FEW / 3), SLANTS, 2),
    "more outputs than columns": projected(6, (*EDGES, FEW, NONE, FEW / 2, FEW, FEW / 3), SLANTS, 5),
    "words and gaps": among_words(),
    "coefficients that are all 0": projected(7, (*EDGES, FEW, FEW), np.array([[0, 0, 0], [0, -0.0, 1.0]])),
    "members with projections of their own": Ensemble(
        [
            projected(8, (*EDGES, FEW), SLANTS[:1]),
            projected(9, (*EDGES, FEW / 2), SLANTS[2:3]),
            projected(10, (*EDGES, FEW, FEW), SLANTS[1:3], input_scaling=Scaling(INPUTS.shift, INPUTS.scale * 1.5)),
            model(11, network(3, 7, 2, activations=TWO), input_ranges=RANGES),
        ],
        [1, 2, 3, 4],
    ),
}


def answers(given, folder, rows, precision="double"):
    """Outputs, Jacobian and the like that a model's header says of rows."""
    (subject,) = exported({"one": given}, folder, precision=precision)
    library = compiled(folder, includes([subject]) + row_function(subject), "-shared", "-fPIC", name="one.so")
    return said(ctypes.CDLL(str(library)), subject, rows)


@pytest.fixture(scope="module", params=DTYPES)
def code(request, tmp_path_factory):
    """The precision, the subjects by name, and a library of all of them."""
    folder = tmp_path_factory.mktemp("projections")
    subjects = exported(MODELS, folder, precision=request.param)
    text = includes(subjects) + "".join(map(row_function, subjects))
    library = compiled(folder, text, "-shared", "-fPIC", name="all.so")
    return request.param, dict(zip(MODELS, subjects, strict=True)), ctypes.CDLL(str(library))


@pytest.mark.parametrize("kind", MODELS)
def test_it_says_what_the_model_says(code, kind):
    precision, subjects, library = code
    dtype = DTYPES[precision]
    wanted = expected(MODELS[kind], 300, dtype)
    found = said(library, subjects[kind], wanted.rows)
    for name, mine in zip(("outputs", "jacobian", "hessian"), found, strict=False):
        units = units_apart(mine, getattr(wanted, name), dtype)
        assert units <= (EXPORTED_UNITS[name] if precision == "double" else EXPORTED_SINGLE_UNITS), f"{name}: {units}"


def test_members_that_differ_in_numbers_alone_share_code(tmp_path):
    exported({"one": MODELS["members with projections of their own"]}, tmp_path)
    text = (tmp_path / "k0.h").read_text()
    assert text.count("static inline void k0_features_") == 2  # of one and of two projections; the fourth has none
    assert len(re.findall(r"static const double k0_projections_\d", text)) == 3


@pytest.mark.parametrize("precision", DTYPES)
def test_slopes_on_edges_of_projections_are_those_of_the_pieces_below(tmp_path, precision):
    scaling = Scaling([0.1, 0.2, 0.3], WIDTHS)
    rows = np.array([[i, j, k] for i in range(4) for j in range(4) for k in range(2)], float)
    z = (rows - scaling.shift) / scaling.scale
    u = 0.6 * z[:, 0] + -0.8 * z[:, 1] + 0.3 * z[:, 2]
    edges = np.unique(u)[::3]
    on_edges = rows[np.isin(u, edges[1:-1])]
    assert len(on_edges) >= 5
    given = projected(12, (NONE, NONE, NONE, edges), [[0.6, -0.8, 0.3]], input_scaling=scaling)
    outputs, jacobian, *_ = answers(given, tmp_path, on_edges, precision)
    dtype, allowed = DTYPES[precision], EXPORTED_UNITS["outputs"] if precision == "double" else EXPORTED_SINGLE_UNITS
    assert units_apart(outputs, given.predict(on_edges), dtype) <= allowed
    assert units_apart(jacobian, given.jacobian(on_edges), dtype) <= allowed


def test_narrow_pieces_lose_no_digits_in_single(tmp_path):
    edges = 0.01 + 1e-4 * np.array([-2.0, -1, 0, 1, 2])  # of a sum of terms that nearly cancel
    given = projected(13, (NONE, NONE, NONE, edges), [[3, -3, 0]], input_scaling=Scaling(np.zeros(3), WIDTHS))
    t, apart = np.random.default_rng(14).uniform((1, -2e-4), (2, 2e-4), (300, 2)).T
    z = np.stack([t, t - (0.01 + apart) / 3, t], axis=1)
    rows = (WIDTHS * z).astype(np.float32)
    outputs, *_ = answers(given, tmp_path, rows, "single")
    assert units_apart(outputs, given.predict(rows.astype(float)), np.float32) <= EXPORTED_SINGLE_UNITS
