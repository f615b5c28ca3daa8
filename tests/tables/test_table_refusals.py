"""Files that hold no table: one sentence each, naming the file and the place in it."""

import codecs
import gzip
import io

import numpy as np
import polars as pl
import pytest

from fitnet.errors import FITNET_ERRORS, TableError
from fitnet.tables import read_table


def parquet(**columns):
    buffer = io.BytesIO()
    pl.DataFrame(columns).write_parquet(buffer)
    return buffer.getvalue()


def feather(**columns):
    buffer = io.BytesIO()
    pl.DataFrame(columns).write_ipc(buffer)
    return buffer.getvalue()


FEATHER = feather(x=np.arange(100.0), y=np.arange(100.0))
WHOLE = parquet(x=np.arange(100.0), y=np.arange(100.0))
KNOWN = "it must be one of .csv, .tsv, .txt, .dat, .parquet, .pq, .feather, .arrow, .xlsx, .xlsm, .fits, .fit, .fts."
COMPRESSED = "compressed it must be one of .csv.gz, .tsv.gz, .txt.gz, .dat.gz."
NO_ROWS = "has no rows; a table must have at least one below its header line."
NO_HEADER = "seems to have no header line: its first line holds numbers; it must name the columns."
NOT_FEATHER = "is not a Feather file of version 2, or it was cut short or damaged."
NOT_PARQUET = "is not a Parquet file, or it was cut short or damaged."

# the file's name, what is in it, and the message after its path
REFUSALS = [
    ("t.ods", "", f"has the extension '.ods'; {KNOWN}"),
    ("t.zip", "", f"has the extension '.zip'; {KNOWN}"),
    ("t.xlsx", "", "is empty."),
    ("t.csv.gz", "", "is empty."),
    ("t.csv.gz", "x,y\n1,2\n", "is not a .gz file, or it was cut short or damaged."),
    ("t.csv.gz", gzip.compress(b"x,y\n1,2\n" * 99, mtime=0)[:-9], "is not a .gz file, or it was cut short or damaged."),
    ("t.csv.xz", "x,y\n1,2\n", "is not a .xz file, or it was cut short or damaged."),
    ("t.dat.bz2", "x,y\n1,2\n", "is not a .bz2 file, or it was cut short or damaged."),
    ("t.parquet.gz", "", f"has the extension '.parquet.gz'; {COMPRESSED}"),
    ("t.gz", "", f"has the extension '.gz'; {COMPRESSED}"),
    ("t", "", f"has no extension; {KNOWN}"),
    ("t.csv", "", "is empty."),
    ("t.csv", "\n\n \r\n", "is empty."),
    ("t.csv", codecs.BOM_UTF8, "is empty."),
    ("t.csv", codecs.BOM_UTF16_LE, "is empty."),
    ("t.csv", "x,y\n", NO_ROWS),
    ("t.csv", "x,y\n\n\n", NO_ROWS),
    ("t.csv", '"x\n",y', NO_ROWS),
    ("t.csv", "1,2\n3,4\n", NO_HEADER),
    ("t.csv", " 1.5 , -2e3\n3,4\n", NO_HEADER),
    ("t.csv", "1,NA,\n3,4,5\n", NO_HEADER),
    ("t.csv", '"1","2"\n3,4\n', NO_HEADER),
    ("t.csv", "1,5;2,5\n3,5;4,5\n", NO_HEADER),
    ("t.csv", "7\n8\n", NO_HEADER),
    ("t.csv", "\nx,y\n1,2\n", "begins with a blank line; its first line must name the columns."),
    ("t.csv", ",\n1,2\n", "begins with a blank line; its first line must name the columns."),
    ("t.csv", ",x\n0,1\n", "has no name for column 1 in its header line; every column must have one."),
    ("t.csv", "x,y, \n1,2,3\n", "has no name for column 3 in its header line; every column must have one."),
    ("t.csv", "x,y,x\n1,2,3\n", "has two columns named 'x'; every name must be there once."),
    ("t.csv", "x, x\n1,2\n", "has two columns named 'x'; every name must be there once."),
    ("t.csv", "x,y\n1,2\n3\n", "has 1 cell in line 3; its header line names 2 columns."),
    ("t.csv", "x,y\n1,2\n3,4,5\n", "has 3 cells in line 3; its header line names 2 columns."),
    ("t.csv", "x\n1\n2,3\n", "has 2 cells in line 3; its header line names 1 column."),
    ("t.csv", "x,y\r\n1,2\r\n3,4,\r\n", "has 3 cells in line 3; its header line names 2 columns."),
    ("t.csv", 'x,y\n"1\n",2\n3\n', "has 1 cell in line 4; its header line names 2 columns."),
    ("t.csv", 'x,y\n"1,2"\n', "has 1 cell in line 2; its header line names 2 columns."),
    ("t.csv", "x,y\n1,2\n\n3,4\n", "has a blank line 3; only the last lines of a table may be blank."),
    ("t.csv", 'x,y\n"1",2\n \n3,4\n', "has a blank line 3; only the last lines of a table may be blank."),
    ("t.csv", 'x,y\n1,2\n"3,4\n5,6\n', "has a quotation mark out of place or unclosed in line 3."),
    ("t.csv", 'x,y\n1,2\n"3"4,5\n', "has a quotation mark out of place or unclosed in line 3."),
    ("t.csv", '"x,y\n1,2\n', "has a quotation mark out of place or unclosed in line 1."),
    ("t.csv", b"x,\xe9t\xe9\n1,2\n", "is not UTF-8 text: line 1 holds the byte 0xe9; save it as UTF-8."),
    ("t.csv", b"x,y\n1,2\n3,\xff\n", "is not UTF-8 text: line 3 holds the byte 0xff; save it as UTF-8."),
    ("t.csv", b"\xef\xbb\xbfx,y\n1,\xe9\n", "is not UTF-8 text: line 2 holds the byte 0xe9; save it as UTF-8."),
    ("t.csv", b"\xff\xfex\0\n\x001", "is not UTF-16-LE text: line 2 holds the byte 0x31; save it as UTF-8."),
    ("t.csv", "x,y\n1,2\n".encode("utf-16-le"), "is not text: line 1 holds a zero byte; save it as UTF-8."),
    ("t.csv", "# x y\n", NO_ROWS),
    ("t.csv", "x,y\n# 1,2\n", NO_ROWS),
    ("t.csv", "x\n\n# 1\n\n", NO_ROWS),
    ("t.csv", 'x\n\n# "1\n\n', NO_ROWS),
    ("t.dat", "1 2 3\n4 5 6\n", NO_HEADER),
    ("t.dat", "# the two\n1 2 3\n4 5 6\n", NO_HEADER),
    ("t.dat", "x y\n1 2\n\n3\n", "has 1 cell in line 4; its header line names 2 columns."),
    ("t.dat", 'x y\n1 2\n"3 4\n', "has a quotation mark out of place or unclosed in line 3."),
    ("t.csv", "x,y\n# 1,2\n3\n", "has 1 cell in line 3; its header line names 2 columns."),
    ("t.csv", "x,y\n[m],[s]\n", "has no rows below its units; a table must have at least one."),
    ("t.fits", b"", "is empty."),
    ("t.fits", "x,y\n1,2\n", "is not a FITS file with a table, or it was cut short or damaged."),
    ("t.feather", b"", "is empty."),
    ("t.feather", "x,y\n1,2\n", NOT_FEATHER),
    ("t.feather", FEATHER[: len(FEATHER) // 2], NOT_FEATHER),
    ("t.arrow", feather(x=[]), "has no rows; a table must have at least one."),
    ("t.parquet", b"", "is empty."),
    ("t.parquet", "x,y\n1,2\n", NOT_PARQUET),
    ("t.parquet", WHOLE[:-1], NOT_PARQUET),
    ("t.pq", WHOLE[:4], NOT_PARQUET),
    ("t.pq", WHOLE[: len(WHOLE) // 2], NOT_PARQUET),
    ("t.parquet", WHOLE[:4] + bytes(len(WHOLE) - 200) + WHOLE[-196:], NOT_PARQUET),
    ("t.parquet", parquet(x=[], y=[]), "has no rows; a table must have at least one."),
    ("t.parquet", parquet(), "has no rows; a table must have at least one."),
]


@pytest.mark.parametrize(("name", "data", "message"), REFUSALS)
def test_file_is_refused_in_a_sentence(write, name, data, message):
    path = write(name, data)
    with pytest.raises(TableError) as raised:
        read_table(path)
    assert str(raised.value) == f"{path} {message}"
    assert isinstance(raised.value, FITNET_ERRORS)


@pytest.mark.parametrize("name", ["folder", "folder.csv", "folder.parquet"])
def test_folder_without_tables_is_refused(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(TableError) as raised:
        read_table(tmp_path / name)
    assert str(raised.value) == (
        f"{tmp_path / name} is a folder without CSV or Parquet files; it must be a file or have some in it, or be a "
        f"pattern such as '{tmp_path / name}/**/*.parquet', which goes through the folders below."
    )


@pytest.mark.parametrize("name", ["missing.csv", "missing.parquet"])
def test_missing_file_is_the_systems_error(tmp_path, name):
    with pytest.raises(FileNotFoundError) as raised:
        read_table(tmp_path / name)
    assert str(raised.value.filename) == str(tmp_path / name)
