"""History: what training records, one entry an epoch."""

from dataclasses import dataclass, field


@dataclass
class History:
    """Lists with one entry an epoch; `validation_loss` stays empty without validation data.

    Attributes
    ----------
    loss
        Mean training loss over the epoch, each row's before its step.
    validation_loss
        Loss on the validation data after the epoch.
    learning_rate
        The rate of the epoch's last step.
    seconds
        Wall-clock seconds since training began, at the end of the epoch.
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
        for series in (self.loss, self.validation_loss, self.learning_rate, self.seconds):
            del series[epochs:]
