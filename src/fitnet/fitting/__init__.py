"""Fitting: settings and rows in, a model out; what the estimators and the shell share."""

from fitnet.fitting.fitting import Fitted, begun, fit
from fitnet.fitting.held_out import HeldOut, held_out
from fitnet.fitting.provenance import provenance
from fitnet.fitting.recipe import Recipe
from fitnet.fitting.settings import PARAMETERS, Settings
from fitnet.fitting.solver_choice import AUTO, SOLVER_NAMES, SOLVERS, constant_rate
from fitnet.fitting.training_rows import TrainingRows

__all__ = [
    "AUTO",
    "PARAMETERS",
    "SOLVERS",
    "SOLVER_NAMES",
    "Fitted",
    "HeldOut",
    "Recipe",
    "Settings",
    "TrainingRows",
    "begun",
    "constant_rate",
    "fit",
    "held_out",
    "provenance",
]
