"""Windows: each entry is where its name says, no window leaves its series, and none sees its own future."""

import tracemalloc

import numpy as np
import pytest

from fitnet.rows import RowSource
from fitnet.rows.windows import SeriesColumns, WindowInputs, WindowShape, WindowTargets, input_names, target_names

STARTS, ENDS = np.array([0, 9]), np.array([9, 20])
SHAPE = WindowShape((1, 3), (2,), 2)


def columns_of(generator):
    """Two series of 9 and 11 rows, with 2 values, 1 column of the past, 1 known in advance and 2 of the calendar."""
    return SeriesColumns(*(generator.normal(size=(20, k)) for k in (2, 1, 1, 2)))


def inputs_by_hand(columns, origin):
    """One row of inputs, entry by entry."""
    y, past, known, calendar = columns.values, columns.past, columns.known, columns.calendar
    return [
        *y[origin - 1],
        *y[origin - 3],
        *past[origin - 2],
        *known[origin],
        *known[origin + 1],
        *calendar[origin],
    ]


def test_entries_are_where_their_names_say(generator):
    columns = columns_of(generator)
    origins = SHAPE.origins(STARTS, ENDS)
    inputs, targets = WindowInputs(columns, SHAPE, origins), WindowTargets(columns.values, 2, origins)
    n = len(origins)
    assert isinstance(inputs, RowSource) and isinstance(targets, RowSource)
    assert inputs.shape == (n, 9)
    np.testing.assert_array_equal(inputs.read(0, n), [inputs_by_hand(columns, o) for o in origins])
    np.testing.assert_array_equal(
        targets.read(0, n), [[*columns.values[o], *columns.values[o + 1]] for o in origins], strict=True
    )
    assert input_names(SHAPE, ("a", "b"), ("c",), ("d",), ("month sin", "month cos")) == (
        "a lag 1",
        "b lag 1",
        "a lag 3",
        "b lag 3",
        "c lag 2",
        "d step 1",
        "d step 2",
        "month sin",
        "month cos",
    )
    assert target_names(("a", "b"), 2) == ("a step 1", "b step 1", "a step 2", "b step 2")
    assert target_names(("a",), 1) == ("a",)


def test_chunks_are_the_whole(generator):
    inputs = WindowInputs(columns_of(generator), SHAPE, SHAPE.origins(STARTS, ENDS))
    n = inputs.shape[0]
    np.testing.assert_array_equal(np.vstack([inputs.read(i, i + 1) for i in range(n)]), inputs.read(0, n))
    assert inputs.read(3, 5).flags.c_contiguous


def test_no_window_leaves_its_series():
    assert SHAPE.origins(STARTS, ENDS).tolist() == [3, 4, 5, 6, 7, 12, 13, 14, 15, 16, 17, 18]
    assert len(SHAPE.origins(np.array([0]), np.array([4]))) == 0


@pytest.mark.parametrize("moment", range(20))
def test_inputs_do_not_change_with_what_comes_later(generator, moment):
    """Values and columns of the past, changed from a moment on, change no input of an origin up to there."""
    columns = columns_of(generator)
    later = SeriesColumns(columns.values.copy(), columns.past.copy(), columns.known, columns.calendar)
    later.values[moment:] += 1
    later.past[moment:] += 1
    origins = SHAPE.origins(STARTS, ENDS)
    now = origins <= moment
    before, after = (WindowInputs(each, SHAPE, origins).read(0, len(origins)) for each in (columns, later))
    np.testing.assert_array_equal(before[now], after[now])
    seen_later = origins - 1 >= moment
    assert np.all((before != after).any(axis=1)[seen_later])


def test_a_long_series_is_not_copied_for_every_lag():
    values = np.zeros((100_000, 1))
    none = np.empty((100_000, 0))
    shape = WindowShape(tuple(range(1, 101)))
    tracemalloc.start()
    inputs = WindowInputs(
        SeriesColumns(values, none, none, none), shape, shape.origins(np.array([0]), np.array([100_000]))
    )
    for start in range(0, inputs.shape[0], 1000):
        inputs.read(start, start + 1000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < inputs.shape[0] * 100 * 8 / 10
