"""scikit-learn: MLPRegressor; one epoch a call of partial_fit, which keeps Adam's state between calls."""

from typing import Any

from benchmarks import peer_command
from benchmarks.stopwatch import Work, repeated
from benchmarks.workloads import BETA1, BETA2, EPSILON, LEARNING_RATE, Workload


def prepare(workload: Workload, variant: str, threads: int) -> Work:
    """The work; BLAS's threads, set before, are the only ones. The checks that can be switched off are off."""
    import sklearn

    sklearn.set_config(assume_finite=True, skip_parameter_validation=True)
    return training(workload) if workload.kind == "train" else prediction(workload)


def regressor(workload: Workload) -> Any:
    """Without penalty, without early stopping, float32 as its data are; shuffled only where that has a meaning."""
    from sklearn.neural_network import MLPRegressor

    return MLPRegressor(
        hidden_layer_sizes=workload.widths[1:-1],
        alpha=0.0,
        batch_size=workload.batch,
        learning_rate_init=LEARNING_RATE,
        beta_1=BETA1,
        beta_2=BETA2,
        epsilon=EPSILON,
        shuffle=not workload.full_batch,
        tol=0.0,
        n_iter_no_change=10**9,
        random_state=3,
    )


def training(workload: Workload) -> Work:
    """One epoch a call, in the batches of the workload."""
    from benchmarks.data import training_rows

    X, Y = training_rows(workload)
    model, targets = regressor(workload), Y[:, 0]

    def run(count: int) -> None:
        for _ in range(count):
            model.partial_fit(X, targets)

    return Work(run, workload.steps_an_epoch)


def prediction(workload: Workload) -> Work:
    """`predict` with the common weights."""
    from benchmarks.data import training_rows, weights_and_biases

    X, Y = training_rows(workload)
    model = regressor(workload).set_params(batch_size=1).partial_fit(X[:1], Y[:1, 0])
    layers = weights_and_biases(workload)
    model.coefs_, model.intercepts_ = [W for W, _ in layers], [b for _, b in layers]
    return repeated(lambda: model.predict(X))


if __name__ == "__main__":
    peer_command.main("scikit-learn", prepare)
