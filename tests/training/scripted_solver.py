"""What the tests of second-order training and of stages share: a solver and a callback that do as they are told."""

import numpy as np

from fitnet import Network

CONSTANT = Network.of_widths((1, 1))
ZEROS = np.zeros((2, 1))


class Scripted:
    """A solver that sets the bias to the next value and claims an objective; the weight stays 0."""

    max_epochs = None

    def __init__(self, biases, objectives=None, moves=False, measured=None):
        self.biases, self.objectives = biases, objectives or [10.0 - i for i in range(len(biases))]
        self.moves_its_objective, self.measured = moves, measured or {}

    def check(self, objective):
        pass

    def minimise(self, objective, start, iterations, after, draw):
        for bias, value in list(zip(self.biases, self.objectives, strict=True))[:iterations]:
            start[:] = 0, bias  # in place: what is kept of it must be a copy
            after(start, value, **self.measured)


class Notes:
    """A callback that keeps what it sees in `log`, under its name; answers or raises at the end of one epoch."""

    def __init__(self, log, name="", every=1, at=None, answer=None, error=None):
        self.log, self.name, self.every = log, name, every
        self.at, self.answer, self.error = at, answer, error

    def on_epoch_end(self, state):
        self.log.append((self.name, state.epoch, state.parameters.tolist(), len(state.history.seconds)))
        if state.epoch == self.at:
            if self.error:
                raise self.error
            return self.answer
        return None

    def on_training_end(self, history):
        self.log.append((self.name, "end", history.epochs))
