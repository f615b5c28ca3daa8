"""Sound Parquet files, as many programs write them: none is taken for damaged."""

import io

import numpy as np
import polars as pl
import pyarrow
import pyarrow.parquet
import pytest
from parquet_mutants import read, sound_files

from fitnet.tables import numeric_columns, read_table

N = 5000
CONSTANT = np.zeros(300_000)


@pytest.mark.parametrize("number", range(6))
def test_files_that_are_mutated_are_sound(write, number):
    assert read(write("t.parquet", list(sound_files())[number])) == ["read"] * 3


@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "brotli", "lz4", "zstd"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("dictionary", [True, False])
def test_compressions_pages_and_dictionaries(tmp_path, compression, version, dictionary):
    values = np.arange(N) % 77 / 7.0
    table = pyarrow.table({"a": values, "constant": np.zeros(N), "gaps": [None if i % 3 else 1.5 for i in range(N)]})
    path = tmp_path / "t.parquet"
    options = {"compression": compression, "data_page_version": version, "use_dictionary": dictionary}
    pyarrow.parquet.write_table(table, path, row_group_size=1200, data_page_size=700, **options)
    np.testing.assert_array_equal(numeric_columns(read_table(path), ["a"])[:, 0], values)
    assert np.isnan(numeric_columns(read_table(path), ["gaps"])).sum() == table["gaps"].null_count


@pytest.mark.parametrize("compression", ["zstd", "brotli", "gzip"])
def test_a_page_that_is_nearly_nothing_compressed(tmp_path, compression):
    path = tmp_path / "t.parquet"
    options = {"compression": compression, "use_dictionary": False, "data_page_size": 2**30}
    pyarrow.parquet.write_table(pyarrow.table({"a": CONSTANT}), path, **options)
    assert path.stat().st_size < CONSTANT.nbytes / 500
    assert read_table(path).n_rows == len(CONSTANT)


def test_extra_columns_of_every_kind(tmp_path):
    table = pyarrow.table(
        {
            "a": np.arange(4.0),
            "lists": [[1, 2], [], None, [3]],
            "structs": [{"x": 1, "y": [1]}, {"x": 2, "y": []}, None, {"x": 4, "y": None}],
            "maps": pyarrow.array([[("k", 1)], [], None, [("l", 2), ("m", 3)]], pyarrow.map_("string", "int64")),
            "text": ["a", None, "b" * 10_000, ""],
            "when": np.array(["2020-01-01"] * 4, "datetime64[ns]"),
            "none": pyarrow.nulls(4),
        }
    )
    path = tmp_path / "t.parquet"
    pyarrow.parquet.write_table(table, path)
    np.testing.assert_array_equal(numeric_columns(read_table(path), ["a"])[:, 0], np.arange(4.0))


def test_lists_and_structs_by_polars(tmp_path):
    frame = pl.DataFrame({"a": [1.0, 2.0], "l": [[[1], []], [[2, 3]]], "s": [{"p": 1, "q": "x"}, {"p": 2, "q": None}]})
    frame.write_parquet(tmp_path / "t.parquet")
    assert read_table(tmp_path / "t.parquet").n_rows == 2


@pytest.mark.parametrize("options", [{"statistics": "full"}, {"statistics": False}, {"data_page_size": 64}])
def test_many_row_groups_and_pages(tmp_path, options):
    frame = pl.DataFrame({f"c{j}": np.arange(400.0) for j in range(20)})
    frame.write_parquet(tmp_path / "t.parquet", row_group_size=7, **options)
    assert read_table(tmp_path / "t.parquet").n_rows == 400


def test_statistics_longer_than_what_is_read_for_a_header(tmp_path):
    table = pyarrow.table({"a": np.arange(3.0), "text": ["x" * 9000, "y" * 9000, "z" * 9000]})
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table, buffer, use_dictionary=False, write_page_index=True)
    (tmp_path / "t.parquet").write_bytes(buffer.getvalue())
    assert read_table(tmp_path / "t.parquet").n_rows == 3


def test_row_groups_without_rows(tmp_path):
    schema = pyarrow.schema([("a", pyarrow.float64())])
    with pyarrow.parquet.ParquetWriter(tmp_path / "t.parquet", schema) as writer:
        for values in ([], [1.0, 2.0], []):
            writer.write_table(pyarrow.table({"a": pyarrow.array(values, pyarrow.float64())}))
    assert read_table(tmp_path / "t.parquet").n_rows == 2
