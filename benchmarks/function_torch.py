"""PyTorch on the known functions: Adam, and Levenberg-Marquardt from torch-levenberg-marquardt."""

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray
Predict = Callable[[Array], Array]

BATCH = 256
RATE = 2e-2  # where the cosine begins; the best of 3e-3, 1e-2 and 2e-2 on borehole and Friedman 2


def fit_adam(X: Array, y: Array, iterations: int, threads: int, seed: int) -> Predict:
    """`iterations` epochs in batches of 256, float32, eager, fused; the rate goes to 0 along a cosine, step by step."""
    import torch

    begin(threads, seed)
    inputs, targets = torch.from_numpy(X).float(), torch.from_numpy(y).float().reshape(-1, 1)
    network = sequential(X.shape[1])
    optimizer = torch.optim.Adam(network.parameters(), RATE, fused=True)
    steps = iterations * -(-len(X) // BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(iterations):
        for rows in torch.randperm(len(X)).split(BATCH):
            optimizer.zero_grad(set_to_none=True)
            torch.nn.functional.mse_loss(network(inputs[rows]), targets[rows]).backward()
            optimizer.step()
            schedule.step()
    return prediction(network, torch.float32)


def fit_levenberg_marquardt(X: Array, y: Array, iterations: int, threads: int, seed: int) -> Predict:
    """`iterations` steps on all rows at once, float64, as the package sets them up but solved by Cholesky.

    It ends before where the damping has reached its bound.
    """
    import torch

    begin(threads, seed)
    inputs, targets = torch.from_numpy(X), torch.from_numpy(y).reshape(-1, 1)
    network = sequential(X.shape[1]).double()
    module = levenberg_marquardt(network)
    for _ in range(iterations):
        _, _, stop, _ = module.training_step(inputs, targets)
        if stop:
            break
    return prediction(network, torch.float64)


def levenberg_marquardt(network: Any) -> Any:
    """The package's trainer. Cholesky is the fastest of its ways to solve, and the Jacobian by vmap its faster one."""
    from torch_levenberg_marquardt.loss import MSELoss
    from torch_levenberg_marquardt.training import LevenbergMarquardtModule

    return LevenbergMarquardtModule(network, MSELoss(), solve_method="cholesky")


def begin(threads: int, seed: int) -> None:
    """Threads and seed, before anything is drawn."""
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(seed)


def sequential(inputs: int) -> Any:
    """inputs-32-32-1 with tanh, PyTorch's own initialisation."""
    from torch.nn import Linear, Sequential, Tanh

    return Sequential(Linear(inputs, 32), Tanh(), Linear(32, 32), Tanh(), Linear(32, 1))


def prediction(network: Any, dtype: Any) -> Predict:
    """NumPy in, NumPy out."""
    import torch

    def predict(points: Array) -> Array:
        with torch.inference_mode():
            outputs: Array = network(torch.from_numpy(points).to(dtype)).numpy()
        return outputs[:, 0].astype(np.float64)

    return predict
