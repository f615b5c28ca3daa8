"""Exported Fortran as text: the standard's limits, names, what the head says, what is shared, what is refused."""

import re
from dataclasses import replace

import pytest
from exported_kinds import EXPORTED, strange_names
from fortran_programs import texts

from fitnet import Ensemble, Scaling
from fitnet.errors import ArgumentValueError
from kinds_of_models import INPUTS, RANGES, TWO, model, network

LINE, CONTINUATIONS, NAME = 132, 255, 63
PUBLIC = "kind inputs outputs numbers ok outside invalid lowest highest predict predict_rows jacobian tangent adjoint"


def continuations(text):
    """How many lines each statement goes on over."""
    run_length, found = 0, [0]
    for line in text.splitlines():
        run_length = run_length + 1 if line.endswith("&") else 0
        found.append(run_length)
    return found


@pytest.mark.parametrize("precision", ["double", "single"])
def test_lines_statements_and_names_are_short_enough(tmp_path, precision):
    for text in texts(tmp_path, EXPORTED, derivatives="hessian", precision=precision).values():
        assert max(len(line.encode()) for line in text.splitlines()) <= LINE
        assert max(continuations(text)) <= CONTINUATIONS
        code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("!"))
        assert max(map(len, re.findall(r"\w+", code))) <= NAME
        assert not re.search(r"\b(save|data|common|goto|print|write|read|allocatable)\b", code)
        begun = re.findall(r"^  ([\w ]*)\b(?:subroutine|function) ", code, re.MULTILINE)
        assert set(begun) == {"pure ", "pure recursive ", "elemental ", "end "}


def test_a_long_vector_is_put_together_of_several_statements(tmp_path):
    text = texts(tmp_path, {"wide": model(1, network(3, 90, 90, 1, activations=("relu", "relu", "identity")))})["wide"]
    assert "parameters_1(8641) = [ &" in text
    assert "parameters_1_9" in text
    assert max(continuations(text)) <= CONTINUATIONS


def test_no_prefix_makes_a_public_name_one_of_the_modules_own(tmp_path):
    for text in texts(tmp_path, EXPORTED, derivatives="hessian").values():
        own = re.findall(r":: (\w+)\(?[\d, ]*\)? =|(?:subroutine|function) (\w+)", text)
        names = {name for pair in own for name in pair if name and not re.match(r"k\d+_", name)}
        assert not [
            name for name in names if re.search(rf"_({PUBLIC.replace(' ', '|')}|hessian|interval|model)$", name)
        ]


def test_the_same_model_gives_the_same_bytes(tmp_path):
    for number, made in enumerate(("ensemble, normalised", "error bars")):
        one, two = tmp_path / f"{number}_1", tmp_path / f"{number}_2"
        for folder in (one, two):
            folder.mkdir()
            EXPORTED[made].export(folder / "m.f90", derivatives="hessian")
        for name in ("m.f90", "m_self_test.f90"):
            assert (one / name).read_bytes() == (two / name).read_bytes()


def test_the_head_says_what_columns_are(tmp_path):
    text = texts(tmp_path, {"strange": strange_names()})["strange"]
    assert "!     1 end (end_) in K, from -2 to 3" in text
    assert "!     3 re (re_2), from 0 to 0.001" in text
    assert "!     2 µ (m/s) (m_s) in m/s" in text


def test_a_model_that_is_too_large_is_refused(tmp_path):
    wide = model(1, network(10, 1000, 1000, 1, activations=("relu", "relu", "identity")), "float32")
    with pytest.raises(ArgumentValueError, match=r"`to` is 'fortran' and the model has 1,013,001 parameters"):
        wide.export(tmp_path / "m.f90")
    many = model(1, network(60_000, 1, activations=("identity",)))
    with pytest.raises(ArgumentValueError, match=r"`to` is 'fortran' and a layer has 60,000 inputs"):
        many.export(tmp_path / "m.f90", derivatives="none")
    assert list(tmp_path.iterdir()) == []


def test_outputs_that_single_precision_cannot_hold(tmp_path):
    large = model(1, network(2, 3, 1, activations=TWO), target_scaling=Scaling([1e38], [1e38]))
    large = replace(large, parameters=large.parameters + 100, input_ranges=[[1.0, 1], [2, 2]])
    with pytest.raises(ArgumentValueError, match=r"above 3.4e\+38 at all rows .* `precision` must be 'double'"):
        large.export(tmp_path / "m.f90", precision="single")
    large.export(tmp_path / "m.f90")


def test_members_of_one_structure_share_procedures(tmp_path):
    layers = network(3, 5, 1, activations=TWO)
    members = [model(i, layers, input_scaling=INPUTS, input_ranges=RANGES) for i in range(4)]
    text = texts(tmp_path, {"ensemble": Ensemble(members)})["ensemble"]
    assert text.count("pure recursive subroutine value_") == 1
    assert text.count(":: constants_") == 1
    assert text.count(":: parameters_") == 4
