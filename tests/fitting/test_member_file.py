"""The file of a member: the same bits come out of it, and what is not whole or does not fit is refused."""

import json
from dataclasses import replace

import numpy as np
import pytest
from kept_ensemble import CANDIDATES, COMPUTE, ROWS, cut_short, kept_fit, outcome
from refused_members import refusal

from fitnet.errors import CheckpointFileError
from fitnet.files import container
from fitnet.fitting import member_file, member_training
from fitnet.fitting.member import Member, Place
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows import Categories

DAMAGED = "is damaged: what it holds does not fit together as a member of an ensemble."


@pytest.fixture
def folder(tmp_path):
    """With the members of a fit that broke off after five of fifteen."""
    cut_short(tmp_path / "members", 5)
    return tmp_path / "members"


def test_files_that_are_not_whole_are_refused(folder, generator):
    path = folder / "recipe-01-fold-00.member"
    whole = path.read_bytes()
    for place in generator.integers(len(whole), size=60):
        for other in (whole[:place], whole[:place] + bytes([whole[place] ^ 64]) + whole[place + 1 :]):
            path.write_bytes(other)
            assert refusal(folder, CheckpointFileError).startswith(f"{path} ")


def test_a_damaged_file_that_is_removed_is_made_again(folder, tmp_path):
    path = folder / "recipe-01-fold-00.member"
    path.write_bytes(path.read_bytes()[:-1])
    assert refusal(folder, CheckpointFileError) == (
        f"{path} is not a fitnet ensemble's member file, or it was cut short or damaged."
    )
    path.unlink()
    assert outcome(kept_fit(folder), tmp_path) == outcome(kept_fit(), tmp_path)


def test_a_member_in_the_place_of_another_is_refused(folder):
    one, other = folder / "recipe-01-fold-00.member", folder / "recipe-01-fold-01.member"
    other.write_bytes(one.read_bytes())
    assert refusal(folder, CheckpointFileError) == f"{other} {DAMAGED}"


def described(path, **changes):
    """Write the file with some of its description changed, and the checksum that it then has."""
    stored = container.read(path, member_file.FORMAT)
    description = json.loads(stored.description) | changes
    container.write(path, member_file.FORMAT, json.dumps(description), stored.tensors)


@pytest.mark.parametrize(
    "changes",
    [
        {"fold": 9},
        {"fold": -1},
        {"fold": True},
        {"twin": 1},
        {"twin": 0},
        {"twin": True},
        {"recipe": "another"},
        {"recipe": ["quick"]},
        {"seconds": -1},
        {"seconds": "1"},
        {"model": None},
        {"model": {}},
        {"model": 3},
        {"begun_with": {"X": 3}},
        {"begun_with": 3},
        {"more": 1},
    ],
    ids=str,
)
def test_forged_descriptions_are_refused(folder, changes):
    path = folder / "recipe-01-fold-00.member"
    described(path, **changes)
    assert refusal(folder, CheckpointFileError) == f"{path} {DAMAGED}"


@pytest.mark.parametrize(
    "tensors",
    [
        {"prediction": np.zeros((7, 2))},
        {"prediction": np.zeros((30, 1))},
        {"prediction": np.zeros((30, 2), np.float32)},
        {"prediction": np.zeros(30)},
        {"prediction": np.zeros((30, 2, 1))},
        {"watched": np.zeros((20, 1))},
        {"watched": np.zeros(20, np.float32)},
        {"more": np.zeros(3)},
        {"parameters": np.zeros(3)},
    ],
    ids=lambda tensors: " ".join(f"{name} {tensor.dtype} {tensor.shape}" for name, tensor in tensors.items()),
)
def test_forged_tensors_are_refused(folder, tensors):
    path = folder / "recipe-01-fold-00.member"
    stored = container.read(path, member_file.FORMAT)
    container.write(path, member_file.FORMAT, stored.description, {**stored.tensors, **tensors})
    assert refusal(folder, CheckpointFileError) == f"{path} {DAMAGED}"


def test_a_model_of_other_columns_is_refused(folder, tmp_path):
    other = tmp_path / "others"
    cut_short(other, 5, rows=replace(ROWS, X=np.hstack([ROWS.X, ROWS.X])))
    path, name = folder / "recipe-01-fold-00.member", "recipe-01-fold-00.member"
    begun_with = json.loads(container.read(path, member_file.FORMAT).description)["begun_with"]
    path.write_bytes((other / name).read_bytes())
    described(path, begun_with=begun_with)
    assert refusal(folder, CheckpointFileError) == f"{path} {DAMAGED}"


def test_files_of_a_newer_fitnet_are_refused(folder):
    path = folder / "recipe-01-fold-00.member"
    stored, newer = container.read(path, member_file.FORMAT), member_file.FORMAT.newest + 1
    container.write(path, member_file.FORMAT, stored.description, stored.tensors, newer)
    assert "was written by a newer fitnet" in refusal(folder, CheckpointFileError)


WORDS = Categories(("x", "colour"), (None, ("blue", "red")))
COLOURED = np.column_stack([ROWS.X[:, 0], np.arange(120) % 2, 1 - np.arange(120) % 2])
GAPS = np.where(np.arange(240).reshape(120, 2) % 7 == 0, np.nan, ROWS.X)


@pytest.mark.parametrize("candidate", CANDIDATES, ids=lambda each: each.name)
@pytest.mark.parametrize(
    "rows",
    [
        ROWS,
        replace(ROWS, X=ROWS.X.astype(np.float32)),
        TrainingRows(COLOURED, ROWS.Y, categories=WORDS),
        TrainingRows.imputed(GAPS, ROWS.Y, np.linspace(0.1, 1, 120)),
    ],
    ids=["plain", "float32", "words", "gaps"],
)
@pytest.mark.parametrize("transform", [None, "log"])
def test_a_member_from_a_file_predicts_the_same_bits(tmp_path, candidate, rows, transform):
    rows = rows if transform is None else replace(rows, Y=np.exp(rows.Y / 100))
    candidate = replace(candidate, recipe=replace(candidate.recipe, target_transform=transform))
    folds = np.arange(120) % 4
    made = member_training.cross_fitted(candidate, rows, folds, 1, np.random.default_rng(0), COMPUTE)
    contents = member_file.Contents({"X": "a"}, Place(candidate.name, 1), made)
    member_file.write(tmp_path / "a.member", contents)
    read = member_file.read(tmp_path / "a.member", COMPUTE)
    assert (read.begun_with, read.place) == (contents.begun_with, contents.place)
    assert isinstance(read.member, Member) and read.member.seconds == made.seconds
    assert read.member.prediction.tobytes() == made.prediction.tobytes()
    assert read.member.watched.tobytes() == made.watched.tobytes()
    for name in ("predict", "jacobian"):
        one, other = (getattr(each.model, name)(rows.X) for each in (made, read.member))
        assert one.dtype == other.dtype and one.tobytes() == other.tobytes()
    for name, model in (("made", made.model), ("read", read.member.model)):
        model.save(tmp_path / f"{name}.fitnet")
    assert (tmp_path / "made.fitnet").read_bytes() == (tmp_path / "read.fitnet").read_bytes()
