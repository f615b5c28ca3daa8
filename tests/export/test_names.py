"""Names: identifiers in every language by a stated rule, distinct whatever their case, and safe in comments."""

import keyword
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.export.names import LONGEST, WORDS, checked_prefix, distinct, identifier, printable

IDENTIFIERS = {
    "T": "T",
    "angle_deg": "angle_deg",
    "angle (deg)": "angle_deg",
    "  a--b  ": "a_b",
    "__init__": "init",
    "a__b": "a_b",
    "2nd": "x_2nd",
    "_2": "x_2",
    "": "x",
    "µ": "x",
    "é1": "x_1",
    "Größe": "Gr_e",
    "end": "end_",
    "End": "End_",
    "lambda": "lambda_",
    "real": "real_",
    "class": "class_",
    "a" * 50: "a" * 40,
    "a" * 39 + "_b": "a" * 39,
}


@pytest.mark.parametrize("text", IDENTIFIERS)
def test_identifiers(text):
    assert identifier(text) == IDENTIFIERS[text]


@given(st.text())
def test_any_text_becomes_an_identifier_and_stays_one(text):
    found = identifier(text)
    assert re.fullmatch(r"[A-Za-z]([A-Za-z0-9]|_(?!_))*", found)
    assert len(found) <= LONGEST + 1
    assert found.lower() not in WORDS and not keyword.iskeyword(found)
    assert identifier(found.rstrip("_")) == found


@given(st.lists(st.text("aA1_ é", max_size=3), max_size=12))
def test_no_two_are_equal_whatever_their_case(texts):
    found = distinct(texts)
    assert len({name.lower() for name in found}) == len(texts)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) and name.lower() not in WORDS for name in found)


def test_later_names_get_numbers():
    assert distinct(["Re", "re", "RE", "re_2", "end", "END"]) == ("Re", "re_2", "RE_3", "re_2_2", "end_", "END_2")


@pytest.mark.parametrize("prefix", ["wing", "Wing2", "wing_2"])
def test_prefixes_become_small_letters(prefix):
    assert checked_prefix(prefix) == prefix.lower()


@pytest.mark.parametrize(
    "prefix", ["", "2d", "my-wing", "a__b", "_a", "a_", "while", "Real", "é", "a" * 41, "a b", "2 while"]
)
def test_a_prefix_that_is_no_identifier_is_refused(prefix):
    with pytest.raises(ArgumentValueError, match=r"`prefix` is .*; it must be letters, digits and") as refused:
        checked_prefix(prefix)
    suggested = re.search("such as '(.*)'", str(refused.value)).group(1)
    assert checked_prefix(suggested) == suggested


def test_a_prefix_that_is_no_text_is_refused():
    with pytest.raises(ArgumentTypeError, match="`prefix` is 3; it must be text such as 'airfoil'"):
        checked_prefix(3)


COMMENTS = {
    "temperature (K)": "temperature (K)",
    "Größe µ": "Größe µ",
    "a\nb\x00": "a\\nb\\x00",
    "a */ b /* c": "a * / b / * c",
    '"""': "'''",
    "??/": "? ?/",
    "\u202egnp": "\\u202egnp",
}


@pytest.mark.parametrize("text", COMMENTS)
def test_text_for_comments(text):
    assert printable(text) == COMMENTS[text]


@given(st.text())
def test_no_text_ends_a_comment_or_a_line(text):
    shown = printable(text)
    assert shown.isprintable()
    assert not any(end in shown for end in ("*/", "/*", '"""', "??", "\n", "\r"))
    assert not shown.endswith("\\")
