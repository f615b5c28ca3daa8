"""fitnet: the engine's whole epochs in one call, `fitnet.train`, and `Model.predict`."""

from typing import TYPE_CHECKING

from benchmarks import peer_command
from benchmarks.stopwatch import Work, repeated
from benchmarks.workloads import BETA1, BETA2, EPSILON, LEARNING_RATE, Workload

if TYPE_CHECKING:
    import numpy as np


def prepare(workload: Workload, variant: str, threads: int) -> Work:
    """The work on the fastest engine there is; FITNET_NUM_THREADS, set before, gives it its threads."""
    prepared = {"engine": whole_epochs, "train": training, "model": prediction}
    return prepared[variant](workload)


def whole_epochs(workload: Workload) -> Work:
    """The bare engine, several epochs a call; drawing the row orders is part of the time."""
    import numpy as np

    from benchmarks.bare_engine import bare_engine
    from benchmarks.data import row_orders, training_rows
    from fitnet.algorithm.network import Network

    X, Y = training_rows(workload)
    generator = np.random.default_rng(3)
    network = Network.of_widths(workload.widths)
    train = bare_engine(network, X, Y, initial_parameters(workload), workload.batch)
    epochs = workload.epochs_a_call
    rates = np.full((epochs, workload.steps_an_epoch), LEARNING_RATE)

    def run(count: int) -> None:
        for _ in range(count):
            train(rates, None if workload.full_batch else row_orders(workload, epochs, generator))

    return Work(run, epochs * workload.steps_an_epoch)


def training(workload: Workload) -> Work:
    """`fitnet.train`, one call however many epochs: what a user writes, with its checks, record and best parameters."""
    import numpy as np

    import fitnet
    from benchmarks.data import training_rows

    X, Y = training_rows(workload)
    network, start = fitnet.Network.of_widths(workload.widths), initial_parameters(workload)

    def run(count: int) -> None:
        fitnet.train(
            network,
            X,
            Y,
            epochs=count,
            generator=np.random.default_rng(3),
            solver=fitnet.Adam(LEARNING_RATE, BETA1, BETA2, EPSILON),
            batch_size=None if workload.full_batch else workload.batch,
            parameters=start,
            verbose=False,
        )

    return Work(run, workload.steps_an_epoch)


def prediction(workload: Workload) -> Work:
    """`Model.predict`, with all its checks of the input."""
    import fitnet
    from benchmarks.data import training_rows

    X, _ = training_rows(workload)
    model = fitnet.Model(fitnet.Network.of_widths(workload.widths), initial_parameters(workload))
    return repeated(lambda: model.predict(X))


def initial_parameters(workload: Workload) -> "np.ndarray":
    """The common weights and biases as fitnet's one vector (P,)."""
    import numpy as np

    from benchmarks.data import weights_and_biases

    return np.concatenate([part.ravel() for layer in weights_and_biases(workload) for part in layer])


if __name__ == "__main__":
    peer_command.main("fitnet", prepare)
