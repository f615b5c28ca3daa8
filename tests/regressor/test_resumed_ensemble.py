"""AutoRegressor with a checkpoint: a fit that was cut short goes on to the same file, bit for bit."""

import numpy as np
import pytest

from fitnet import AutoRegressor
from fitnet.engine import ENGINES
from fitnet.errors import ArgumentTypeError, ArgumentValueError, CheckpointMismatchError
from fitnet.estimators import auto_regressor

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")

X = np.random.default_rng(0).uniform(-1, 1, (60, 2))
Y = np.sin(3 * X[:, 0]) * X[:, 1]


class BreakdownError(Exception):
    """What a fit breaks off with."""


def regressor(checkpoint=None, random_state=0, **settings):
    return AutoRegressor("fast", random_state=random_state, checkpoint=checkpoint, **settings)


def cut_short(monkeypatch, checkpoint, after=5, **settings):
    """Fit until the program fails after so many members."""
    progress, left = auto_regressor.EnsembleProgress, iter(range(after - 1, -1, -1))

    class BreaksOff(progress):
        def show(self, *arguments):
            super().show(*arguments)
            if next(left) == 0:
                raise BreakdownError

    with monkeypatch.context() as patched, pytest.raises(BreakdownError):
        patched.setattr(auto_regressor, "EnsembleProgress", BreaksOff)
        regressor(checkpoint, **settings).fit(X, Y)


def saved(fitted, tmp_path):
    fitted.model_.save(tmp_path / "e.fitnet")
    return (tmp_path / "e.fitnet").read_bytes()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The file of the ensemble that was never cut short."""
    return saved(regressor().fit(X, Y), tmp_path_factory.mktemp("whole"))


def test_cut_short_it_goes_on_to_the_same_file(monkeypatch, tmp_path, whole):
    cut_short(monkeypatch, tmp_path / "members", n_jobs=2)
    assert len(list((tmp_path / "members").iterdir())) >= 5
    resumed = regressor(str(tmp_path / "members")).fit(X, Y, resume=True)
    assert saved(resumed, tmp_path) == whole
    assert resumed.stopped_ == "finished"
    again = regressor(tmp_path / "members").fit(X, Y, resume=True)  # of which nothing is left to train
    assert saved(again, tmp_path) == whole
    assert [line.seconds for line in again.leaderboard_] == [line.seconds for line in resumed.leaderboard_]


def test_resume_begins_where_nothing_is(tmp_path, whole):
    assert saved(regressor(tmp_path / "members").fit(X, Y, resume=True), tmp_path) == whole


def test_what_decides_must_be_as_it_was(monkeypatch, tmp_path):
    folder = tmp_path / "members"
    cut_short(monkeypatch, folder, 2)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for settings, argument in [
        ({"random_state": 1}, "random_state"),
        ({"random_state": None}, "random_state"),
        ({"smooth": True}, "effort"),
        ({"engine": "reference"}, "engine"),
    ]:
        with pytest.raises(CheckpointMismatchError) as raised:
            regressor(folder, **settings).fit(X, Y, resume=True)
        assert raised.value.argument == argument
    for changed, argument in [((X + 1, Y), "X"), ((X, Y + 1), "Y"), ((X, Y, np.ones(60)), "weights")]:
        with pytest.raises(CheckpointMismatchError) as raised:
            regressor(folder).fit(*changed, resume=True)
        assert raised.value.argument == argument
    with pytest.raises(CheckpointMismatchError, match="`groups` is not what the training in"):
        regressor(folder).fit(X, Y, groups=np.arange(60) // 2, resume=True)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_wrong_arguments_are_refused():
    with pytest.raises(ArgumentValueError, match="`resume` needs a `checkpoint` to go on from"):
        regressor().fit(X, Y, resume=True)
    with pytest.raises(ArgumentTypeError, match="`resume` is 1; it must be True or False"):
        regressor("members").fit(X, Y, resume=1)
    with pytest.raises(ArgumentTypeError, match="`checkpoint` is 3; it must be a folder's name"):
        regressor(3).fit(X, Y)
