"""What makes no ensemble, and what is not asked of one: refused in a sentence that names the argument."""

from dataclasses import replace

import numpy as np
import pytest
from ensembles import CATEGORIES, MEMBERS, OF_WORDS, ROWS, ensemble, ensemble_of_words, member

from fitnet import Ensemble
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows import Categories, Imputation

OTHERS = {
    "`members[1]` has the inputs 'T', 'q'; it must have 'T', 'p', as `members[0]`.": {"input_names": ("T", "q")},
    "`members[1]` has the outputs 'a', 'b'; it must have 'flux', 'mass', as `members[0]`.": {
        "output_names": ("a", "b"),
        "units": {},
    },
    "`members[1]` has the units {}; it must have {'T': 'K', 'mass': 'kg'}, as `members[0]`.": {"units": {}},
    "`members[1]` fills gaps in otherwise; it must fill in the same, as `members[0]`.": {
        "imputation": Imputation(np.zeros(2), ())
    },
}


@pytest.mark.parametrize("sentence", OTHERS)
def test_members_of_other_columns_are_refused(sentence):
    with pytest.raises(ArgumentValueError) as raised:
        Ensemble([MEMBERS[0], replace(MEMBERS[1], **OTHERS[sentence])])
    assert str(raised.value) == sentence
    assert raised.value.arguments == ("members[1]", "members[0]")


@pytest.mark.parametrize("widths", [(3, 2), (2, 1)])
def test_members_of_another_size_are_refused(widths):
    with pytest.raises(ArgumentValueError, match=r"^`members\[1\]` has the (in|out)puts "):
        Ensemble([MEMBERS[0], member(1, widths, input_names=(), output_names=(), units={})])


def test_members_of_other_words_are_refused():
    other = Categories(CATEGORIES.names, (None, ("blue", "red", "tan"), None))
    names = {"output_names": ("flux", "mass"), "units": {"x": "m"}}
    changed = member(1, (6, 2), **OF_WORDS | {"categories": other}, **names)
    with pytest.raises(ArgumentValueError, match=r"^`members\[1\]` has the inputs "):
        Ensemble([ensemble_of_words().members[0], changed])


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"members": []}, ArgumentValueError, "`members` holds 0 models; it must hold 1 to 4096."),
        ({"members": MEMBERS[:1] * 4097}, ArgumentValueError, "`members` holds 4097 models; it must hold 1 to 4096."),
        ({"members": 3}, ArgumentTypeError, "`members` is int; it must be a sequence of Models, such as a list."),
        (
            {"members": [*MEMBERS[:3], 5]},
            ArgumentTypeError,
            "`members[3]` is int; it must be a Model, such as regressor.model_.",
        ),
        ({"weights": [1, 2]}, ArgumentValueError, "`weights` has shape (2,); it must have shape (4,)."),
        (
            {"weights": [1, 0, 1, 1]},
            ArgumentValueError,
            "`weights` holds 0 at [1]; every weight must be above 0.",
        ),
        (
            {"weights": [1, 1, -0.5, 1]},
            ArgumentValueError,
            "`weights` holds -0.5 at [2]; every weight must be above 0.",
        ),
        (
            {"weights": [1e300, 1, 1, 1e-200]},
            ArgumentValueError,
            "`weights` has one at [3] that is nothing beside the largest; it must be larger.",
        ),
        (
            {"weights": [1, np.nan, 1, 1]},
            ArgumentValueError,
            "`weights` holds nan at [1]; every entry must be a finite number.",
        ),
        ({"folds": [0, 1]}, ArgumentValueError, "`folds` has 2 entries; it must have 4, one a member."),
        ({"folds": 2}, ArgumentTypeError, "`folds` is 2; it must be one whole number a member, or None."),
        ({"folds": "0101"}, ArgumentTypeError, "`folds` is '0101'; it must be one whole number a member, or None."),
        ({"folds": [0, 1, -1, 0]}, ArgumentValueError, "`folds[2]` is -1; it must be at least 0."),
        ({"folds": [0, 1.0, 1, 0]}, ArgumentTypeError, "`folds[1]` is 1.0; it must be a whole number."),
        (
            {"folds": [0, 3, 2, 0]},
            ArgumentValueError,
            "`folds` is up to 3 without 1; every fold from 0 on must have a member.",
        ),
        ({"provenance": "text"}, ArgumentTypeError, "`provenance` is 'text'; it must be a dict."),
        ({"compute": 1}, ArgumentTypeError, "`compute` is 1; it must be a Compute, such as Compute('native')."),
        (
            {"leaderboard": "abc"},
            ArgumentTypeError,
            "`leaderboard` is 'abc'; it must be a sequence of (recipe, error, weight).",
        ),
        (
            {"leaderboard": [("a", 1.0)]},
            ArgumentTypeError,
            "`leaderboard[0]` is ('a', 1.0); it must be (recipe, error, weight).",
        ),
        (
            {"leaderboard": [("a\x1b", 1.0, 2.0)]},
            ArgumentTypeError,
            "`leaderboard[0]` has the recipe 'a\\x1b'; it must be printable text.",
        ),
        (
            {"leaderboard": [("a", np.inf, 2.0)]},
            ArgumentValueError,
            "`leaderboard[0].error` is inf; it must be finite.",
        ),
        (
            {"leaderboard": [("a", 1.0, "2")]},
            ArgumentTypeError,
            "`leaderboard[0].weight` is '2'; it must be a real number.",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_other_arguments_are_refused(changes, error, sentence):
    with pytest.raises(error) as raised:
        ensemble(**changes)
    assert (type(raised.value), str(raised.value)) == (error, sentence)
    assert f"`{raised.value.argument}`" in sentence


CALLS = {
    "predict": lambda whole, X: whole.predict(X),
    "spread": lambda whole, X: whole.predict(X, return_std=True),
    "folds": lambda whole, X: whole.fold_predictions(X),
    "jacobian": lambda whole, X: whole.jacobian(X),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(
    ("X", "sentence"),
    [
        ([[1, 2, 3]], "`X` has 3 columns; it must have 2."),
        ([1, 2], "`X` has 1 dimension; it must be a matrix of shape (rows, columns); one row is [[...]], "),
        ([[1, np.nan]], "`X` holds nan at [0, 1]; every entry must be a finite number."),
        ([[1e300, 0]], "`X` holds 1e+300 at [0, 0]; float32 cannot hold it"),
    ],
)
def test_rows_that_a_member_cannot_take_are_refused(call, X, sentence):
    members = [*MEMBERS[:3], member(3, dtype="float32")]
    with pytest.raises(ArgumentValueError) as raised:
        call(ensemble(members=members), X)
    assert str(raised.value).startswith(sentence)


@pytest.mark.parametrize("return_std", [False, True])
def test_a_place_that_does_not_fit_is_refused(return_std):
    for out in (np.empty((7, 2), "float32"), np.empty((6, 2)), np.empty((2, 7)).T, ROWS):
        with pytest.raises(ArgumentValueError, match=r"^`out` "):
            ensemble().predict(ROWS, out=out, return_std=return_std)
    with pytest.raises(ArgumentTypeError, match=r"^`out` is list"):
        ensemble().predict(ROWS, out=[], return_std=return_std)


def test_spread_is_asked_for_by_a_truth():
    with pytest.raises(ArgumentTypeError, match=r"^`return_std` is 1; it must be True or False"):
        ensemble().predict(ROWS, return_std=1)


@pytest.mark.parametrize("asked", ["fold_predictions", "fold_spreads"])
def test_without_folds_nothing_is_known_of_them(asked):
    with pytest.raises(ArgumentValueError) as raised:
        getattr(ensemble(folds=None), asked)(ROWS)
    assert str(raised.value) == (
        f"`{asked}` needs the fold that each member did not see, and the ensemble has none: give it `folds`."
    )
