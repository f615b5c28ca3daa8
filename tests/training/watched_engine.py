"""Engines that record, interrupt or script what training asks of their trainers."""

import numpy as np

from fitnet.engine import ENGINES
from fitnet.engine.reference import ReferenceEngine
from fitnet.engine.reference_trainer import ReferenceTrainer


class WatchedTrainer(ReferenceTrainer):
    """The reference engine's, on behalf of `engine`."""

    engine = None

    def run(self, learning_rates, row_orders, *, watches=False, seeds=None):
        return self.engine.run(super().run, learning_rates, row_orders, watches)

    def validation_loss(self):
        return self.engine.validate(super().validation_loss)


class WatchedEngine(ReferenceEngine):
    """The reference engine; `calls` lists the learning rates and row orders of every call of a trainer's run."""

    def __init__(self):
        self.calls = []
        self.validations = 0

    def trainer(self, objective, optimizer, start, batch_size, *, validation=None, keeps_lowest=False):
        trainer = WatchedTrainer(objective, optimizer, start, batch_size, validation, keeps_lowest)
        trainer.engine = self
        return trainer

    def run(self, run, learning_rates, row_orders, watches):
        """What a trainer's `run` gives."""
        self.calls.append({"learning_rates": learning_rates, "row_orders": row_orders})
        return run(learning_rates, row_orders, watches=watches)

    def validate(self, validation_loss):
        """What a trainer's `validation_loss` gives."""
        self.validations += 1
        return validation_loss()

    @property
    def epochs_a_call(self):
        return [len(call["learning_rates"]) for call in self.calls]


class InterruptedEngine(WatchedEngine):
    """Ctrl-C strikes in the given call of run, after its first epoch, or in the given validation."""

    def __init__(self, in_call=None, in_validation=None):
        super().__init__()
        self.in_call = in_call
        self.in_validation = in_validation

    def validate(self, validation_loss):
        loss = super().validate(validation_loss)
        if self.validations == self.in_validation:
            raise KeyboardInterrupt
        return loss

    def run(self, run, learning_rates, row_orders, watches):
        if len(self.calls) + 1 != self.in_call:
            return super().run(run, learning_rates, row_orders, watches)
        trainer = run.__self__
        best = trainer.best()
        super().run(run, learning_rates[:1], None if row_orders is None else row_orders[:1], watches)
        trainer._best = best  # as `Trainer.run` says of a call that is interrupted
        raise KeyboardInterrupt


class ScriptedEngine(WatchedEngine):
    """Sets the parameters to the next of `parameters` in every epoch, and gives the next of `losses`, 0 without."""

    def __init__(self, parameters, losses=None):
        super().__init__()
        self.parameters, self.losses = iter(parameters), losses

    def run(self, run, learning_rates, row_orders, watches):
        trainer, done, count = run.__self__, sum(self.epochs_a_call), len(learning_rates)
        self.calls.append({"learning_rates": learning_rates, "row_orders": row_orders})
        watched = []
        for epoch in range(done + 1, done + count + 1):
            trainer._parameters[:] = next(self.parameters)
            if watches:
                watched.append(trainer.validation_loss())
                if watched[-1] < trainer.best().loss:
                    trainer.keep(watched[-1], epoch)
        losses = [0.0] * (done + count) if self.losses is None else self.losses
        return np.array(losses[done : done + count]), np.array(watched) if watches else None


def install(monkeypatch, engine):
    """Make `engine` known as "watched" for this test, and give it back."""
    monkeypatch.setitem(ENGINES, "watched", lambda n_threads: engine)
    return engine
