"""An ensemble's domain: scores and the worst input of rows, as its domain says, of numbers, words and gaps."""

import numpy as np
import pandas as pd
import pytest
from ensembles import DOMAIN, FRAME, NAMES, ROWS, domain_of_words, ensemble, ensemble_of_words, with_residuals

from fitnet.errors import ArgumentTypeError, ArgumentValueError, UnknownLevelWarning
from fitnet.evaluation import outside_of, rows_outside
from fitnet.model import domain_of_rows
from fitnet.uncertainty.domain import Domain

WHOLE = with_residuals()


def test_scores_are_the_domains():
    assert np.array_equal(WHOLE.domain_score(ROWS), DOMAIN.score(ROWS))
    frame = pd.DataFrame(ROWS[:, ::-1], columns=NAMES[::-1])
    assert np.array_equal(WHOLE.domain_score(frame), DOMAIN.score(ROWS))


def test_the_worst_input_is_that_of_the_row_furthest_outside():
    assert WHOLE.worst_input([[2, 0], [0, -9], [3, 0]]) == "p"
    assert WHOLE.worst_input([[2, 0], [0, -1.5], [3, 0]]) == "T"


def test_rows_outside_are_the_domains():
    rows = np.vstack([ROWS, [[2, 0], [0, -3]]])
    assert np.array_equal(WHOLE.outside(rows), DOMAIN.outside(rows))
    assert WHOLE.outside(rows).tolist()[-2:] == [True, True]


def test_the_farthest_of_many_rows_is_sought_among_those_furthest_beyond(monkeypatch):
    monkeypatch.setattr(domain_of_rows, "MOST_SCORED", 2)
    rows = np.array([[2, 0], [0, 1.9], [5, 0], [0, -9], [1.9, 0]])
    score, row, name = domain_of_rows.farthest(WHOLE, rows)
    assert (row, name) == (3, "p")
    assert score == WHOLE.domain_score(rows).max()


def test_words_and_gaps_are_made_inputs_first():
    whole = ensemble_of_words(domain=domain_of_words())
    inputs = np.array([[0.25, 0, 1, 0, 1, 0], [0.5, 1, 0, 0, 2, 1], [-1, 0, 0, 1, 3, 0]])
    assert np.array_equal(whole.domain_score(FRAME), whole.domain.score(inputs))
    assert whole.worst_input(FRAME | {"x": [-7, 0.5, 0.2]}) == "x"
    assert whole.worst_input(FRAME | {"T": [1.0, 2.0, 300.0]}) == "T"
    unknown = inputs * [1, 0, 0, 0, 1, 1]
    assert np.all(whole.domain_score(unknown) > 1)
    assert whole.worst_input(unknown[:1]) == "colour"
    assert whole.outside(unknown).all()
    assert not whole.outside(FRAME).any()


@pytest.mark.parametrize(
    ("domain", "error", "sentence"),
    [
        (3, ArgumentTypeError, "`domain` is int; it must be a Domain or None."),
        (
            Domain.of(np.ones((3, 1)), np.random.default_rng(0)),
            ArgumentValueError,
            "`domain` is for 1 column; it must be for 2, as many as the ensemble has inputs.",
        ),
    ],
)
def test_a_domain_that_does_not_fit_is_refused(domain, error, sentence):
    with pytest.raises(error) as raised:
        ensemble(domain=domain)
    assert str(raised.value) == sentence


@pytest.mark.parametrize("asked", ["domain_score", "outside", "worst_input"])
def test_without_a_domain_nothing_is_known_of_it(asked):
    with pytest.raises(ArgumentValueError) as raised:
        getattr(ensemble(), asked)(ROWS)
    assert str(raised.value) == (
        f"`{asked}` needs the domain of the training inputs and the ensemble has none: give it `domain`, "
        "Domain.of(X, generator)."
    )


def test_rows_that_are_none_are_refused():
    with pytest.raises(ArgumentValueError, match=r"^`X` holds nan at \[0, 1\]; every entry must be a finite number"):
        WHOLE.domain_score([[0, np.nan]])


def test_rows_outside_are_counted_by_given_column():
    whole = ensemble_of_words(domain=domain_of_words())
    frame = {name: [*column, column[0], column[0]] for name, column in FRAME.items()}
    frame |= {"x": [*FRAME["x"], -9.0, 0.2], "colour": [*FRAME["colour"], "red", "pink"]}
    with pytest.warns(UnknownLevelWarning):
        found = outside_of(whole, frame)
    assert (found.names[:3], found.rows, found.entries[:3].tolist()) == (("x", "colour", "T"), 2, [1, 1, 0])
    with pytest.warns(UnknownLevelWarning):
        assert rows_outside(whole, frame).tolist() == [False, False, False, True, True]
