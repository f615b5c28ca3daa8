"""Reading text: the same numbers, however the file spells them."""

import bz2
import codecs
import csv
import gzip
import lzma

import numpy as np
import pytest

from fitnet.errors import TableError
from fitnet.tables import numeric_columns, read_table

X, Y = [1.5, -2.0, 3e3], [4.0, 5.25, 0.5]
PLAIN = "x,y\n1.5,4\n-2,5.25\n3e3,.5\n"

SPELLINGS = {
    "plain.csv": PLAIN,
    "upper.CSV": PLAIN,
    "plain.txt": PLAIN,
    "commas.tsv": PLAIN,
    "no-last-newline.csv": PLAIN.rstrip("\n"),
    "blank-last-lines.csv": PLAIN + "\n \n\n",
    "crlf.csv": PLAIN.replace("\n", "\r\n"),
    "cr.csv": PLAIN.replace("\n", "\r"),
    "tabs.tsv": PLAIN.replace(",", "\t"),
    "tabs.csv": PLAIN.replace(",", "\t"),
    "semicolons.csv": PLAIN.replace(",", ";"),
    "decimal-commas.csv": PLAIN.replace(",", ";").replace(".", ","),
    "other-order.csv": "y,x\n4,1.5\n5.25,-2\n.5,3e3\n",
    "another-column.csv": "x,t,y\n1.5,a,4\n-2,b,5.25\n3e3,,.5\n",
    "spaces.csv": " x , y\n 1.5 ,4 \n -2, +5.25\n3E+3 ,.5\n",
    "quoted.csv": '"x","y"\n"1.5","4"\n"-2", "5.25"\n3e3,.5\n',
    "quoted-header.csv": PLAIN.replace("x,y", '"x","y"'),
    "line-breaks-in-quotes.csv": 'x,"a\nb",y\n1.5,"c\nd,e",4\n-2,"f ""g""",5.25\n3e3,"\n\n",.5\n',
    "separators-in-names.csv": 'x;y;"a\tb"\n1.5;4;0\n-2;5.25;0\n3e3;.5;0\n',
    "spaces.dat": "x y\n 1.5   4\n -2   5.25 \n3e3 .5\n",
    "spaces.txt": "x y\n1.5 4\n-2 5.25\n3e3 .5\n",
    "decimal-commas.dat": "x y\n1,5 4\n-2,0 5,25\n3e3 0,5\n",
    "blocks.dat": "x y\n1.5 4\n\n-2 5.25\n  \n\n3e3 .5\n",
    "quotes.dat": '"x" y "of what"\n1.5 4 "a b"\n -2 5.25  c\n\n3e3 .5 ""\n',
    "names-in-a-comment.dat": "# made today\n# x y\n1.5 4\n-2 5.25\n3e3 .5\n",
    "names-in-a-comment.csv": "#x,y\n1.5,4\n-2,5.25\n3e3,.5\n",
    "names-in-a-comment.tsv": "# x\ty\n1.5\t4\n-2\t5.25\n3e3\t.5\n",
    "names-in-a-comment-with-commas.dat": "# x y\n1,5 4,0\n-2,0 5,25\n3e3 0,5\n",
    "words-below-a-comment.csv": "# t,x,y\na,1.5,4\nb,-2,5.25\nc,3e3,.5\n",
    "units-in-a-comment.dat": "# x y\n# [m] [s]\n1.5 4\n-2 5.25\n3e3 .5\n",
    "number-sign-for-a-name.csv": "#,x,y\n1,1.5,4\n2,-2,5.25\n3,3e3,.5\n",
    "comments.csv": "# a logger, two channels\n\n# 2,5\nx,y\n1.5,4\n# 7,7\n-2,5.25\n  # 8,8\n3e3,.5\n\n# end\n",
    "comments-in-quotes.csv": '# made by\nx,t,y\n1.5,"a\n# b",4\n# 7,"7",7\n-2,"",5.25\n3e3,c,.5\n',
    "comments-above-names-that-are-numbers.csv": "# k, l, m\nx,y,400\n1.5,4,1\n-2,5.25,1\n3e3,.5,1\n",
    "units.csv": "x,y\n[m],(m/s)\n1.5,4\n-2,5.25\n3e3,.5\n",
    "utf-8-bom.csv": codecs.BOM_UTF8 + PLAIN.encode(),
    "utf-16-le.csv": codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"),
    "utf-16-be.csv": codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
    "utf-32.csv": codecs.BOM_UTF32_LE + PLAIN.encode("utf-32-le"),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_every_spelling_gives_the_same_numbers(write, name):
    values = numeric_columns(read_table(write(name, SPELLINGS[name])), ["x", "y"])
    assert values.dtype == np.float64
    assert values.flags.c_contiguous
    np.testing.assert_array_equal(values, np.transpose([X, Y]))


@pytest.mark.parametrize(("ending", "compress"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)])
def test_compressed_text(write, ending, compress):
    table = read_table(write(f"t.csv.{ending}", compress(PLAIN.encode())))
    np.testing.assert_array_equal(numeric_columns(table, ["x", "y"]), np.transpose([X, Y]))


@pytest.mark.parametrize("header", ["x y", ""])
def test_what_numpy_saves(tmp_path, header):
    path = tmp_path / "t.dat"
    np.savetxt(path, np.transpose([X, Y]), header=header)
    if header:
        np.testing.assert_array_equal(numeric_columns(read_table(path), ["x", "y"]), np.transpose([X, Y]))
    else:
        with pytest.raises(TableError, match="seems to have no header line"):
            read_table(path)


@pytest.mark.parametrize("quote", ['"', ""])
@pytest.mark.parametrize("length", [131_072, 200_000])
def test_a_long_cell(write, quote, length):
    limit = csv.field_size_limit()
    path = write("t.csv", f"x,t,y\n1.5,{quote}{'a' * length}{quote},4\n")
    table = read_table(path)
    assert len(table.frame["t"][0]) == length
    np.testing.assert_array_equal(numeric_columns(table, ["x", "y"]), [[1.5, 4]])
    assert csv.field_size_limit() == limit


@pytest.mark.parametrize("word", ["#N/A", "#n/a"])
def test_a_spreadsheets_error_is_no_comment(write, word):
    table = read_table(write("t.csv", f"x,y\n1,2\n{word},3\n"))
    np.testing.assert_array_equal(numeric_columns(table, ["x"])[:, 0], [1, np.nan])


def test_other_errors_of_spreadsheets_are_refused(write):
    with pytest.raises(TableError, match="'#DIV/0!' in column 'x', line 3, which is not a number"):
        numeric_columns(read_table(write("t.csv", "x,y\n1,2\n#DIV/0!,3\n")), ["x"])


def test_comments_count_as_lines(write):
    table = read_table(write("t.csv", "# one\nx,y\n1,2\n# two\n3,4\n"))
    assert [table.place(row) for row in range(2)] == ["line 3", "line 5"]
    table = read_table(write("t.csv", '# one\nx,y\n"1",2\n# two\n3,4\n'))
    assert [table.place(row) for row in range(2)] == ["line 3", "line 5"]


def test_names_keep_their_order_and_lose_spaces_around_them(write):
    table = read_table(write("t.csv", ' b ,"a, in m","1"," ä "\n1,2,3,4\n'))
    assert table.names == ("b", "a, in m", "1", "ä")
    assert table.n_rows == 1


def test_one_column_needs_no_separator(write):
    table = read_table(write("t.csv", "x\n\n1\n\n2\n\n"))
    np.testing.assert_array_equal(numeric_columns(table, ["x"])[:, 0], [np.nan, 1, np.nan, 2])


def test_one_quoted_column_may_have_blank_lines(write):
    table = read_table(write("t.csv", 'x\n"1"\n\n2\n'))
    np.testing.assert_array_equal(numeric_columns(table, ["x"])[:, 0], [1, np.nan, 2])


def test_first_separator_of_the_header_counts(write):
    assert read_table(write("a.csv", "a;b,c\n1;2\n")).names == ("a", "b,c")
    assert read_table(write("b.csv", "a\tb;c\n1\t2\n")).names == ("a", "b;c")


@pytest.mark.parametrize("header", ["x", '"x\ny"', '"x"'])
@pytest.mark.parametrize("quoted", [False, True])
def test_rows_know_their_lines(write, header, quoted):
    cell = '"a\nb"' if quoted else "a"
    table = read_table(write("t.csv", f"{header},t\n1,{cell}\n2,b\n3,c\n"))
    first = 2 + header.count("\n")
    lines = [first, first + 1 + quoted, first + 2 + quoted]
    assert [table.place(row) for row in range(3)] == [f"line {line}" for line in lines]


def test_many_rows_stay_in_order(write, generator):
    values = generator.normal(size=(20_000, 3))
    text = "a,b,c\n" + "".join(f"{a!r},{b!r},{c!r}\n" for a, b, c in values.tolist())
    np.testing.assert_array_equal(numeric_columns(read_table(write("t.csv", text)), ["a", "b", "c"]), values)
