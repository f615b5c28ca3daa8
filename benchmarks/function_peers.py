"""Who learns the known functions, and how each is set up; all networks have two hidden layers of 32 tanh neurons.

A way to fit is a function of X (n, p), y (n,), the number of iterations, the number of threads and the seed; it gives a
function that predicts. Packages are imported where they are used, for a process has only its own peer's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from benchmarks import function_fitnet, function_sklearn, function_torch

Array = np.ndarray
Predict = Callable[[Array], Array]
Fit = Callable[[Array, Array, int, int, int], Predict]


@dataclass(frozen=True)
class FunctionPeer:
    """A package and how it fits.

    Parameters
    ----------
    package, distribution
        What is imported, and what pip installs.
    fit
        See above.
    trial
        Iterations that show how long one takes, enough to outweigh what a fit costs besides; None where the budget is
        no time but the number of rows to learn from.
    threads
        Thread counts to try; the faster in the trial is taken. Where it is one number the package decides by itself.
    """

    package: str
    distribution: str
    fit: Fit
    trial: int | None
    threads: tuple[int, ...] = (1, 2)

    @property
    def installed(self) -> bool:
        return find_spec(self.package) is not None


def fitnet(name: str, trial: int) -> FunctionPeer:
    """fitnet with one of its recipes; its thread count is its own choice."""
    return FunctionPeer("fitnet", "fitnet", function_fitnet.fit_with(name), trial, (2,))


REFERENCE = "fitnet-lm"  # what ratios are of
PEERS = {
    "fitnet-lm": fitnet("lm", 24),
    "fitnet-lm-bayesian": fitnet("lm-bayesian", 24),
    "fitnet-lbfgs": fitnet("lbfgs", 200),
    "fitnet-adam": fitnet("adam", 400),
    "fitnet-auto": fitnet("auto", 12),
    "scikit-learn-lbfgs": FunctionPeer("sklearn", "scikit-learn", function_sklearn.fit_lbfgs, 10),
    "scikit-learn-adam": FunctionPeer("sklearn", "scikit-learn", function_sklearn.fit_adam, 3),
    "scikit-learn-gp": FunctionPeer("sklearn", "scikit-learn", function_sklearn.fit_gaussian_process, None, (1,)),
    "torch-adam": FunctionPeer("torch", "torch", function_torch.fit_adam, 2),
    "torch-lm": FunctionPeer(
        "torch_levenberg_marquardt", "torch-levenberg-marquardt", function_torch.fit_levenberg_marquardt, 1
    ),
}
LEFT_OUT = ("fitnet-auto",)  # it takes one of the others; `--peers` can ask for it
