"""Dask collections: each part is answered as the model answers all rows at once, bit for bit, and nothing before."""

import numpy as np
import pandas as pd
import pytest

from fitnet import Model, Network, Regressor
from fitnet.distributed import jacobian, predict, predict_interval
from fitnet.engine import ENGINES
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from kinds_of_models import KINDS

dask = pytest.importorskip("dask", reason="dask is not installed: pip install 'fitnet[dask]'")
dd, da = pytest.importorskip("dask.dataframe"), pytest.importorskip("dask.array")
cloudpickle = pytest.importorskip("cloudpickle")
WHY = "the reference engine gives a row other bits beside other rows"
pytestmark = pytest.mark.skipif("native" not in ENGINES, reason=WHY)

ANSWERS = {
    "predict": (predict, lambda model, X: model.predict(X)),
    "predict_interval": (predict_interval, lambda model, X: model.predict_interval(X)),
    "jacobian": (jacobian, lambda model, X: model.jacobian(X)),
}
BARS = KINDS["error bars"]
NAMES = {
    "predict": ["y1", "y2"],
    "predict_interval": ["y1_lower", "y1_upper", "y2_lower", "y2_upper"],
    "jacobian": [f"d({y})/d({x})" for y in ("y1", "y2") for x in ("x1", "x2", "x3")],
}
PLAIN = Model(Network.of_widths((2, 3, 1)), np.linspace(-1, 1, 13), input_names=["a", "b"], output_names=["flux"])
META = pd.DataFrame({"a": np.empty(0), "b": np.empty(0)})


@pytest.fixture(autouse=True)
def in_this_thread():
    """One task after the other, where a test's failure is seen best."""
    with dask.config.set(scheduler="synchronous"):
        yield


def frame(n=200, kind=BARS):
    """The rows with an index that no default has, columns in another order."""
    rows = pd.DataFrame(kind.X[:n], columns=kind.model.input_names, index=[f"row {i:03}" for i in range(n)])
    return rows[rows.columns[::-1]]


@pytest.mark.parametrize("asked", ANSWERS)
def test_a_frame_keeps_index_and_gets_names(asked):
    lazily, at_once = ANSWERS[asked]
    rows = frame()
    answer = lazily(BARS.model, dd.from_pandas(rows, npartitions=3))
    assert isinstance(answer, dd.DataFrame)
    assert list(answer.columns) == NAMES[asked]
    found, expected = answer.compute(), at_once(BARS.model, BARS.X)
    assert list(found.index) == list(rows.index)
    assert list(found.columns) == NAMES[asked]
    assert (found.dtypes == answer.dtypes).all()
    np.testing.assert_array_equal(found.to_numpy(), expected.reshape(len(rows), -1))


@pytest.mark.parametrize("asked", ANSWERS)
@pytest.mark.parametrize("chunks", [(70, 3), (70, 2), ((1, 0, 199), 3), (200, 1)], ids=str)
def test_an_array_keeps_its_blocks_of_rows(asked, chunks):
    lazily, at_once = ANSWERS[asked]
    rows = da.from_array(BARS.X, chunks=chunks)
    answer, expected = lazily(BARS.model, rows), at_once(BARS.model, BARS.X)
    assert (answer.shape, answer.dtype, answer.chunks[0]) == (expected.shape, expected.dtype, rows.chunks[0])
    np.testing.assert_array_equal(answer.compute(), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_models_of_every_kind(kind):
    model, X = KINDS[kind].model, KINDS[kind].X
    rows = da.from_array(X, chunks=(37, -1))
    for lazily, at_once in (ANSWERS["predict"], ANSWERS["jacobian"]):
        answer, expected = lazily(model, rows), at_once(model, X)
        assert (answer.shape, answer.dtype) == (expected.shape, expected.dtype)
        np.testing.assert_array_equal(answer.compute(), expected)


def test_words_and_gaps_in_a_frame():
    model = KINDS["ensemble, normalised"].model
    rows = pd.DataFrame({"T": [1.0, np.nan, 3.0], "colour": ["red", "blue", None], "x": [np.nan, 0.5, -1.0]})
    answer = predict(model, dd.from_pandas(rows, npartitions=3))
    assert list(answer.columns) == ["flux", "mass"]
    np.testing.assert_array_equal(answer.compute().to_numpy(), model.predict(rows))
    assert list(jacobian(model, dd.from_pandas(rows, npartitions=2)).columns) == [
        f"d({y})/d({x})" for y in ("flux", "mass") for x in ("x", "T")
    ]


def test_classes_are_answered_with_probabilities():
    network = Network.of_widths((2, 4, 3))
    parameters = network.initial_parameters(np.random.default_rng(0))
    model = Model(network, parameters, input_names=["a", "b"], classes=["blue", "green", "red"])
    rows = pd.DataFrame(np.random.default_rng(1).normal(size=(9, 2)), columns=["a", "b"])
    found = predict(model, dd.from_pandas(rows, npartitions=2)).compute()
    assert list(found.columns) == ["blue", "green", "red"]
    np.testing.assert_array_equal(found.to_numpy(), model.predict(rows))
    with pytest.raises(ArgumentValueError, match="`model` predicts classes"):
        predict_interval(model, dd.from_pandas(rows, npartitions=2))


def test_partitions_that_are_empty_or_of_one_row_or_of_a_thousand():
    sizes = [0, 1, 1000, 0, 1, 3]
    starts = np.cumsum([0, *sizes])
    whole = pd.DataFrame(np.random.default_rng(2).normal(size=(starts[-1], 2)), columns=["a", "b"])

    def part(k):
        return whole.iloc[starts[k] : starts[k + 1]]

    rows = dd.from_map(part, list(range(len(sizes))), meta=META)
    for asked, entries in ((predict, 1), (jacobian, 2)):
        found = asked(PLAIN, rows)
        assert found.map_partitions(len).compute().tolist() == sizes
        assert found.compute().shape == (1005, entries)
    np.testing.assert_array_equal(predict(PLAIN, rows).compute().to_numpy(), PLAIN.predict(whole))


def parts_of_other_kinds(change):
    """A DataFrame whose second partition is not as it says."""

    def part(k):
        rows = pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]})
        return change(rows) if k else rows

    return dd.from_map(part, [0, 1], meta=META, enforce_metadata=False)


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        (lambda rows: rows.rename(columns={"b": "B"}), ArgumentValueError, "lacks 'b' and has 'B'"),
        (lambda rows: rows.drop(columns="a"), ArgumentValueError, "lacks 'a'"),
        (lambda rows: rows.assign(b=["x", "y"]), ArgumentTypeError, "holds text.* in column 'b'"),
        (lambda rows: rows.assign(a=[1.0, np.nan]), ArgumentValueError, "holds NaN in column 'a', row 1"),
    ],
)
def test_a_partition_unlike_the_others_is_refused_by_its_column(change, error, sentence):
    answer = predict(PLAIN, parts_of_other_kinds(change))
    with pytest.raises(error, match=sentence):
        answer.compute()


@pytest.mark.parametrize("dtype", [np.int32, np.float32, bool])
def test_a_partition_of_other_numbers_is_answered(dtype):
    found = predict(PLAIN, parts_of_other_kinds(lambda rows: rows.astype(dtype))).compute()
    expected = PLAIN.predict(np.array([[1.0, 3], [2, 4]]).astype(dtype).astype(float))
    np.testing.assert_array_equal(found.to_numpy()[2:], expected)


def test_nothing_is_computed_before_it_is_asked_for():
    def never(k):
        raise AssertionError("this partition was computed")

    rows = dd.from_map(never, [0, 1], meta=META)
    for lazily in (predict, jacobian):
        lazily(PLAIN, rows)
    blocks = da.from_delayed(dask.delayed(never)(0), shape=(10, 2), dtype=float)
    predict(PLAIN, blocks)


@pytest.mark.parametrize("kind", ["error bars", "ensemble, normalised"])
def test_the_model_is_in_the_graph_once(kind):
    """A thousand parts take less than a megabyte, whoever computes them; in each of them it would be many."""
    model, X = KINDS[kind].model, KINDS[kind].X
    answer = predict(model, da.zeros((10_000, X.shape[1]), chunks=(10, -1)))
    assert answer.npartitions == 1000
    assert len(cloudpickle.dumps(dict(answer.__dask_graph__()))) < 1_000_000


ROWS = da.zeros((4, 2), chunks=2)


@pytest.mark.parametrize(
    ("collection", "error", "sentence"),
    [
        (np.zeros((2, 2)), ArgumentTypeError, "is numpy.ndarray; it must be a dask DataFrame or a dask Array: rows in"),
        (META, ArgumentTypeError, "is pandas.*DataFrame; it must be a dask"),
        (dd.from_pandas(META.a, npartitions=1), ArgumentTypeError, "is a dask Series; it must be"),
        (dask.delayed(1), ArgumentTypeError, "is a dask Delayed"),
        (dd.from_pandas(META[["a"]], npartitions=1), ArgumentValueError, "lacks 'b'; its columns must be 'a', 'b'"),
        (ROWS[:, :1], ArgumentValueError, r"has shape \(4, 1\); it must be \(n, 2\), 2 columns"),
        (ROWS[0], ArgumentValueError, r"has shape \(2,\)"),
    ],
)
def test_other_collections_are_refused_at_once(collection, error, sentence):
    with pytest.raises(error, match=sentence) as raised:
        predict(PLAIN, collection)
    assert raised.value.argument == "collection"


def test_other_models_and_questions_are_refused_at_once():
    with pytest.raises(ArgumentTypeError, match=r"`model` is Regressor; it must be a Model .* give its `model_`"):
        predict(Regressor(), ROWS)
    with pytest.raises(ArgumentTypeError, match="`model` is str"):
        predict("model.fitnet", ROWS)
    with pytest.raises(ArgumentValueError, match="`predict_interval` needs error bars"):
        predict_interval(PLAIN, ROWS)
    for coverage in (1.5, [0.5, 0.9]):
        with pytest.raises(ArgumentValueError, match="`coverage"):
            predict_interval(BARS.model, da.zeros((4, 3)), coverage)
    with pytest.raises(ArgumentValueError, match="`n_threads` is 0"):
        predict(PLAIN, ROWS, n_threads=0)
