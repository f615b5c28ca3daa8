"""Reading CSV: the same numbers, however the file spells them."""

import codecs

import numpy as np
import pytest

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
