"""Members of another fit are refused in one sentence that names what differs, and stay as they are."""

from dataclasses import replace

import numpy as np
import pytest
from kept_ensemble import CANDIDATES, ENCODED, ROWS, cut_short, kept_fit, outcome
from refused_members import refusal

from fitnet.engine import ENGINES
from fitnet.engine.compute import Compute
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows import Categories

DATA = "is not what the training in {} was begun with; to resume it must be the same in every bit."
SETTING = "; to resume the training in {} it must be {}, as it was."
GROUPS = np.arange(120) // 3


@pytest.fixture
def folder(tmp_path):
    """With the members of a fit that broke off after five of fifteen."""
    cut_short(tmp_path / "members", 5)
    return tmp_path / "members"


def moved(array):
    """The same but for the last bit of one entry."""
    other = array.copy()
    other[3, 0] = np.nextafter(other[3, 0], np.inf)
    return other


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("X", replace(ROWS, X=moved(ROWS.X))),
        ("X", TrainingRows(ROWS.X[:100], ROWS.Y[:100])),
        ("X", replace(ROWS, X=ROWS.X.astype(np.float32))),
        ("X", TrainingRows.imputed(ROWS.X, ROWS.Y)),
        ("X", replace(ROWS, X=np.eye(2)[np.arange(120) % 2], categories=Categories(("c",), (("a", "b"),)))),
        ("Y", replace(ROWS, Y=moved(ROWS.Y))),
        ("weights", replace(ROWS, weights=np.ones(120))),
    ],
    ids=["X", "fewer rows", "float32", "imputation", "words", "Y", "weights"],
)
def test_other_data_are_refused(folder, name, changed):
    assert refusal(folder, rows=changed) == f"`{name}` {DATA.format(folder)}"


def test_the_same_columns_by_other_words_are_refused(tmp_path):
    coloured = replace(ROWS, X=np.eye(2)[np.arange(120) % 2], categories=Categories(("c",), (("a", "b"),)))
    cut_short(tmp_path / "members", 2, rows=coloured)
    other = replace(coloured, categories=Categories(("c",), (("a", "c"),)))
    assert refusal(tmp_path / "members", rows=other) == f"`X` {DATA.format(tmp_path / 'members')}"


def test_other_groups_are_refused(folder, tmp_path):
    assert refusal(folder, groups=GROUPS) == f"`groups` {DATA.format(folder)}"
    grouped = tmp_path / "grouped"
    cut_short(grouped, 3, groups=GROUPS)
    assert refusal(grouped) == f"`groups` {DATA.format(grouped)}"
    assert refusal(grouped, groups=np.arange(120) // 4) == f"`groups` {DATA.format(grouped)}"
    kept_fit(grouped, groups=np.array([f"sample {group:03}" for group in GROUPS], object))  # the same by other names


def drawn(seed):
    generator = np.random.default_rng(seed)
    generator.random()
    return generator


def spawned(seed):
    generator = np.random.default_rng(seed)
    generator.spawn(1)
    return generator


def test_another_seed_is_refused(folder):
    assert refusal(folder, seed=1) == f"`random_state` is 1{SETTING.format(folder, 0)}"
    for generator in (drawn(0), spawned(0), np.random.Generator(np.random.MT19937(0))):
        sentence = refusal(folder, seed=generator)
        assert sentence.startswith("`random_state` is a generator in the state ")
        assert sentence.endswith(SETTING.format(folder, 0))


@pytest.mark.parametrize("begun", [drawn, spawned])
def test_a_generator_must_be_in_the_state_it_was_in(tmp_path, begun):
    whole = outcome(kept_fit(seed=begun(0)), tmp_path)
    folder = tmp_path / "members"
    cut_short(folder, 5, seed=begun(0))
    assert " it must be a generator in the state " in refusal(folder, seed=0)
    assert outcome(kept_fit(folder, seed=begun(0)), tmp_path) == whole


def test_a_seed_that_nobody_chose_is_in_the_sentence(tmp_path):
    """So that what was begun without one can be gone on with."""
    folder = tmp_path / "members"
    generator = np.random.default_rng()
    seed = generator.bit_generator.seed_seq.entropy
    whole = outcome(kept_fit(seed=seed), tmp_path)
    cut_short(folder, 5, seed=generator)
    assert refusal(folder, seed=np.random.default_rng()).endswith(SETTING.format(folder, seed))
    assert outcome(kept_fit(folder, seed=seed), tmp_path) == whole


def test_other_recipes_are_refused(folder):
    longer = replace(ENCODED, recipe=replace(ENCODED.recipe, max_epochs=21))
    for candidates in (CANDIDATES[:2], CANDIDATES[::-1], (*CANDIDATES[:2], longer)):
        assert refusal(folder, candidates=candidates) == (
            f"The training in {folder} was begun with other recipes; to resume it `effort` and all that chooses them "
            "must be as they were."
        )


@pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")
def test_another_engine_is_refused(folder):
    sentence = f"`engine` is 'reference'{SETTING.format(folder, repr('native'))}"
    assert refusal(folder, compute=Compute("reference", 1)) == sentence


def test_what_can_be_no_folder_is_refused_before_training(tmp_path):
    (tmp_path / "file").write_text("mine")
    for checkpoint, error, sentence in [
        (3, ArgumentTypeError, "`checkpoint` is 3; it must be a folder's name."),
        (b"a", ArgumentTypeError, "`checkpoint` is b'a'; it must be a folder's name."),
        (
            tmp_path / "file",
            ArgumentValueError,
            f"`checkpoint` is {str(tmp_path / 'file')!r}, a file; of an ensemble it must be a folder.",
        ),
        (
            tmp_path / "no" / "a",
            ArgumentValueError,
            f"`checkpoint` writes to {tmp_path / 'no' / 'a'}, whose folder does not exist; it must.",
        ),
    ]:
        with pytest.raises(error) as raised:
            kept_fit(checkpoint)
        assert str(raised.value) == sentence
    assert (tmp_path / "file").read_text() == "mine"
