"""Exported Fortran of encodings with projections: without pieces, without terms, many, narrow, of words, of members."""

import numpy as np
import pytest
from exported_kinds import expected, units_apart
from exported_tolerances import EXPORTED_SINGLE_UNITS, EXPORTED_UNITS, FORTRAN_PRODUCT_UNITS
from fortran_programs import Module, compiled, exported, library, needs_gfortran, texts

from fitnet import Ensemble, Scaling
from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.errors import ArgumentValueError
from kinds_of_models import CURVED, EDGES, INPUTS, RANGES, TARGETS, TWO, WORDS, model, network, residuals

N_ROWS = 300
PARTS = {"input_scaling": INPUTS, "input_ranges": RANGES}


def projected(seed, edges, projections, dtype="float64", outputs=2, **parts):
    """A network on columns, then projections, with these edges."""
    encoding = PiecewiseLinear(edges, np.array(projections, float))
    layers = network(encoding.n_features, 7, outputs, activations=TWO)
    return model(seed, layers, dtype, **{**PARTS, **parts, "encoding": encoding})


def with_narrow_pieces():
    """Pieces of 1/5,000 of a standard unit, within which float32 has few numbers; rows lie beside and within them."""
    cut = 0.13 + np.arange(-200, 201) / 5000
    return projected(3, ((), (), (), cut), [[0.6, -0.8, 0.3]], outputs=1)


def of_words():
    """Projections across numbers with gaps, a level and what tells a gap."""
    edges = ((), (), (), (), np.array([-1.0, 0, 2, 5]), (), np.array([-1.0, 0, 1]), np.array([-0.5, 0.1, 0.4]))
    terms = [[0.5, 0, 0.25, 0, -1, 0], [0, 0.3, 0, 0, 0.7, -0.6]]
    return projected(4, edges, terms, input_scaling=Scaling(np.zeros(6), np.full(6, 2.0)), input_ranges=None, **WORDS)


def ensemble():
    """Of each its own projections, but as many pieces: other terms, other coefficients, the first ones; and none."""
    edges = (*EDGES, np.array([-1.0, 0, 1]), np.array([-1.5, 0.2, 0.5, 1.0]))
    terms = [[[0.6, -0.8, 0], [0, 0.3, 0.9]], [[0, -0.8, 0.6], [0.3, 0.9, 0]], [[0.5, -0.7, 0], [0, 0.4, 0.8]]]
    parts = {**PARTS, "target_scaling": TARGETS}
    members = [projected(70 + i, edges, own, "float32", **parts) for i, own in enumerate([*terms, terms[0]])]
    plain = [model(80 + i, network(3, 7, 2, activations=CURVED[1:]), "float32", **parts) for i in range(2)]
    folds, conformal = (0, 1, 2, 0, 1, 2), residuals([0.25, np.inf], [True, False])
    return Ensemble([*members, *plain], [1, 2, 3, 1, 2, 3], folds, conformal=conformal)


FIVE = [[1.0, 0, 0], [0.4, -0.3, 0.5], [0, 0, -2], [0.1, 0.1, 0.1], [0, 1, 1]]
MODELS = {
    "no pieces at all": projected(1, [()] * 5, [[0.6, -0.8, 0], [0.5, 0.5, 0.25]]),
    "no terms": projected(2, (*EDGES, np.array([-1.0, 0.5, 1]), ()), [[0, 0, 0], [0, 0, 0]]),
    "more than inputs": projected(5, (*EDGES, (), *[np.array([-1.0, 0.1, 0.7, 2])] * 3, ()), FIVE),
    "more outputs than inputs": projected(6, (*EDGES, np.array([-1.0, 0, 1])), [[0.6, 0, -0.8]], outputs=9),
    "narrow pieces": with_narrow_pieces(),
    "words": of_words(),
    "ensemble": ensemble(),
}


def built(folder, precision):
    """A module of every model, compiled with every warning an error, and what the model says of rows it can hold."""
    names = exported(MODELS, folder, derivatives="hessian", precision=precision)
    whole, dtype = library(names, folder, "-O0", "-fcheck=all"), "float64" if precision == "double" else "float32"
    found = {}
    for kind, name in names.items():
        given = expected(MODELS[kind], N_ROWS, dtype)
        found[kind] = Module(whole, name, *given.jacobian.shape[1:], np.dtype(dtype)), given
    return found


@pytest.fixture(scope="module")
def double(tmp_path_factory):
    return built(tmp_path_factory.mktemp("double"), "double")


@pytest.fixture(scope="module")
def single(tmp_path_factory):
    return built(tmp_path_factory.mktemp("single"), "single")


def units(module, given):
    """How far from the model's is what the module gives, by name."""
    generator = np.random.default_rng(9)
    y_bar, dx = generator.normal(size=given.outputs.shape), generator.normal(size=(len(given.rows), module.q))
    y, jacobian, hessian, status = module.hessian(given.rows)
    np.testing.assert_array_equal(status, given.outside)
    pairs = {
        "outputs": (module.predict(given.rows)[0], given.outputs),
        "rows": (module.predict_rows(given.rows)[0], given.outputs),
        "outputs beside derivatives": (y, given.outputs),
        "jacobian": (module.jacobian(given.rows)[1], given.jacobian),
        "jacobian beside hessian": (jacobian, given.jacobian),
        "hessian": (hessian, given.hessian),
        "tangent": (module.tangent(given.rows, dx)[1], np.einsum("nmq,nq->nm", given.jacobian, dx)),
        "adjoint": (module.adjoint(given.rows, y_bar)[0], np.einsum("nmq,nm->nq", given.jacobian, y_bar)),
    }
    if given.lower is not None:
        lower, upper, _ = module.interval(given.rows)
        pairs |= {"lower": (lower, given.lower), "upper": (upper, given.upper)}
    return {name: units_apart(*pair, np.dtype(module.dtype).name) for name, pair in pairs.items()}


@needs_gfortran
@pytest.mark.parametrize("kind", MODELS)
def test_all_that_double_precision_gives_is_the_models(double, kind):
    most = EXPORTED_UNITS | {"tangent": FORTRAN_PRODUCT_UNITS, "adjoint": FORTRAN_PRODUCT_UNITS}
    apart = units(*double[kind])
    assert not {name: found for name, found in apart.items() if found > most.get(name, EXPORTED_UNITS["hessian"])}


@needs_gfortran
@pytest.mark.parametrize("kind", MODELS)
def test_single_precision_keeps_its_digits(single, kind):
    apart = units(*single[kind])
    assert not {name: found for name, found in apart.items() if found > EXPORTED_SINGLE_UNITS}


@needs_gfortran
@pytest.mark.parametrize("derivatives", ["none", "jacobian"])
def test_what_is_not_asked_for_is_not_there(tmp_path, derivatives):
    """The compiler warns of a constant or a variable that nothing uses."""
    for precision in ("double", "single"):
        for name in exported(MODELS, tmp_path, derivatives=derivatives, precision=precision).values():
            compiled(tmp_path, "-fsyntax-only", f"{name}.f90")


def test_members_share_procedures_only_where_terms_are_the_same(tmp_path):
    text = texts(tmp_path, {"ensemble": MODELS["ensemble"]})["ensemble"]
    assert text.count("pure recursive subroutine features_") == 3  # two of projections, one of a plain scaling
    assert text.count(":: constants_") == 4  # three encodings, one scaling


def test_an_encoding_that_no_constant_holds_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("fitnet.export.fortran_branches.MOST", 40)
    match = r"`to` is 'fortran' and a network's scalings and encoding have 54 numbers; there they may have 40 at most"
    with pytest.raises(ArgumentValueError, match=match):
        MODELS["more than inputs"].export(tmp_path / "m.f90")
    assert list(tmp_path.iterdir()) == []
