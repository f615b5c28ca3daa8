"""Many outputs: ensembles of networks by principal components, and outputs that have nothing in common."""

import numpy as np
import pytest

import fitnet
from fitnet import AutoRegressor
from fitnet.engine import ENGINES
from fitnet.model.model import Model
from spectra import independent, spectra
from tolerances import SPECTRA_ERROR

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")
COMPONENTS = "by components"


@pytest.fixture(scope="module")
def fitted():
    """Of 40 spectra of 100 outputs, one of which never varies, with weights."""
    X, Y = spectra(40, p=2, m=100, lines=4)
    Y[:, 5] = 0.3
    weights = np.linspace(0.1, 2, 40)
    return X, AutoRegressor("fast", target_transform=None, random_state=0).fit(X, Y, sample_weight=weights)


def shares(regressor):
    return {line.recipe: line.weight for line in regressor.leaderboard_}


def test_spectra_are_learned_by_their_components():
    X, Y = spectra(900)
    regressor = AutoRegressor("fast", target_transform=None, random_state=0).fit(X[:400], Y[:400])
    errors = np.abs(regressor.predict(X[400:]) / Y[400:] - 1)
    assert np.quantile(errors, 0.99) < SPECTRA_ERROR
    assert sum(share for name, share in shares(regressor).items() if name.endswith(COMPONENTS)) > 0.9


def test_outputs_that_have_nothing_in_common_are_learned_directly():
    regressor = AutoRegressor("fast", random_state=0).fit(*independent(100))
    assert not any(name.endswith(COMPONENTS) for name in shares(regressor))


def test_a_file_gives_back_the_same_predictions_intervals_and_derivatives(fitted, tmp_path):
    X, regressor = fitted
    regressor.model_.save(tmp_path / "spectra.fitnet")
    loaded = fitnet.load(tmp_path / "spectra.fitnet")
    assert all(isinstance(member, Model) and member.network.n_outputs == 100 for member in loaded.members)
    assert loaded.predict(X).tobytes() == regressor.predict(X).tobytes()
    assert loaded.predict_interval(X[:3]).tobytes() == regressor.predict_interval(X[:3]).tobytes()
    assert loaded.jacobian(X[:3]).tobytes() == regressor.model_.jacobian(X[:3]).tobytes()


def test_every_output_has_its_own_intervals(fitted):
    X, regressor = fitted
    ends = regressor.predict_interval(X)
    assert ends.shape == (40, 100, 2)
    assert ends[:, 5] == pytest.approx(0.3)
    widths = np.delete(ends[..., 1] - ends[..., 0], 5, axis=1)
    assert widths.min() > 0 and np.ptp(widths[0]) > 0


def test_bits_do_not_depend_on_how_many_members_are_trained_side_by_side():
    X, Y = spectra(40, p=2, m=30, lines=2)
    one, two = (AutoRegressor("fast", random_state=0, n_jobs=jobs).fit(X, Y).predict(X) for jobs in (1, 2))
    assert one.tobytes() == two.tobytes()
