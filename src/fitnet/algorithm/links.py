"""Links: which of a network's last numbers a loss takes, z or the outputs."""

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import Loss
from fitnet.arguments import one_of
from fitnet.errors import ArgumentValueError


def link_of(loss: Loss) -> str:
    """The name of the loss's link; an object without one takes predictions as they are."""
    return str(getattr(loss, "link", "identity"))


def loss_at(loss: Loss, activation: str) -> tuple[Loss, bool]:
    """The loss as it meets a network's last layer, and whether it takes that layer's z: its link is `activation`.

    Else it takes the layer's outputs, as a loss with the identity for a link.

    Raises
    ------
    ArgumentValueError
        If the loss cannot do without its link.
    """
    link = one_of("loss.link", link_of(loss), ACTIVATIONS)
    if link == activation:
        return loss, True
    if link == "identity":
        return loss, False
    if hasattr(loss, "of_predictions"):
        return loss.of_predictions(), False
    raise ArgumentValueError(
        f"`network` ends in {activation!r}; for {loss!r} its output_activation must be {link!r}, the loss's link.",
        "network",
    )
