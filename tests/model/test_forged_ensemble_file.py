"""Forged files of ensembles: members, weights, folds and tensors that do not fit are refused in one sentence."""

import json

import numpy as np
import pytest
from ensembles import LEADERBOARD, ensemble, ensemble_of_words
from equal_or_refused import refusal
from forged_files import forge, stored

from fitnet import load

FOREIGN = "is damaged: its description is not a fitnet model's."


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("ensembles") / "whole.fitnet"
    ensemble().save(path)
    return stored(path)


@pytest.fixture(scope="module")
def of_words(tmp_path_factory):
    path = tmp_path_factory.mktemp("ensembles") / "words.fitnet"
    ensemble_of_words().save(path)
    return stored(path)


def forged(tmp_path, whole, changes=(), tensors=()):
    """A file whose description `changes` alters, and with these tensors."""
    description = json.loads(whole.description)
    description = changes(description) or description if callable(changes) else description | dict(changes)
    return forge(tmp_path / "forged.fitnet", whole, description, **dict(tensors))


def test_one_that_is_right_loads(whole, tmp_path):
    assert len(load(forged(tmp_path, whole)).members) == 4


@pytest.mark.parametrize("members", [None, 3, "four", {}, {"0": {}}, [1, 2, 3, 4], [None], [[]], 10**400])
def test_members_that_are_none_are_refused(whole, tmp_path, members):
    assert refusal(forged(tmp_path, whole, {"members": members})) == FOREIGN


@pytest.mark.parametrize("count", [0, 4097, 100_000])
def test_too_many_members_or_none_are_refused(whole, tmp_path, count):
    described = json.loads(whole.description)["members"][:1] * count
    assert refusal(forged(tmp_path, whole, {"members": described})) == (
        f"is damaged: it lists {count} members, and an ensemble has 1 to 4096."
    )


def test_another_count_of_members_is_refused(whole, tmp_path):
    members = json.loads(whole.description)["members"]
    fewer, more = ({"members": each} for each in (members[:3], [*members, members[0]]))
    assert refusal(forged(tmp_path, whole, fewer)) == (
        "is damaged: it holds tensors of a member that it does not list."
    )
    assert refusal(forged(tmp_path, whole, more)) == "is damaged: in its member 4 it does not hold a model's tensors."


def test_members_in_another_order_are_refused(whole, tmp_path):
    members = json.loads(whole.description)["members"]
    assert refusal(forged(tmp_path, whole, {"members": members[::-1]})).startswith("is damaged: in its member 0 its ")


@pytest.mark.parametrize(
    "own",
    [
        {"loss": 1},
        {"provenance": None},
        {"layers": []},
        {"layers": [{"inputs": 10**12, "outputs": 2, "activation": "tanh"}]},
        {"layers": [{"inputs": 3, "outputs": 2, "activation": "identity"}]},
        {"members": []},
        {"weights": [1]},
        {"input_limit": 3},
        {"target_lower_bounds": [1]},
    ],
)
def test_a_member_that_is_no_model_is_refused(whole, tmp_path, own):
    members = json.loads(whole.description)["members"]
    sentence = refusal(forged(tmp_path, whole, {"members": [*members[:2], members[2] | own, members[3]]}))
    assert sentence.startswith("is damaged: in its member 2 its ")


@pytest.mark.parametrize("key", ["input_names", "output_names", "units"])
def test_a_member_with_names_of_its_own_is_refused(whole, tmp_path, key):
    description = json.loads(whole.description)
    description["members"][1][key] = description[key]
    assert refusal(forged(tmp_path, whole, description)) == (
        "is damaged: a member has for itself what all members share."
    )


def test_a_member_with_medians_of_its_own_is_refused(of_words, tmp_path):
    medians = of_words.tensors["imputed_medians"]
    sentence = "is damaged: a member has for itself what all members share."
    assert refusal(forged(tmp_path, of_words, tensors={"1/imputed_medians": medians})) == sentence
    both = {"0/imputed_medians": medians, "1/imputed_medians": medians, "imputed_medians": None}
    assert refusal(forged(tmp_path, of_words, tensors=both)) == sentence


@pytest.mark.parametrize(
    "weights",
    [
        [0.1, 0.2, 0.3, -0.4],
        [0.1, 0.2, 0.3, 0.0],
        [0.1, 0.2, 0.3, 0.5],
        [0.25, 0.25, 0.25],
        [[0.25, 0.25, 0.25, 0.25]],
        [0.1, 0.2, 0.3, np.nan],
        [0.1, 0.2, 0.3, np.inf],
        [1e308, 1e308, 1e308, 1e308],
        [2.0, -1.0, 0.5, -0.5],
        [],
        0.25,
        None,
    ],
    ids=str,
)
def test_weights_that_do_not_fit_are_refused(whole, tmp_path, weights):
    tensor = None if weights is None else np.array(weights, float)
    assert refusal(forged(tmp_path, whole, tensors={"weights": tensor})).startswith("is damaged: it")


@pytest.mark.parametrize("dtype", ["float32", "float16", "int64"])
def test_weights_of_another_kind_are_refused(whole, tmp_path, dtype):
    tensors = {"weights": whole.tensors["weights"].astype(dtype)}
    assert refusal(forged(tmp_path, whole, tensors=tensors)) == (
        "is damaged: its tensor 'weights' does not fit its members."
    )


@pytest.mark.parametrize(
    "folds",
    [
        [0, 1, 1],
        [0, 1, 1, -1],
        [0, 1, 3, 0],
        [0, 1, 10**30, 0],
        [0, 1, 10**400, 0],
        [0, 1.0, 1, 0],
        [0, True, 1, 0],
        [0, None, 1, 0],
        [[0], 1, 1, 0],
        [],
        None,
        "0110",
        0,
        {"0": 1, "1": 0, "2": 0, "3": 1},
    ],
    ids=lambda folds: str(folds)[:20],
)
def test_folds_that_do_not_fit_are_refused(whole, tmp_path, folds):
    assert refusal(forged(tmp_path, whole, {"folds": folds})).startswith("is damaged: its ")


@pytest.mark.parametrize(
    "lines",
    [
        None,
        3,
        "abcd",
        {},
        [None],
        ["abc"],
        [["a", 1]],
        [["a", 1, 2, 3]],
        [["a", 1, "2"]],
        [["a", 1, 10**400]],
        [["a", 1, None]],
        [["a", 1, True]],
        [["\x1b[2J", 1, 2]],
        [[3, 1, 2]],
        [[["a"], 1, 2]],
    ],
    ids=lambda lines: str(lines)[:20],
)
def test_a_leaderboard_that_is_none_is_refused(whole, tmp_path, lines):
    assert refusal(forged(tmp_path, whole, {"leaderboard": lines})).startswith("is damaged: its ")


def test_without_folds_and_leaderboard_it_loads(whole, tmp_path):
    description = json.loads(whole.description)
    assert json.loads(json.dumps(LEADERBOARD)) == description.pop("leaderboard")
    del description["folds"]
    loaded = load(forge(tmp_path / "forged.fitnet", whole, description))
    assert (loaded.folds, loaded.leaderboard) == (None, ())


@pytest.mark.parametrize("missing", ["input_names", "output_names", "provenance"])
def test_a_missing_key_is_refused(whole, tmp_path, missing):
    assert refusal(forged(tmp_path, whole, lambda description: description.pop(missing) and None)) == FOREIGN


def test_without_members_it_is_no_model_either(whole, tmp_path):
    changed = forged(tmp_path, whole, lambda description: description.pop("members") and None)
    assert refusal(changed) == "is damaged: it does not hold a model's tensors."


@pytest.mark.parametrize("key", ["layers", "seconds", "loss"])
def test_a_foreign_key_is_refused(whole, tmp_path, key):
    assert refusal(forged(tmp_path, whole, {key: []})) == FOREIGN


@pytest.mark.parametrize("name", [f"{i}/{name}" for i in (0, 3) for name in ("parameters", "example_outputs")])
def test_a_missing_tensor_is_refused(whole, tmp_path, name):
    number = name.partition("/")[0]
    assert refusal(forged(tmp_path, whole, tensors={name: None})) == (
        f"is damaged: in its member {number} it does not hold a model's tensors."
    )


@pytest.mark.parametrize(
    "name",
    [
        *("4/parameters", "-1/parameters", "00/parameters", "+0/parameters", "0/0/parameters", "/parameters"),
        *(" 0/parameters", "0/", "\u0660/parameters", "9" * 5000 + "/parameters", "0/weights", "0/more"),
        *("parameters", "more", "example_inputs"),
    ],
    ids=lambda name: name[:16],
)
def test_a_tensor_of_nobody_is_refused(whole, tmp_path, name):
    tensors = {name: whole.tensors["0/parameters"]}
    assert refusal(forged(tmp_path, whole, tensors=tensors)).startswith("is damaged: i")


@pytest.mark.parametrize(
    "change",
    [
        lambda array: array[:-1],
        lambda array: array[np.newaxis],
        lambda array: array * np.nan,
        lambda array: array.astype("float16"),
        lambda array: np.array(array[0]),
    ],
)
def test_a_members_tensor_that_does_not_fit_is_refused(whole, tmp_path, change):
    tensors = {"1/parameters": change(whole.tensors["1/parameters"])}
    assert refusal(forged(tmp_path, whole, tensors=tensors)).startswith("is damaged: in its member 1 its tensor ")


@pytest.mark.parametrize("changes", [{"given_columns": [["x", None]]}, {"imputed_told": []}, {"input_names": ["a"]}])
def test_shared_columns_that_fit_no_member_are_refused(of_words, tmp_path, changes):
    assert refusal(forged(tmp_path, of_words, changes)).startswith("is damaged: in its member 0 its ")
