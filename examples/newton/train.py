"""A van der Waals gas in reduced units, learned from a table, as a C header: gas.h beside this file, or where told."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from fitnet import Regressor

generator = np.random.default_rng(0)
T, rho = generator.uniform(1.1, 2, 1000), generator.uniform(0.1, 1.5, 1000)
states = pd.DataFrame({"temperature": T, "density": rho})
targets = pd.DataFrame({"pressure": 8 * T * rho / (3 - rho) - 3 * rho**2, "energy": 4 * T - 3 * rho})
gas = Regressor((16, 16), activation="tanh", solver="lm", max_epochs=150, error_bars=False, random_state=0).fit(
    states, targets
)
header = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("gas.h")
gas.model_.export(header, "c", prefix="gas")
