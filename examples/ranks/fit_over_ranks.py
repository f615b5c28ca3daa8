"""One training over ranks: every rank makes its own rows, and all get the same model.

    mpiexec -n 4 python -m mpi4py fit_over_ranks.py

`-m mpi4py` ends all ranks where one ends with an error.
"""

import numpy as np
from mpi4py import MPI

from fitnet import Regressor

ranks = MPI.COMM_WORLD
parts = np.array_split(np.arange(8), ranks.Get_size())[ranks.Get_rank()]  # in place of files: this rank's of eight
X = np.concatenate([np.random.default_rng(part).uniform(-1, 1, (500, 2)) for part in parts])
y = np.sin(3 * X[:, 0]) * X[:, 1]

regressor = Regressor(activation="tanh", solver="lm", max_epochs=50, random_state=0, communicator=ranks).fit(X, y)
if ranks.Get_rank() == 0:
    regressor.model_.save("field.fitnet")
    print(f"RMSE {np.sqrt(regressor.history_.loss[-1]):.1e} of the scaled targets after {regressor.n_epochs_} epochs")
