"""Selection among recipes for classes: shares, the temperature, and folds in which every class has its share."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from sklearn.metrics import log_loss

from fitnet.algorithm.network import Network
from fitnet.errors import ArgumentValueError
from fitnet.fitting.class_ensemble import cooled
from fitnet.fitting.class_selection import mean_of_copies, selected_classes, temperature_of
from fitnet.fitting.folds_of_classes import dealt_by_class
from fitnet.model.model import Model
from tolerances import FLOAT64_RTOL, TEMPERATURE_RTOL


def drawn(generator, n, K, sureness=1.0):
    """Logits, and rows of classes drawn from their softmax; the logits times `sureness`."""
    z = 2 * generator.normal(size=(n, K))
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    codes = (p.cumsum(1) < generator.uniform(size=(n, 1))).sum(1)
    return sureness * z, np.eye(K)[codes]


@pytest.mark.parametrize("sureness", [0.5, 2.0])
def test_the_temperature_gives_back_how_sure_logits_were(generator, sureness):
    z, Y = drawn(generator, 20_000, 3, sureness)
    assert temperature_of([z[np.newaxis]], [1.0], Y) == pytest.approx(sureness, rel=0.05)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_temperature_is_the_best_of_the_penalised_log_loss(generator, weighted):
    z, Y = drawn(generator, 200, 3, 1.7)
    weights = generator.uniform(0.5, 2, 200) if weighted else None

    def loss(logarithm):
        p = np.exp(z / np.exp(logarithm))
        p /= p.sum(1, keepdims=True)
        return log_loss(Y.argmax(1), p, sample_weight=weights) + (logarithm / 0.5) ** 2 / 400

    best = np.exp(minimize_scalar(loss, bounds=(-1.6, 1.6), options={"xatol": 1e-10}).x)
    assert temperature_of([z[np.newaxis]], [1.0], Y, weights) == pytest.approx(best, rel=TEMPERATURE_RTOL)


def test_a_few_rows_told_right_do_not_make_it_sure_of_all():
    z = np.array([[[4.0], [-4.0]]])  # one copy of two rows
    assert temperature_of([z], [1.0], np.array([[0.0, 1.0], [1.0, 0.0]])) > 0.5


def test_a_copy_that_is_not_there_counts_for_nothing(generator):
    z = generator.normal(size=(2, 6, 3))
    z[1, 4:] = np.nan
    p = np.exp(z) / np.exp(z).sum(2, keepdims=True)
    expected = np.concatenate([p[:, :4].mean(0), p[0, 4:]])
    np.testing.assert_allclose(mean_of_copies(z), expected, rtol=FLOAT64_RTOL)


def test_two_that_complete_each_other_share_and_a_bad_one_gets_nothing(generator):
    z, Y = drawn(generator, 2000, 3)
    one, other = (z + 1.5 * generator.normal(size=z.shape) for _ in range(2))
    probabilities = mean = np.stack([mean_of_copies(each[np.newaxis]) for each in (one, other, -z)])
    shares = selected_classes(probabilities, Y)
    assert shares[2] == 0
    assert shares.min(initial=1, where=[True, True, False]) > 0.25
    losses = [-np.log((p * Y).sum(1)).mean() for p in (*mean, np.tensordot(shares, mean, 1))]
    assert losses[3] < min(losses[:3])


def test_shares_know_weights(generator):
    Y = np.eye(2)[np.arange(400) % 2]
    first, second = np.where(Y[:, :1] == 1, 0.9, 0.4), np.where(Y[:, :1] == 1, 0.4, 0.9)
    probabilities = np.stack([np.where(Y == 1, each, 1 - each) for each in (first, second)])
    shares = selected_classes(probabilities, Y, np.where(Y[:, 0] == 1, 100.0, 1.0))
    assert shares[0] > 0.8


@pytest.mark.parametrize("K", [2, 5])
@pytest.mark.parametrize("one_column", [False, True])
def test_every_class_has_its_share_of_every_fold(generator, K, one_column):
    codes = (generator.uniform(size=203) < 0.2).astype(int)
    folds = dealt_by_class(codes.reshape(-1, 1) if one_column else np.eye(2)[codes], K, generator)
    counts = np.array([[np.sum((folds == k) & (codes == code)) for code in (0, 1)] for k in range(K)])
    assert np.ptp(counts, axis=0).max() <= 1
    assert np.ptp(counts.sum(1)) <= 1


def test_groups_stay_together_and_one_alone_is_refused(generator):
    Y, groups = np.eye(2)[np.arange(40) % 2], np.arange(40) // 4
    folds = dealt_by_class(Y, 4, generator, groups)
    assert all(len(set(folds[groups == group])) == 1 for group in range(10))
    with pytest.raises(ArgumentValueError, match="`groups`"):
        dealt_by_class(Y, 4, generator, np.zeros(40))


@pytest.mark.parametrize("widths", [(3, 2), (3, 4, 1)])
def test_a_cooled_model_divides_its_logits_and_nothing_else(generator, widths):
    network = Network.of_widths(widths, "tanh")
    model = Model(network, network.initial_parameters(generator, dtype="float64"))
    X = generator.normal(size=(5, 3))
    np.testing.assert_allclose(cooled(model, 1.7).predict(X), model.predict(X) / 1.7, rtol=FLOAT64_RTOL)
    assert model.parameters.tobytes() != cooled(model, 1.7).parameters.tobytes()
