"""ONNX graphs of models with projections of columns."""

import numpy as np
import pytest
from exported_kinds import expected, units_apart
from exported_tolerances import EXPORTED_SINGLE_OF_LARGEST, EXPORTED_UNITS
from projected_kinds import PROJECTED, of_one_shape, on_edges
from run_onnx import DTYPES, exported, onnx, run

from fitnet import Ensemble
from tolerances import STEPS_RTOL

N_FEW = 200


@pytest.mark.parametrize("precision", DTYPES)
@pytest.mark.parametrize("kind", PROJECTED)
def test_they_say_what_the_model_says(kind, precision):
    data = exported(PROJECTED[kind], "hessian", precision)
    onnx.checker.check_model(onnx.load_from_string(data), full_check=True)
    wanted = expected(PROJECTED[kind], N_FEW, np.dtype(DTYPES[precision]).name)
    found = run(data, wanted.rows, precision)
    outputs = "probabilities" if kind == "classes" else "y"
    answers = {outputs: wanted.outputs, "jacobian": wanted.jacobian, "hessian": wanted.hessian}
    if wanted.lower is not None:
        answers |= {"lower": wanted.lower, "upper": wanted.upper}
    assert found.keys() - {"label"} == answers.keys()
    for name, values in answers.items():
        assert found[name].shape == values.shape
        most = EXPORTED_UNITS.get(name, EXPORTED_UNITS["outputs"])
        apart = units_apart(found[name], values)
        assert apart <= (most if precision == "double" else EXPORTED_SINGLE_OF_LARGEST / np.finfo("float64").eps), name


@pytest.mark.parametrize("outputs", [2, 5])
def test_members_with_projections_of_their_own_are_stacked(outputs):
    members = of_one_shape(outputs).members
    few, many = (
        len(onnx.load_from_string(exported(Ensemble(some), "jacobian")).graph.node) for some in (members[:2], members)
    )
    assert few == many


def test_a_projection_without_pieces_costs_no_node():
    made = onnx.load_from_string(exported(PROJECTED["one projection, without pieces"]))
    assert "Gather" not in {node.op_type for node in made.graph.node}


def test_on_an_edge_of_a_projection_the_slope_is_that_of_the_piece_below():
    given, rows, below = on_edges()
    found = run(exported(given, "jacobian"), rows)["jacobian"]
    np.testing.assert_allclose(found, given.jacobian(below), STEPS_RTOL)
