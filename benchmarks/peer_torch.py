"""PyTorch: eager, and torch.compile of network and loss; Adam in its fused form."""

from typing import Any

from benchmarks import peer_command
from benchmarks.peers import pieces
from benchmarks.stopwatch import Work, repeated
from benchmarks.workloads import BETA1, BETA2, EPSILON, LEARNING_RATE, Workload


def prepare(workload: Workload, variant: str, threads: int) -> Work:
    """The work on `threads` threads within an operation; there is nothing to run beside one."""
    import torch

    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    return (training if workload.kind == "train" else prediction)(workload, variant)


def training(workload: Workload, variant: str) -> Work:
    """One epoch: shuffled row numbers, each mini-batch gathered by its part of them, one step each."""
    import torch

    from benchmarks.data import training_rows

    X, Y = (torch.from_numpy(array) for array in training_rows(workload))
    network = sequential(workload)
    optimizer = torch.optim.Adam(network.parameters(), LEARNING_RATE, (BETA1, BETA2), EPSILON, fused=True)

    def loss_of(inputs: Any, targets: Any) -> Any:
        return torch.nn.functional.mse_loss(network(inputs), targets)

    loss = torch.compile(loss_of) if variant == "compile" else loss_of

    def step(inputs: Any, targets: Any) -> None:
        optimizer.zero_grad(set_to_none=True)
        loss(inputs, targets).backward()
        optimizer.step()

    def run(count: int) -> None:
        for _ in range(count):
            if workload.full_batch:
                step(X, Y)
                continue
            for rows in torch.randperm(workload.rows).split(workload.batch):
                step(X[rows], Y[rows])

    return Work(run, workload.steps_an_epoch)


def prediction(workload: Workload, variant: str) -> Work:
    """NumPy in, NumPy out, inside one inference_mode so that entering it is not timed."""
    import numpy as np
    import torch

    from benchmarks.data import training_rows

    X, _ = training_rows(workload)
    network = sequential(workload).eval()
    forward = torch.compile(network) if variant == "compile" else network
    out = np.empty((workload.rows, workload.widths[-1]), np.float32)

    def whole() -> Any:
        return forward(torch.from_numpy(X)).numpy()

    def in_pieces() -> Any:
        for part in pieces(workload.rows):
            out[part] = forward(torch.from_numpy(X[part])).numpy()
        return out

    work = repeated(in_pieces if variant.endswith("in pieces") else whole)

    def run(count: int) -> None:
        with torch.inference_mode():
            work.run(count)

    return Work(run, work.steps)


def sequential(workload: Workload) -> Any:
    """The network as torch.nn.Sequential with the common weights; torch keeps them as (outputs, inputs)."""
    import torch

    from benchmarks.data import weights_and_biases

    modules: list[Any] = []
    for W, b in weights_and_biases(workload):
        linear = torch.nn.Linear(*W.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(W.T.copy()))
            linear.bias.copy_(torch.from_numpy(b))
        modules += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1])


if __name__ == "__main__":
    peer_command.main("torch", prepare)
