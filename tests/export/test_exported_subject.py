"""The subject of exporters, what is refused, and the door: `Model.export`."""

from dataclasses import replace

import numpy as np
import pytest
from exported_kinds import EXPORTED

import fitnet as package
from fitnet import Dense, LogTransform, Model, Network, Scaling
from fitnet.algorithm.activations import ACTIVATIONS, Tanh
from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.engine.compute import Compute
from fitnet.errors import ArgumentError, ArgumentTypeError, ArgumentValueError
from fitnet.export.checked_steps import FORMULAS
from fitnet.export.subject import ConformalInterval, LaplaceInterval
from fitnet.export.write import LANGUAGES
from fitnet.model.exporting.interval import why_no_interval
from fitnet.model.exporting.rows import encoded_rows
from fitnet.model.exporting.subject import subject_of
from kinds_of_models import HIGH, LOW


def subject(kind, derivatives="hessian", precision="double", coverage=0.9):
    model = EXPORTED[kind] if isinstance(kind, str) else kind
    return subject_of(model, "wing", derivatives, precision, coverage, False)


def test_columns_have_names_identifiers_units_and_ranges():
    one = subject("strange names")
    columns = [(each.name, each.identifier, each.unit, each.lowest, each.highest) for each in one.inputs]
    assert columns == [
        ("end", "end_", "K", LOW[0], HIGH[0]),
        ("Re", "Re", "", LOW[1], HIGH[1]),
        ("re", "re_2", "", LOW[2], HIGH[2]),
    ]
    assert [(each.name, each.identifier, each.unit) for each in one.outputs] == [
        ('a "b" */ c\\', "a_b_c", ""),
        ("µ (m/s)", "m_s", "m/s"),
    ]


def test_a_column_of_words_has_levels_and_no_range():
    x, colour, T = subject("words and gaps").inputs
    assert (colour.levels, colour.level_identifiers) == (("blue", "red", None), ("blue", "red", "missing"))
    assert (colour.lowest, colour.highest, x.levels) == (None, None, None)
    assert x.gaps and colour.gaps and T.gaps
    assert [each.gaps for each in subject("words alone").inputs] == [False, True]
    assert subject("words and gaps").numbers == (0, 2)
    assert [each.level_identifiers for each in subject("words alone").inputs] == [
        ("blue", "red"),
        ("round", "square", "while_", "missing"),
    ]
    assert subject("words alone").numbers == ()


def test_the_range_of_an_ensemble_is_its_domain():
    low, high = EXPORTED["ensemble, encoded"].domain.ranges
    assert [(each.lowest, each.highest) for each in subject("ensemble, encoded").inputs] == list(
        zip(low, high, strict=True)
    )


@pytest.mark.parametrize("kind", EXPORTED)
def test_branches_have_weights_and_end_alike(kind):
    one = subject(kind)
    assert len(one.weights) == len(one.branches) == (len(EXPORTED[kind].members) if "ensemble" in kind else 1)
    assert sum(one.weights) == pytest.approx(1)
    assert (one.impute is not None) == any(each.gaps for each in one.inputs if each.levels is None)
    assert (one.one_hot is not None) == any(each.levels is not None for each in one.inputs)


@pytest.mark.parametrize("kind", EXPORTED)
def test_checks_are_what_the_model_says(kind):
    model, checks = EXPORTED[kind], subject(kind).checks
    X = encoded_rows(subject(kind).inputs, checks.rows)
    assert checks.rows.shape == (12, len(model.given_names))
    scale = np.abs(checks.outputs).max(axis=0)
    assert (np.abs(model.predict(X) - checks.outputs) <= 1e-5 * scale).all()
    assert checks.outside[:8].sum() == 0
    assert checks.outside.any() == any(each.lowest is not None for each in subject(kind).inputs)
    assert checks.jacobian.shape == (*checks.outputs.shape, len(subject(kind).numbers))
    if checks.lower is not None:
        assert (checks.lower < checks.upper).all()


def test_only_derivatives_that_are_asked_for_are_checked():
    assert subject("tanh", "none").checks.jacobian is None
    assert subject("tanh", "jacobian").checks.hessian is None


def test_rows_of_single_precision_are_held_by_it():
    rows = subject("error bars", precision="single").checks.rows
    np.testing.assert_array_equal(rows, rows.astype(np.float32))


def test_intervals_by_kind_and_coverage():
    assert isinstance(subject("error bars").interval, LaplaceInterval)
    assert isinstance(subject("ensemble, encoded").interval, ConformalInterval)
    assert not subject("ensemble, encoded").interval.normalised
    assert subject("ensemble, normalised").interval.normalised
    wide, narrow = (subject("ensemble of one output", coverage=each).interval for each in (0.9, 0.5))
    assert (wide.upper > narrow.upper).all() and (wide.lower < narrow.lower).all()


@pytest.mark.parametrize("kind", EXPORTED)
def test_a_reason_is_given_where_there_is_no_interval(kind):
    assert (subject(kind).interval is None) == (why_no_interval(EXPORTED[kind]) is not None)


def test_a_graph_holds_no_intervals_from_error_bars():
    assert why_no_interval(EXPORTED["error bars"], "c") is None
    assert why_no_interval(EXPORTED["error bars"], "onnx") == "onnx holds none that come from error bars"


@pytest.mark.parametrize("kind", ["three classes", "ensemble of three classes"])
def test_classes_have_no_intervals(kind):
    assert why_no_interval(EXPORTED[kind]) == "probabilities of classes have none"


def test_provenance_is_told_in_lines_that_can_be_printed():
    told = replace(EXPORTED["tanh"], provenance={"seed": 3, "command": "fitnet fit a\n*/b.csv"})
    assert subject(told).lines[1:] == (
        "seed: 3",
        "command: fitnet fit a\\n* /b.csv",
        f"Exported by fitnet {package.__version__}",
    )


def test_exporters_have_formulas_of_all_activations():
    assert ACTIVATIONS.keys() == FORMULAS


def test_an_activation_of_the_users_own_is_refused(monkeypatch, tmp_path):
    monkeypatch.setitem(ACTIVATIONS, "sine", Tanh())
    network = Network((Dense(2, 3, "sine"), Dense(3, 1, "identity")))
    model = Model(network, np.ones(network.n_parameters), compute=Compute("reference"))
    for each in (model, package.Ensemble([model, model])):
        with pytest.raises(ArgumentValueError, match="the activation 'sine', for which exporters have no formula"):
            each.export(tmp_path / "a.py")


TINY = Scaling([0.0, 0, 0], [1, 1e-40, 1])
BEYOND = {
    "range": ({"input_ranges": [[-1.0, -1, 0], [1, 1, 1e39]]}, "the range of 'x3' has 1e\\+39"),
    "scaling": ({"input_scaling": Scaling([0, 0, 1e300], [1, 1, 1])}, "a scaling has 1e\\+300"),
    "divisor": ({"input_scaling": TINY}, "a scaling has 1e-40"),
    "target": ({"target_scaling": Scaling([0, 0], [1, 1e39])}, "a scaling has 1e\\+39"),
    "bound": ({"target_transform": LogTransform([None, -1e39])}, "a target's lower bound has -1e\\+39"),
}


@pytest.mark.parametrize("name", BEYOND)
def test_numbers_beyond_single_precision_are_refused(tmp_path, name):
    parts, sentence = BEYOND[name]
    model = replace(EXPORTED["tanh"], **parts)
    model.export(tmp_path / "a.py", precision="double")
    with pytest.raises(ArgumentValueError, match=f"`precision` is 'single' and {sentence}") as refused:
        model.export(tmp_path / "b.py", precision="single")
    assert refused.value.argument == "precision"
    assert not (tmp_path / "b.py").exists()


def test_medians_layers_and_edges_beyond_single_precision_are_refused(tmp_path):
    gaps = replace(EXPORTED["gaps"], imputation=replace(EXPORTED["gaps"].imputation, medians=[0, 1e39, 0]))
    layers = replace(EXPORTED["tanh"], parameters=EXPORTED["tanh"].parameters * 1e40)
    near = PiecewiseLinear((1e9 + np.arange(8.0) / 1e3, *EXPORTED["encoded, float32"].encoding.edges[1:]))
    encoded = replace(EXPORTED["encoded, float32"], encoding=near)
    for model, sentence in ((gaps, "a median"), (layers, "a layer"), (encoded, "an encoding")):
        with pytest.raises(ArgumentValueError, match=f"and {sentence} has"):
            model.export(tmp_path / "a.py", precision="single")


@pytest.mark.parametrize("path", ["a.py", "A.PY", "b.h", "c.f90", "d.onnx"])
def test_an_ending_tells_the_language(tmp_path, monkeypatch, path):
    asked = []
    monkeypatch.setattr("fitnet.export.write.files_of", lambda one, to: asked.append((one, to)) or {"": b"x"})
    assert EXPORTED["tanh"].export(tmp_path / path) == [tmp_path / path]
    (one, language), first = asked[0], path[0].lower()
    assert language == {"a": "numpy", "b": "c", "c": "fortran", "d": "onnx"}[first]
    assert one.name == first
    assert one.derivatives == LANGUAGES[language].derivatives


def test_files_beside_the_first(tmp_path, monkeypatch):
    monkeypatch.setattr("fitnet.export.write.files_of", lambda *_: {"": b"1", "_self_test.f90": b"2"})
    written = EXPORTED["tanh"].export(tmp_path / "Wing.f90")
    assert [each.name for each in written] == ["Wing.f90", "Wing_self_test.f90"]
    assert [each.read_bytes() for each in written] == [b"1", b"2"]


def test_as_many_parameters_as_may_be(tmp_path, monkeypatch):
    for most, advice in ((50, None), (49, "export it to fortran or onnx"), (1, "save it as .fitnet")):
        for name, larger in (("numpy", 0), ("c", -20), ("fortran", 1), ("onnx", 1)):
            monkeypatch.setitem(LANGUAGES, name, replace(LANGUAGES[name], most_parameters=most + larger))
        if advice is None:
            EXPORTED["tanh"].export(tmp_path / "a.py")
        else:
            with pytest.raises(
                ArgumentValueError, match=f"50 parameters; a file for that may hold {most} at .*{advice}"
            ):
                EXPORTED["tanh"].export(tmp_path / "a.py")


BAD = {
    "no ending": (("a",), {}, "`path` is .*; its name must end in one of .py, .h, .f90, .onnx, or `to` say"),
    "language": (("a.py", "java"), {}, "`to` is 'java'"),
    "language of another type": (("a.py", 3), {}, "`to` is 3"),
    "derivatives": (("a.py",), {"derivatives": "all"}, "`derivatives` is 'all'"),
    "precision": (("a.py",), {"precision": "half"}, "`precision` is 'half'"),
    "prefix": (("a.py",), {"prefix": "a b"}, "`prefix` is 'a b'"),
    "inputs": (("a.py",), {"inputs": "columns"}, "`inputs` is 'columns'"),
    "inputs by name": (("a.py",), {"inputs": "by-name"}, "`inputs` is 'by-name' and `to` is 'numpy'"),
    "coverage": (("a.py",), {"coverage": 1.5}, "`coverage` is 1.5"),
    "coverage of another type": (("a.py",), {"coverage": "most"}, "`coverage` "),
}


@pytest.mark.parametrize("name", BAD)
def test_wrong_arguments_are_one_sentence(tmp_path, name):
    (path, *to), options, sentence = BAD[name]
    with pytest.raises((ArgumentValueError, ArgumentTypeError), match=sentence) as refused:
        EXPORTED["error bars"].export(tmp_path / path, *to, **options)
    assert isinstance(refused.value, ArgumentError) and "\n" not in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        EXPORTED["tanh"].export(tmp_path / "gone" / "a.py")
