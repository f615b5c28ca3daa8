"""History: what training records, one entry an epoch."""

from dataclasses import dataclass, field

SERIES = ("loss", "validation_loss", "learning_rate", "seconds")
SOLVER_SERIES = ("damping", "effective_parameters", "noise")


@dataclass
class History:
    """Lists with one entry an epoch; `validation_loss` stays empty without validation data.

    Attributes
    ----------
    loss
        Mean training loss over the epoch, each row's before its step, and with it the penalty that `alpha` adds.
    validation_loss
        Loss on the validation data after the epoch, without the penalty.
    learning_rate
        The rate of the epoch's last step; NaN where the solver has none.
    seconds
        Wall-clock seconds since training began, at the end of the epoch; without the time between an interruption
        and its resuming.
    damping
        Of Levenberg-Marquardt, after the iteration; this and the following are empty where no solver has them, and
        NaN in the epochs of other solvers.
    effective_parameters
        How many parameters the data determine, by the evidence.
    noise
        The standard deviation of the noise in the targets as the network sees them, by the evidence.
    """

    loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    damping: list[float] = field(default_factory=list)
    effective_parameters: list[float] = field(default_factory=list)
    noise: list[float] = field(default_factory=list)

    def __repr__(self) -> str:
        last = f", the last with a loss of {self.loss[-1]:.6g}" if self.loss else ""
        return f"<History of {self.epochs} epoch{'s' * (self.epochs != 1)}{last}>"

    @property
    def epochs(self) -> int:
        """Epochs recorded."""
        return len(self.loss)

    def truncate(self, epochs: int) -> None:
        """Forget, in place, all after the first `epochs` epochs."""
        for series in SERIES + SOLVER_SERIES:
            del getattr(self, series)[epochs:]
