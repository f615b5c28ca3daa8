"""Inputs and targets from a table: which columns, which rows, and their hash."""

import hashlib
import struct

import numpy as np
import pytest

from fitnet.errors import ArgumentTypeError, ArgumentValueError, TableError
from fitnet.tables import complete_rows, data_hash, read_table, select, trained_on, write_table

WHOLE = "a,b,c,d\n1,2,3,4\n5,6,7,8\n"
GAPS = "a,b,c,d\n1,2,3,4\n,6,7,\n9,10,nan,12\n13,14,15,\n"


@pytest.fixture
def table(write):
    return lambda data: read_table(write("t.csv", data))


def test_features_are_all_columns_that_are_no_targets(table):
    chosen = select(table(WHOLE), ["c", "a"])
    np.testing.assert_array_equal(chosen.X, [[2, 4], [6, 8]])
    np.testing.assert_array_equal(chosen.Y, [[3, 1], [7, 5]])
    assert (chosen.feature_names, chosen.target_names, chosen.n_dropped) == (("b", "d"), ("c", "a"), 0)


def test_features_keep_the_order_they_are_named_in(table):
    chosen = select(table(WHOLE), ["c"], features=["d", "a"])
    np.testing.assert_array_equal(chosen.X, [[4, 1], [8, 5]])
    np.testing.assert_array_equal(chosen.Y, [[3], [7]])
    assert chosen.feature_names == ("d", "a")
    for part in (chosen.X, chosen.Y):
        assert part.dtype == np.float64
        assert part.flags.c_contiguous


def test_missing_values_drop_their_rows(table):
    chosen = select(table(GAPS), ["d"], ["b"], missing="drop")
    np.testing.assert_array_equal(chosen.X, [[2], [10]])
    np.testing.assert_array_equal(chosen.Y, [[4], [12]])
    assert chosen.n_dropped == 2


def test_missing_values_elsewhere_do_not_matter(table):
    values, kept = complete_rows(table(GAPS), ["b"])
    np.testing.assert_array_equal(values[:, 0], [2, 6, 10, 14])
    assert kept.all()


def test_complete_rows_say_which_they_are(table):
    values, kept = complete_rows(table(GAPS), ["c", "a"], missing="drop")
    np.testing.assert_array_equal(values, [[3, 1], [15, 13]])
    np.testing.assert_array_equal(kept, [True, False, False, True])


MANY = "a,b,c,d,e,f,g,y\n" + ",,,,,,,1\n" + "1,1,1,1,1,1,1,1\n" + ",1,1,1,1,1,1,1\n"


@pytest.mark.parametrize(
    ("data", "targets", "features", "drop", "error", "message"),
    [
        (WHOLE, "c", None, False, ArgumentTypeError, "`targets` is 'c'; it must be a list of column names."),
        (WHOLE, [], None, False, ArgumentValueError, "`targets` is empty; it must name at least one column."),
        (WHOLE, ["c"], [], False, ArgumentValueError, "`features` is empty; it must name at least one column."),
        (WHOLE, ["c", "c"], None, False, ArgumentValueError,
         "`targets` holds 'c' twice; it must name every column once."),
        (WHOLE, ["c"], ["a", "b", "a"], False, ArgumentValueError,
         "`features` holds 'a' twice; it must name every column once."),
        (WHOLE, ["c"], ["a", "c"], False, ArgumentValueError,
         "`features` holds 'c', which is a target; a column can be one of the two."),
        (WHOLE, ["a", "b", "c", "d"], None, False, ArgumentValueError,
         "`targets` holds every column of {path}; at least one must be left as a feature."),
        (WHOLE, ["e"], None, False, TableError, "{path} has no column 'e'; it has a, b, c, d."),
        (WHOLE, ["a"], ["b", "e"], False, TableError, "{path} has no column 'e'; it has a, b, c, d."),
        (GAPS, ["d"], None, False, TableError,
         "{path} has missing values in a (1), c (1), d (2); `missing='drop'` leaves those rows out and "
         "`missing='impute'` fills gaps of the inputs in."),
        (MANY, ["y"], None, False, TableError,
         "{path} has missing values in a (2), b (1), c (1), d (1), e (1) and 2 more; `missing='drop'` "
         "leaves those rows out and `missing='impute'` fills gaps of the inputs in."),
        ("a,b\n1,\n,2\n", ["a"], None, True, TableError,
         "{path} has a missing value in every row, in b (1), a (1); no row is left."),
    ],
)  # fmt: skip
def test_refusal(table, data, targets, features, drop, error, message):
    read = table(data)
    with pytest.raises(error) as raised:
        select(read, targets, features, missing="drop" if drop else "refuse")
    assert str(raised.value) == message.format(path=read.path)


def test_hash_is_that_of_the_numbers():
    X, Y = [[1.0, 2.0], [3.0, -0.0]], [[5.0], [6.0]]
    data = b"2 2\n" + struct.pack("<4d", 1, 2, 3, 0) + b"2 1\n" + struct.pack("<2d", 5, 6)
    assert data_hash(np.array(X), np.array(Y)) == hashlib.sha256(data).hexdigest()
    assert data_hash(np.array(X, order="F"), np.array(Y, dtype=np.float32)) == hashlib.sha256(data).hexdigest()


def test_hash_depends_on_the_numbers_alone(tmp_path, generator):
    columns = {name: generator.normal(size=50) for name in "abc"}
    hashes = set()
    for file, names in [("t.csv", "abc"), ("t.tsv", "bca"), ("t.parquet", "cab"), ("t.pq", "abc")]:
        write_table(tmp_path / file, {name: columns[name] for name in names})
        chosen = select(read_table(tmp_path / file), ["c"], ["a", "b"])
        hashes.add(data_hash(chosen.X, chosen.Y))
    assert len(hashes) == 1
    X, Y = chosen.X, chosen.Y
    others = [(X[::-1], Y), (X[:, ::-1], Y), (np.hstack([X, Y]), Y), (X[1:], Y[1:]), (np.nextafter(X, 9), Y)]
    for other in others:
        hashes.add(data_hash(*other))
    assert len(hashes) == 1 + len(others)


@pytest.mark.parametrize(
    ("X", "Y", "message"),
    [
        ([[1.0]], [[np.nan]], "`Y` holds nan at [0, 0]; every entry must be a finite number."),
        ([[1.0], [2.0]], [[1.0]], "`Y` has 1 row; it must have as many as `X`, 2."),
    ],
)
def test_hash_is_of_a_table_only(X, Y, message):
    with pytest.raises(ArgumentValueError) as raised:
        data_hash(np.array(X), np.array(Y))
    assert str(raised.value) == message


def test_a_table_trained_on_is_known_by_its_numbers():
    X, Y = [[1.0, 2.0], [3.0, 4.0]], [[5.0], [6.0]]
    provenance = {"table_sha256": data_hash(X, Y)}
    assert trained_on(provenance, X, Y)
    assert not trained_on(provenance, X, Y[::-1])
    assert not trained_on({}, X, Y)
