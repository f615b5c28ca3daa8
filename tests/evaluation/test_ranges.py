"""Ranges: the rows outside, and the columns they leave."""

import numpy as np
import pytest

from fitnet import Model, Network
from fitnet.evaluation import Outside, outside_of, outside_ranges, rows_outside
from fitnet.rows import ArrayRows
from fitnet.rows import sources as rows

RANGES = np.array([[0.0, -1.0], [1.0, 1.0]])
X = np.array([[0.0, 1.0], [1.0, -1.0], [-0.1, 0.0], [0.5, 1.1], [2.0, -2.0], [0.0, 9.0]])


def model(ranges):
    network = Network.of_widths((2, 3, 1))
    parameters = network.initial_parameters(np.random.default_rng(0))
    return Model(network, parameters, ["a", "b"], input_ranges=ranges)


def test_what_is_beyond_either_end_counts_and_the_ends_do_not():
    found = Outside.of(X, RANGES, ["a", "b"])
    assert (found.rows, found.entries.tolist()) == (4, [2, 3])
    assert found.as_dict() == {"rows": 4, "column": "b", "column_rows": 3}


def test_nothing_outside_names_no_column():
    assert Outside.of(X[:2], RANGES, ["a", "b"]).as_dict() == {"rows": 0, "column": None, "column_rows": None}


@pytest.mark.parametrize("rows_a_chunk", [1, 2, 4, 6])
def test_chunks_count_the_same(monkeypatch, rows_a_chunk):
    monkeypatch.setattr(rows, "CHUNK_BYTES", rows_a_chunk * 2 * rows.ENTRY_BYTES)
    found = outside_ranges(model(RANGES), ArrayRows("X", X))
    assert found.as_dict() == outside_ranges(model(RANGES), X).as_dict() == {"rows": 4, "column": "b", "column_rows": 3}


def test_without_ranges_nothing_is_known():
    unknown = {"rows": None, "column": None, "column_rows": None}
    for found in (outside_ranges(model(None), X), Outside.of(X, None, ["a", "b"]), Outside.unknown(["a", "b"])):
        assert found.as_dict() == unknown
        assert found.joined(found).as_dict() == unknown


@pytest.mark.parametrize("source", [np.asarray, lambda rows: ArrayRows("X", rows)])
def test_rows_outside_are_those_that_count(source):
    assert rows_outside(model(RANGES), source(X)).tolist() == [False, False, True, True, True, True]
    assert outside_of(model(RANGES), source(X)).as_dict() == {"rows": 4, "column": "b", "column_rows": 3}
    assert not rows_outside(model(None), source(X)).any()
