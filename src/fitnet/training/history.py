"""History: what training records, one entry an epoch."""

from dataclasses import dataclass, field

SERIES = ("loss", "validation_loss", "learning_rate", "seconds")


@dataclass
class History:
    """Lists with one entry an epoch; `validation_loss` stays empty without validation data.

    Attributes
    ----------
    loss
        Mean training loss over the epoch, each row's before its step, and with it the penalty that `l2` adds.
    validation_loss
        Loss on the validation data after the epoch, without the penalty.
    learning_rate
        The rate of the epoch's last step.
    seconds
        Wall-clock seconds since training began, at the end of the epoch; without the time between an interruption
        and its resuming.
    """

    loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def epochs(self) -> int:
        """Epochs recorded."""
        return len(self.loss)

    def truncate(self, epochs: int) -> None:
        """Forget, in place, all after the first `epochs` epochs."""
        for series in SERIES:
            del getattr(self, series)[epochs:]
