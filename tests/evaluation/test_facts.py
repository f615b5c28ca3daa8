"""Facts: one evaluation holds all, of rows in memory and of rows that are read once, chunk by chunk."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from fitnet import Model, Network
from fitnet.algorithm.scaling import Scaling
from fitnet.errors import ArgumentError
from fitnet.evaluation import Baselines, Errors, coverage, evaluate, kept_errors, outside_ranges
from fitnet.model.error_bars import ErrorBars
from fitnet.rows import ArrayRows
from fitnet.rows import sources as rows_module
from tolerances import FLOAT64_ATOL, FLOAT64_RTOL, METRIC_RTOL


@pytest.fixture
def model(rows):
    """A network from three inputs to two targets, scaled, with error bars and baselines, of half of the rows."""
    X, Y = (part[:30] for part in rows)
    network = Network.of_widths((3, 4, 2))
    P = network.n_parameters
    factor = np.zeros(P * (P + 1) // 2)
    factor[[i * (i + 3) // 2 for i in range(P)]] = 30.0
    return Model(
        network,
        network.initial_parameters(np.random.default_rng(1), dtype="float64"),
        ["a", "b", "c"],
        ["y", "z"],
        {"baselines": Baselines.fitted(X, Y).as_lists()},
        input_scaling=Scaling.standardising(X),
        target_scaling=Scaling.standardising(Y),
        input_ranges=np.array([X.min(axis=0), X.max(axis=0)]),
        error_bars=ErrorBars(factor, 1.0, np.diag([1.0, 0.5]), 3.0),
    )


def test_every_fact_is_what_its_part_gives(model, rows):
    X, Y = rows
    facts = evaluate(model, X, Y)
    baselines = Baselines.from_lists(model.provenance["baselines"], 3, 2)
    prediction, std = model.predict(X, return_std=True)
    predictions = [prediction, baselines.predict_mean(X), baselines.predict_linear(X)]
    assert list(facts.errors) == ["network", "mean", "least squares"]
    for errors, predicted in zip(facts.errors.values(), predictions, strict=True):
        for name, expected in vars(Errors.of(predicted, Y)).items():
            np.testing.assert_array_equal(getattr(errors, name), expected)
    for level, share in coverage(prediction, std, Y).items():
        np.testing.assert_array_equal(facts.coverage.shares[level], share)
    assert (facts.rows, facts.own_baselines) == (60, True)
    assert facts.outside.as_dict() == outside_ranges(model, X).as_dict()
    assert facts.outside.rows > 0


def test_as_json_holds_it(model, rows):
    facts = evaluate(model, *rows)
    told = facts.as_dict()
    assert list(told) == ["rows", "baselines_from", "outside", "evaluation", "coverage"]
    assert told["evaluation"]["z"]["mean"]["mae"] == facts.errors["mean"].mae[1]
    assert told["coverage"]["z"]["0.95"] == facts.coverage.shares[0.95][1]
    assert told["baselines_from"] == "training rows"


@dataclass(frozen=True, eq=False)
class CountedRows:
    """An array as a `RowSource` that lists what was read."""

    name: str
    array: np.ndarray
    read_rows: list

    dtype = np.dtype(np.float64)

    @property
    def shape(self):
        return self.array.shape

    def read(self, start, stop):
        self.read_rows.extend(range(start, min(stop, len(self.array))))
        return self.array[start:stop]


@pytest.mark.parametrize("rows_a_chunk", [1, 7, 60])
def test_rows_in_a_file_are_read_once_and_give_the_same(monkeypatch, model, rows, rows_a_chunk):
    monkeypatch.setattr(rows_module, "CHUNK_BYTES", rows_a_chunk * 3 * rows_module.ENTRY_BYTES)
    sources = [CountedRows(name, part, []) for name, part in zip("XY", rows, strict=True)]
    in_parts, at_once = evaluate(model, *sources), evaluate(model, *rows)
    for source in sources:
        assert source.read_rows == list(range(60))
    for by, errors in at_once.errors.items():
        for name, expected in vars(errors).items():
            found = getattr(in_parts.errors[by], name)
            np.testing.assert_allclose(found, expected, rtol=METRIC_RTOL, atol=FLOAT64_ATOL)
    assert in_parts.coverage_by_target() == at_once.coverage_by_target()
    assert in_parts.outside.as_dict() == at_once.outside.as_dict()


def test_baselines_are_given_or_the_models_or_fitted_to_these_rows(model, rows):
    X, Y = rows
    given = Baselines(np.zeros(2), np.zeros(3), np.zeros((3, 2)))
    facts = evaluate(model, X, Y, given)
    np.testing.assert_array_equal(facts.errors["mean"].rmse, Errors.of(np.zeros((60, 2)), Y).rmse)
    assert facts.own_baselines
    facts = evaluate(replace(model, provenance={}), X, Y)
    np.testing.assert_allclose(facts.errors["mean"].rmse, Y.std(axis=0), rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(facts.errors["mean"].r2, 0, atol=FLOAT64_ATOL)
    assert (facts.errors["least squares"].r2 > 0).all()
    assert facts.as_dict()["baselines_from"] == "this table"


def test_without_error_bars_there_is_no_coverage(model, rows):
    facts = evaluate(replace(model, error_bars=None), *rows)
    assert facts.coverage is None
    assert facts.as_dict()["coverage"] is None


@pytest.mark.parametrize(
    ("X", "Y", "argument", "sentence"),
    [
        (np.ones((2, 2)), np.ones((2, 2)), "X", "`X` has 2 columns; it must have 3."),
        (ArrayRows("X", np.ones((2, 2))), np.ones((2, 2)), "X", "`X` has 2 columns; it must have 3."),
        (np.ones((2, 3)), np.ones((2, 1)), "Y", "`Y` has 1 column; it must have 2."),
        (np.ones((2, 3)), np.ones((1, 2)), "X", "`X` has 2 rows and `Y` has 1; they must have equally many."),
        (
            np.full((2, 3), np.nan),
            np.ones((2, 2)),
            "X",
            "`X` holds nan at [0, 0]; every entry must be a finite number.",
        ),
        ([["a"] * 3], np.ones((1, 2)), "X", "`X` holds text; it must hold real numbers."),
    ],
)
def test_refused(model, X, Y, argument, sentence):
    with pytest.raises(ArgumentError) as error:
        evaluate(model, X, Y)
    assert (error.value.argument, str(error.value)) == (argument, sentence)


def test_errors_that_fit_kept_come_back_in_its_order(model, rows):
    kept = evaluate(model, *rows).errors_by_target()
    shuffled = {
        target: {by: dict(sorted(kept[target][by].items())) for by in sorted(kept[target])} for target in reversed(kept)
    }
    found = kept_errors(replace(model, provenance={"evaluation": shuffled}))
    assert found == kept
    assert [list(found), list(found["y"]), list(found["y"]["mean"])] == [
        list(kept), list(kept["y"]), list(kept["y"]["mean"])
    ]  # fmt: skip


def test_what_is_no_evaluation_is_none(model, rows):
    kept = evaluate(model, *rows).errors_by_target()
    y = kept["y"]
    almost = [
        None,
        "good",
        {},
        {"y": y},
        {"y": 1, "z": 2},
        kept | {"z": {"network": y["network"]}},
        kept | {"z": y | {"mean": 3}},
        kept | {"z": y | {"mean": {"rmse": 1.0}}},
        kept | {"z": y | {"mean": y["mean"] | {"r2": "high"}}},
    ]
    for provenance in ({}, *({"evaluation": each} for each in almost)):
        assert kept_errors(replace(model, provenance=provenance)) is None
