"""The verdict: what is said of facts, and what is not."""

from copy import deepcopy

import pytest

from fitnet.reports.verdict import verdict
from fitnet.reports.words import count, enumerated, number, percent, quantity

FIGURES = {"errors", "parity", "residuals", "calibration", "importance", "learning", "training", "worst", "domain"}


def measures(rmse, largest=3.0):
    return {"rmse": rmse, "mae": rmse, "r2": 0.9, "max_error": largest}


@pytest.fixture
def facts():
    """Of a good model on 300 rows that were kept out."""
    target = {
        "name": "SPL", "unit": "dB", "place": 0, "spread": 7.0,
        "errors": {"network": measures(1.0), "mean": measures(7.0), "least squares": measures(4.5),
                   "boosted trees": measures(1.8)},
        "ratios": {"mean": {"ratio": 0.14, "low": 0.12, "high": 0.17},
                   "least squares": {"ratio": 0.22, "low": 0.19, "high": 0.26},
                   "boosted trees": {"ratio": 0.55, "low": 0.49, "high": 0.63}},
        "coverage": [{"level": 0.9, "share": 0.9, "low": 0.86, "high": 0.93}],
        "worst_rows": [{"row": 7, "inputs": {}, "target": 116.0, "prediction": 119.0, "lower": 1.0, "upper": 2.0}],
        "worst_region": None,
        "importance": [{"input": "f", "increase": 8.0, "deviation": 0.1},
                       {"input": "c", "increase": 0.0, "deviation": 0.0}],
        "noise": None, "rmse_without_copies": None, "error_by_size": None,
    }  # fmt: skip
    return {
        "rows": {"judged_by": "kept out", "n": 300, "table": 1500, "training": 1200, "left_out": 0, "copies": 0,
                 "baselines_from": "training rows", "boosted_rows": 1200, "sampled": None},
        "inputs": [], "targets": [target], "together": None,
        "outside": {"rows": 0, "share": 0.0, "worst_input": None, "beyond": "the ranges seen in training"},
        "learning_curve": None, "training": None, "sample": {},
    }  # fmt: skip


def said(facts):
    statements = verdict(facts)
    assert all(each.figure in FIGURES and each.tone in ("good", "fair", "poor", "note") for each in statements)
    assert [each.advice for each in statements] == sorted(each.advice for each in statements)
    return statements


def sentence(facts, part):
    """The one that holds this."""
    (found,) = [each for each in said(facts) if part in each.sentence]
    return found


def test_a_good_model(facts):
    statements = said(facts)
    assert statements[0].sentence == (
        "On 300 rows kept out of its training the model misses SPL by 1.00 dB on average (root mean square); always "
        "answering the mean would miss it by 7.00 dB."
    )
    assert statements[1].sentence == (
        "Its errors are 78 % smaller than those of a linear fit, which misses by 4.50 dB (74 to 81 % with 95 % "
        "confidence)."
    )
    assert [each.tone for each in statements[:4]] == ["good"] * 4
    assert not any(each.advice for each in statements)


@pytest.mark.parametrize(
    ("low", "ratio", "high", "words", "tone"),
    [
        (0.9, 1.0, 1.1, "no different, beyond chance, from those of boosted trees", "fair"),
        (1.1, 1.2, 1.3, "20 % larger than those of boosted trees", "poor"),
        (2.5, 3.0, 3.5, "3.00 times as large as those of boosted trees", "poor"),
        (0.01, 0.02, 0.03, "50.0 times smaller than those of boosted trees", "good"),
    ],
)
def test_comparisons(facts, low, ratio, high, words, tone):
    facts["targets"][0]["ratios"]["boosted trees"] = {"ratio": ratio, "low": low, "high": high}
    assert sentence(facts, words).tone == tone
    assert any("Boosted trees predict" in each.sentence for each in said(facts)) == (low > 1)


def test_it_says_where_trees_had_fewer_rows(facts):
    facts["rows"]["boosted_rows"] = 400
    assert sentence(facts, "common method for tables and here fitted to only 400 rows, which miss").tone == "good"


@pytest.mark.parametrize(("share", "tone"), [(0.8, "poor"), (0.9, "good"), (0.97, "fair")])
def test_intervals(facts, share, tone):
    facts["targets"][0]["coverage"][0]["share"] = share
    assert sentence(facts, "90 % intervals").tone == tone


def test_nothing_is_said_of_what_was_not_measured(facts):
    target = facts["targets"][0]
    target |= {"coverage": None, "ratios": None, "importance": [], "worst_rows": []}
    target["errors"]["boosted trees"] = None
    facts["outside"] = {"rows": None, "share": None, "worst_input": None, "beyond": "the ranges seen in training"}
    assert [each.figure for each in said(facts)] == ["errors"]


def test_seen_rows_tell_nothing_of_new_ones(facts):
    facts["rows"]["judged_by"] = "seen"
    facts["targets"][0] |= {"coverage": None, "ratios": None}
    statements = said(facts)
    assert {each.tone for each in statements} == {"note"}
    assert "do not tell how well" in statements[1].sentence
    assert statements[-1].advice


@pytest.mark.parametrize(
    ("judged_by", "words"),
    [("new", "which is not the one it was trained on"), ("out of fold", "by networks that were not trained on it")],
)
def test_it_says_which_rows(facts, judged_by, words):
    facts["rows"]["judged_by"] = judged_by
    assert words in said(facts)[0].sentence


@pytest.mark.parametrize(
    ("rmse", "words"), [([2.0, 1.5], "Measure more rows"), ([2.0, 1.9], "a little"), ([2.0, 2.0], "hardly help")]
)
def test_more_rows(facts, rmse, words):
    facts["learning_curve"] = {
        "rows": [600, 1200], "rmse": [[each] for each in rmse], "deviation": [[0.01], [0.01]], "recipe": ""
    }  # fmt: skip
    found = sentence(facts, "small network")
    assert words in found.sentence
    assert found.figure == "learning"
    facts["rows"]["training"] = 100_000
    assert not any("small network" in each.sentence for each in said(facts))


def test_noise(facts):
    noise = {
        "from": "equal inputs",
        "rows": 50,
        "deviation": 0.95,
        "low": 0.9,
        "high": 1.0,
        "compared": None,
        "near": None,
    }
    facts["targets"][0]["noise"] = noise
    assert "there already" in sentence(facts, "same inputs").sentence
    facts["targets"][0]["noise"] = noise | {"deviation": 0.25, "low": 0.2, "high": 0.3}
    assert "4.00 times that" in sentence(facts, "same inputs").sentence
    near = {
        "from": "nearest rows",
        "rows": 300,
        "deviation": 0.7,
        "low": 0.6,
        "high": 0.8,
        "compared": 1.0,
        "near": 0.5,
    }
    facts["targets"][0]["noise"] = near
    assert "missed in the same direction (that is 51 %" in sentence(facts, "close together").sentence
    facts["targets"][0]["noise"] = near | {"deviation": 1.0, "high": 1.1, "near": 0.95}
    assert "missed in different directions" in sentence(facts, "close together").sentence
    facts["targets"][0]["noise"] = near | {"deviation": 1.0, "high": 1.1}
    assert not any("close together" in each.sentence for each in said(facts))


def test_regions_rows_copies_and_growth(facts):
    region = {
        "input": "f",
        "unit": "Hz",
        "low": 200.0,
        "high": 1250.0,
        "level": None,
        "rows": 60,
        "rmse": 2.0,
        "rmse_elsewhere": 0.9,
    }
    growth = {"low": 0.5, "high": 2.0, "positive": True, "transformed": False}
    facts["targets"][0] |= {"worst_region": region, "error_by_size": growth, "rmse_without_copies": 1.2}
    facts["targets"][0]["errors"]["network"]["max_error"] = 9.0
    facts["rows"]["copies"] = 30
    assert "f is from 200 to 1,250 Hz: there it misses by 2.00 dB" in sentence(facts, "It is worst").sentence
    assert sentence(facts, "If you measure more").advice
    assert sentence(facts, "target_transform='log'").advice
    assert sentence(facts, "Look at row 7").figure == "worst"
    assert "1.20 dB" in sentence(facts, "30 of these 300 rows").sentence
    facts["targets"][0]["worst_region"] = region | {"level": "steel", "low": None, "high": None}
    assert "where f is steel:" in sentence(facts, "It is worst").sentence


def test_rows_outside(facts):
    facts["outside"] |= {"rows": 30, "share": 0.1, "worst_input": "f"}
    found = sentence(facts, "30 of these 300 rows (10 %) lie outside")
    assert (found.tone, found.figure) == ("poor", "domain")
    assert sentence(facts, "whole range of f").advice


def test_training_that_ended_too_soon(facts):
    training = {"epoch": [1, 2], "loss": [2.0, 1.0], "validation_loss": [2.0, 1.0], "best_epoch": 2}
    facts["training"] = training
    assert sentence(facts, "Train for longer").figure == "training"
    facts["training"] = training | {"best_epoch": 1}
    assert not any("longer" in each.sentence for each in said(facts))


def test_an_exact_model_and_one_of_another_kind_of_table(facts):
    exact = deepcopy(facts)
    exact["targets"][0]["errors"]["network"] = measures(1e-9)
    assert not any("Its errors" in each.sentence for each in said(exact))
    facts["rows"]["judged_by"] = "new"
    facts["targets"][0]["errors"]["network"] = measures(7.0)
    assert sentence(facts, "measured otherwise").advice


def test_of_many_targets_the_worst_and_all(facts):
    other = deepcopy(facts["targets"][0]) | {"name": "T", "unit": "K"}
    other["errors"]["network"] = measures(5.0)
    facts["targets"] += [other] * 5
    facts["together"] = {
        "targets": 100,
        "shown": 6,
        "r2": {},
        "ratios": {"mean": {"ratio": 0.2, "low": 0.1, "high": 0.3}},
    }
    assert "misses T, the worst of all targets, by 5.00 K" in said(facts)[0].sentence
    assert "Over all 100 targets its errors are 20 %" in said(facts)[1].sentence


def test_words_for_numbers():
    assert [number(each) for each in (0, 1, 1.0099, 12345, 999.6, 0.00123, 1e-9, -3.14159, 1e9)] == [
        "0", "1.00", "1.01", "12,300", "1,000", "0.00123", "1e-09", "-3.14", "1e+09"
    ]  # fmt: skip
    assert [percent(each) for each in (0, 0.0033, 0.0527, 0.5, 1)] == ["0 %", "0.33 %", "5.3 %", "50 %", "100 %"]
    assert (quantity(2.0, "dB"), quantity(2.0, "")) == ("2.00 dB", "2.00")
    assert (count(1), count(1200)) == ("1 row", "1,200 rows")
    assert [enumerated(list(each)) for each in ("a", "ab", "abcdef")] == ["a", "a and b", "a, b, c, d and 2 more"]
