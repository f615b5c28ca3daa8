"""Engines that record or interrupt what the training loop asks of them."""

from fitnet.engine import ENGINES
from fitnet.engine.reference import ReferenceEngine


class WatchedEngine(ReferenceEngine):
    """The reference engine; `calls` lists the keyword arguments of every call of run_epochs."""

    def __init__(self):
        self.calls = []
        self.predictions = 0

    def predict(self, network, parameters, X):
        self.predictions += 1
        return super().predict(network, parameters, X)

    def run_epochs(self, *arguments, **keywords):
        self.calls.append(keywords)
        return super().run_epochs(*arguments, **keywords)

    @property
    def epochs_a_call(self):
        return [len(call["learning_rates"]) for call in self.calls]


class InterruptedEngine(WatchedEngine):
    """Ctrl-C strikes in the given call of run_epochs, after its first epoch, or in the given call of predict."""

    def __init__(self, in_call=None, in_prediction=None):
        super().__init__()
        self.in_call = in_call
        self.in_prediction = in_prediction

    def predict(self, network, parameters, X):
        prediction = super().predict(network, parameters, X)
        if self.predictions == self.in_prediction:
            raise KeyboardInterrupt
        return prediction

    def run_epochs(self, *arguments, learning_rates, row_orders, **keywords):
        interrupted = len(self.calls) + 1 == self.in_call
        if interrupted:
            learning_rates = learning_rates[:1]
            row_orders = None if row_orders is None else row_orders[:1]
        losses = super().run_epochs(*arguments, learning_rates=learning_rates, row_orders=row_orders, **keywords)
        if interrupted:
            raise KeyboardInterrupt
        return losses


def install(monkeypatch, engine):
    """Make `engine` known as "watched" for this test, and give it back."""
    monkeypatch.setitem(ENGINES, "watched", lambda n_threads: engine)
    return engine
