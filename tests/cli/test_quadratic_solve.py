"""fitnet quadratic solve: predicted roots beside the exact ones, in text and in JSON."""

import json

import pytest


@pytest.mark.parametrize(
    ("arguments", "exact"),
    [
        ((1, -3, 2), [2]),
        ((-1, 3, -2), [2]),
        ((-2, -4, 6), [1]),
        ((1, 0, 0), [0]),
        ((1, 0, 1), [None]),
        ((0, 0, 1), [None]),
        ((0, 2, -8), [4]),
        (("1e0", "-3.0", "+2"), [2]),
        ((1, -3, 2, "--roots", "all"), [2, 0, 1, 0]),
        (("--roots", "all", -1, 2, -5), [1, 2, 1, -2]),
        ((0, 0, 1, "--roots", "all"), [None] * 4),
    ],
)
def test_solve(fitnet, arguments, exact):
    code, out, err = fitnet("quadratic", "solve", *arguments, "--json")
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    answer = json.loads(out)
    keys = ["triplet", "roots", "outputs", "prediction", "exact", "relative_error", "outside_training"]
    assert list(answer) == keys
    assert answer["exact"] == exact
    assert len(answer["outputs"]) == len(answer["prediction"]) == len(exact)
    for predicted, true, error in zip(answer["prediction"], exact, answer["relative_error"], strict=True):
        expected = abs((predicted - true) / true) if true else None
        assert error == (expected if expected is None else pytest.approx(expected))


def test_solve_in_text(fitnet):
    code, out, err = fitnet("quadratic", "solve", 1, -3, 2)
    answer = json.loads(fitnet("quadratic", "solve", 1, -3, 2, "--json").out)
    assert (code, err) == (0, "")
    assert out.splitlines()[0].strip() == "1 x^2 + -3 x + 2 = 0"
    (row,) = (line for line in out.splitlines() if line.startswith("│"))
    cells = [cell.strip() for cell in row.strip("│").split("│")]
    assert cells == [
        "largest real root",
        f"{answer['prediction'][0]:.6g}",
        "2",
        f"{answer['relative_error'][0]:.2%}",
    ]
    assert "Outside" not in out


@pytest.mark.parametrize(
    ("arguments", "cell"),
    [((1, 0, 1), "no real root"), ((0, 0, 1, "--roots", "all"), "no root"), ((1, 0, 0), "0")],
)
def test_solve_in_text_without_a_root_or_a_relative_error(fitnet, arguments, cell):
    rows = [line for line in fitnet("quadratic", "solve", *arguments).out.splitlines() if line.startswith("│")]
    for row in rows:
        *_, exact, error = (part.strip() for part in row.strip("│").split("│"))
        assert (exact, error) == (cell, "-")


def test_solve_says_when_it_is_outside_training(fitnet):
    reasons = json.loads(fitnet("quadratic", "solve", 1, 70, 2.5, "--json").out)["outside_training"]
    assert len(reasons) == 2
    out = fitnet("quadratic", "solve", 1, 70, 2.5).out
    assert "Outside what the model was trained on: " + "; ".join(reasons) + "." in " ".join(out.splitlines())
    assert json.loads(fitnet("quadratic", "solve", 1, -3, 2, "--json").out)["outside_training"] == []
