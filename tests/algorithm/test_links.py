"""Links: where a loss meets z, where predictions, and which networks it refuses."""

import pytest

from fitnet.algorithm.links import loss_at
from fitnet.algorithm.losses import LOSSES, Huber, Poisson, PoissonOfRates
from fitnet.errors import ArgumentValueError
from users_loss import OfLogarithms


def test_a_loss_meets_its_link_on_z_and_others_on_predictions():
    for loss in LOSSES.values():
        assert loss_at(loss, loss.link) == (loss, True)
    assert loss_at(Huber(2), "tanh") == (Huber(2), False)
    assert loss_at(Poisson(), "softplus") == (PoissonOfRates(), False)


def test_a_loss_that_cannot_do_without_its_link_says_so():
    with pytest.raises(ArgumentValueError) as caught:
        loss_at(OfLogarithms(), "identity")
    assert str(caught.value) == (
        "`network` ends in 'identity'; for OfLogarithms() its output_activation must be 'exponential', the loss's link."
    )


def test_a_link_that_is_no_activation_is_refused():
    loss = OfLogarithms()
    loss.link = "logit"
    with pytest.raises(ArgumentValueError, match=r"^`loss\.link` is 'logit'; it must be one of identity, relu, "):
        loss_at(loss, "identity")
