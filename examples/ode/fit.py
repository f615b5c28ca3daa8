"""Learn how a damped pendulum speeds up from 2,000 measurements, and write that as Fortran: pendulum.f90.

Run: python fit.py
"""

import numpy as np
import pandas as pd

from fitnet import Regressor

generator = np.random.default_rng(0)
states = pd.DataFrame(generator.uniform([-2.5, -2.5], [2.5, 2.5], (2000, 2)), columns=["angle", "speed"])
acceleration = -np.sin(states["angle"]) - 0.1 * states["speed"]
regressor = Regressor((12, 12), activation="tanh", random_state=0).fit(states, acceleration)
regressor.model_.export("pendulum.f90")
