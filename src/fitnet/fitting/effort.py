"""How much is done for a fit unless the user says: rows a step, and passes over them.

docs/explanations/solvers.md tells why.
A pass over few rows is a few steps, over many it is thousands: epochs are counted so that the steps come out.
"""

from collections.abc import Sequence
from typing import Any

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.network import Network
from fitnet.training.least_squares import LevenbergMarquardt
from fitnet.training.solvers import is_second_order

FULL_BATCH_ROWS = 64  # up to so many rows every step sees all of them
LARGEST_BATCH = 256  # of a million rows, batches of 1,024 took as long a pass and ended less accurate
EPOCHS = 200  # where they are enough steps, and not too many
LEAST_STEPS, MOST_ROWS_SEEN = 4000, 16_000_000  # the second in all passes together: seconds for the default network
STEPS_OF_FEW_CORNERS = 1000  # full batches of a network with corners: on a few noisy rows more steps fit the noise
LEAST_EPOCHS = 10
ITERATIONS_A_START = 333  # of Levenberg-Marquardt with several


def rows_a_step(n: int) -> int:
    """The batch size for n rows: a twentieth of them, at least 32 and at most 256."""
    if n <= FULL_BATCH_ROWS:
        return n
    return min(LARGEST_BATCH, max(32, n // 20))


def passes(solvers: Sequence[Any], network: Network, n: int, batch_size: int | None) -> int:
    """Epochs for n rows, or iterations of solvers that see all rows at once."""
    starts = max((solver.starts for solver in solvers if isinstance(solver, LevenbergMarquardt)), default=1)
    if starts > 1:
        return ITERATIONS_A_START * starts + 1  # the last one goes back to the best
    if batch_size is None or any(is_second_order(solver) for solver in solvers):
        return EPOCHS
    steps_a_pass = -(-n // batch_size)
    smooth = all(ACTIVATIONS[layer.activation].smooth for layer in network.layers)
    least = LEAST_STEPS if smooth or batch_size < n else STEPS_OF_FEW_CORNERS
    most = max(LEAST_EPOCHS, MOST_ROWS_SEEN // n)
    return min(most, max(EPOCHS, -(-least // steps_a_pass)))
