"""NumPy modules of models with projections of columns."""

import numpy as np
import pytest
from exported_kinds import EXPORTED, expected, units_apart
from exported_tolerances import EXPORTED_SINGLE_OF_LARGEST, EXPORTED_UNITS
from projected_kinds import PROJECTED, on_edges

from tolerances import STEPS_RTOL

N_FEW = 200
PRECISIONS = {"double": "float64", "single": "float32"}


def exported(given, folder, **options):
    """The names in a model's module."""
    given.export(folder / "exported.py", **options)
    names = {"__name__": "exported"}
    exec((folder / "exported.py").read_text(encoding="utf-8"), names)
    return names


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("kind", PROJECTED)
def test_they_say_what_the_model_says(tmp_path, kind, precision):
    names = exported(PROJECTED[kind], tmp_path, derivatives="hessian", precision=precision)
    wanted = expected(PROJECTED[kind], N_FEW, PRECISIONS[precision])
    answers = {"predict": wanted.outputs, "jacobian": wanted.jacobian, "hessian": wanted.hessian}
    if wanted.lower is not None:
        answers["interval"] = np.stack([wanted.lower, wanted.upper], axis=-1)
    for name, values in answers.items():
        apart = units_apart(names[name](wanted.rows), values)
        most = EXPORTED_UNITS[{"predict": "outputs"}.get(name, name)]
        assert apart <= (most if precision == "double" else EXPORTED_SINGLE_OF_LARGEST / np.finfo("float64").eps), name
    names["self_test"]()


@pytest.mark.parametrize("derivatives", ["none", "jacobian"])
def test_only_what_is_asked_for_is_there(tmp_path, derivatives):
    names = exported(PROJECTED["mixed members"], tmp_path, derivatives=derivatives)
    assert "hessian" not in vars(names["Project"])
    assert ("jacobian" in vars(names["Project"])) == (derivatives == "jacobian")
    assert "Project" not in exported(EXPORTED["encoded, float32"], tmp_path, derivatives=derivatives)


def test_on_an_edge_of_a_projection_the_slope_is_that_of_the_piece_below(tmp_path):
    given, rows, below = on_edges()
    found = exported(given, tmp_path)["jacobian"](rows)
    np.testing.assert_allclose(found, given.jacobian(below), STEPS_RTOL)
