"""Forged files of ensembles with intervals and a domain: what does not fit is refused in one sentence."""

import json

import numpy as np
import pytest
from ensembles import ROWS, with_residuals
from equal_or_refused import refusal
from forged_files import forge, stored

from fitnet import load

FOREIGN = "is damaged: its description is not a fitnet model's."


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("ensembles") / "whole.fitnet"
    with_residuals().save(path)
    return stored(path)


def forged(tmp_path, whole, part=None, tensors=(), **changes):
    """A file whose entry `part` of the description has these changes, and with these tensors."""
    description = json.loads(whole.description)
    if part is not None:
        description[part] = description[part] | changes
    return forge(tmp_path / "forged.fitnet", whole, description, **dict(tensors))


def test_one_that_is_right_loads(whole, tmp_path):
    assert whole.version == 7
    loaded = load(forged(tmp_path, whole))
    assert np.array_equal(loaded.predict_interval(ROWS), with_residuals().predict_interval(ROWS))
    assert json.loads(whole.description)["conformal"]["floors"] == [0.25, None]


def test_an_infinite_number_is_not_in_the_file(whole):
    assert "Infinity" not in whole.description
    assert all(np.isfinite(tensor).all() for tensor in whole.tensors.values())


@pytest.mark.parametrize("part", ["conformal", "domain"])
@pytest.mark.parametrize("value", [None, 3, "x", [], {}, {"groups": [-1, -1]}, {"fold_rows": [12, 12]}], ids=str)
def test_descriptions_of_another_kind_are_refused(whole, tmp_path, part, value):
    description = json.loads(whole.description) | {part: value}
    assert refusal(forge(tmp_path / "forged.fitnet", whole, description)) == FOREIGN


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("fold_rows", each) for each in (None, 12, [12, 12.0], [12, None], [12, True], [[12], 12])),
        *(("floors", each) for each in (None, 1.0, [0.25, "1"], [0.25, True], [0.25, []])),
        *(("symmetric", each) for each in (None, True, [1, 0], [True, None], ["yes", "no"])),
    ],
)
def test_lists_of_another_kind_are_refused(whole, tmp_path, name, value):
    assert refusal(forged(tmp_path, whole, "conformal", **{name: value})) == FOREIGN


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("fold_rows", each) for each in ([24], [12, 11], [12, 13], [8, 8, 8], [24, 0], [36, -12], [10**30, 12], [])),
        ("fold_rows", [10**400, 12]),
        ("fold_rows", [2**31, 12]),
        *(("floors", each) for each in ([0.25], [0.25, None, 1.0], [0, None], [-1.0, None], [10**400, None], [])),
        *(("symmetric", each) for each in ([True], [True, True], [True, False, True], [])),
    ],
    ids=lambda value: str(value)[:20],
)
def test_lists_that_do_not_fit_are_refused(whole, tmp_path, name, value):
    assert refusal(forged(tmp_path, whole, "conformal", **{name: value})).startswith(
        "is damaged: its conformal scores "
    )


@pytest.mark.parametrize("name", ["conformal_scores", "conformal_shrinkage"])
@pytest.mark.parametrize(
    "change",
    [
        lambda array: array[..., :-1].copy(),
        lambda array: array[np.newaxis],
        lambda array: array * np.nan,
        lambda array: array.astype("float32"),
        lambda array: -array,
        lambda array: np.array(1.0),
        lambda array: array[:0],
        lambda array: None,
    ],
)
def test_tensors_that_do_not_fit_are_refused(whole, tmp_path, name, change):
    tensors = {name: change(whole.tensors[name])}
    assert refusal(forged(tmp_path, whole, tensors=tensors)).startswith("is damaged: it")


def test_residuals_without_folds_are_refused(whole, tmp_path):
    description = json.loads(whole.description)
    del description["folds"]
    assert refusal(forge(tmp_path / "forged.fitnet", whole, description)) == (
        "is damaged: its conformal scores do not fit its outputs and folds."
    )


@pytest.mark.parametrize(
    ("name", "value", "foreign"),
    [
        *(("groups", each, True) for each in (None, -1, [-1, -1.0], [-1, None], [-1, False], [[-1], -1])),
        *(("groups", each, False) for each in ([-1], [-1, -1, -1], [-1, 0], [-1, -2], [-1, 10**400], [2**64, -1], [])),
        *(("threshold", each, True) for each in (None, "1", True, [1.0])),
        *(("threshold", each, False) for each in (0, -1.0, 10**400)),
    ],
    ids=lambda value: str(value)[:20],
)
def test_domains_that_do_not_fit_are_refused(whole, tmp_path, name, value, foreign):
    sentence = refusal(forged(tmp_path, whole, "domain", **{name: value}))
    assert sentence == (FOREIGN if foreign else "is damaged: its domain does not fit its inputs.")


@pytest.mark.parametrize("name", ["domain_ranges", "domain_shift", "domain_scale", "domain_references"])
@pytest.mark.parametrize(
    "change",
    [
        lambda array: array[..., :-1].copy(),
        lambda array: array[np.newaxis],
        lambda array: array * np.inf,
        lambda array: array.astype("float32"),
        lambda array: np.array(1.0),
        lambda array: array[:0],
        lambda array: None,
    ],
)
def test_a_domains_tensors_that_do_not_fit_are_refused(whole, tmp_path, name, change):
    tensors = {name: change(whole.tensors[name])}
    assert refusal(forged(tmp_path, whole, tensors=tensors)).startswith("is damaged: it")


def test_ranges_and_scales_of_nothing_are_refused(whole, tmp_path):
    sentence = "is damaged: its domain does not fit its inputs."
    for name, array in (("domain_ranges", whole.tensors["domain_ranges"][::-1]), ("domain_scale", np.zeros(2))):
        assert refusal(forged(tmp_path, whole, tensors={name: np.ascontiguousarray(array)})) == sentence


@pytest.mark.parametrize("part", ["conformal", "domain"])
def test_one_half_is_refused(whole, tmp_path, part):
    description = json.loads(whole.description)
    del description[part]
    assert refusal(forge(tmp_path / "forged.fitnet", whole, description)).startswith(
        "is damaged: it holds one half of "
    )
