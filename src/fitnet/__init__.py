"""fitnet: feed-forward regression networks from first principles.

The public names below load what they need when they are first used, so `import fitnet` itself costs almost nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from fitnet.version import __version__

if TYPE_CHECKING:
    from fitnet import distributed as distributed
    from fitnet import errors as errors
    from fitnet import evaluation as evaluation
    from fitnet import quadratic as quadratic
    from fitnet import sklearn_compat as sklearn_compat
    from fitnet import tables as tables
    from fitnet.algorithm.cross_entropy import CrossEntropy as CrossEntropy
    from fitnet.algorithm.losses import AbsoluteError as AbsoluteError
    from fitnet.algorithm.losses import Huber as Huber
    from fitnet.algorithm.losses import Poisson as Poisson
    from fitnet.algorithm.losses import Quantile as Quantile
    from fitnet.algorithm.losses import SquaredError as SquaredError
    from fitnet.algorithm.network import Dense as Dense
    from fitnet.algorithm.network import Network as Network
    from fitnet.algorithm.optimizers import Adam as Adam
    from fitnet.algorithm.optimizers import GradientDescent as GradientDescent
    from fitnet.algorithm.optimizers import Momentum as Momentum
    from fitnet.algorithm.scaling import Scaling as Scaling
    from fitnet.algorithm.schedules import Constant as Constant
    from fitnet.algorithm.schedules import Cosine as Cosine
    from fitnet.algorithm.schedules import StepDecay as StepDecay
    from fitnet.algorithm.target_transform import LogTransform as LogTransform
    from fitnet.estimators.auto_classifier import AutoClassifier as AutoClassifier
    from fitnet.estimators.auto_regressor import AutoRegressor as AutoRegressor
    from fitnet.estimators.classifier import Classifier as Classifier
    from fitnet.estimators.onnx_converter import register_onnx_converter as register_onnx_converter
    from fitnet.estimators.regressor import Regressor as Regressor
    from fitnet.model.ensemble import Ensemble as Ensemble
    from fitnet.model.loading import load as load
    from fitnet.model.model import Model as Model
    from fitnet.model.propagation import propagate as propagate
    from fitnet.model.verification import verify as verify
    from fitnet.reports.report import report as report
    from fitnet.series.forecaster import Forecaster as Forecaster
    from fitnet.training.callbacks import Callback as Callback
    from fitnet.training.checkpoint import Checkpoint as Checkpoint
    from fitnet.training.least_squares import LevenbergMarquardt as LevenbergMarquardt
    from fitnet.training.loggers import CsvLogger as CsvLogger
    from fitnet.training.loggers import TensorBoardLogger as TensorBoardLogger
    from fitnet.training.quasi_newton import LBFGS as LBFGS
    from fitnet.training.result import TrainingResult as TrainingResult
    from fitnet.training.train import train as train
    from fitnet.tuning.pruning_callback import PruningCallback as PruningCallback
    from fitnet.uncertainty.conformal import CrossConformal as CrossConformal
    from fitnet.uncertainty.domain import Domain as Domain

_HOME = {
    "CrossEntropy": "fitnet.algorithm.cross_entropy",
    "AbsoluteError": "fitnet.algorithm.losses",
    "Huber": "fitnet.algorithm.losses",
    "Poisson": "fitnet.algorithm.losses",
    "Quantile": "fitnet.algorithm.losses",
    "SquaredError": "fitnet.algorithm.losses",
    "Dense": "fitnet.algorithm.network",
    "Network": "fitnet.algorithm.network",
    "Adam": "fitnet.algorithm.optimizers",
    "GradientDescent": "fitnet.algorithm.optimizers",
    "Momentum": "fitnet.algorithm.optimizers",
    "Constant": "fitnet.algorithm.schedules",
    "Cosine": "fitnet.algorithm.schedules",
    "StepDecay": "fitnet.algorithm.schedules",
    "LogTransform": "fitnet.algorithm.target_transform",
    "Ensemble": "fitnet.model.ensemble",
    "Model": "fitnet.model.model",
    "load": "fitnet.model.loading",
    "AutoClassifier": "fitnet.estimators.auto_classifier",
    "AutoRegressor": "fitnet.estimators.auto_regressor",
    "Classifier": "fitnet.estimators.classifier",
    "Forecaster": "fitnet.series.forecaster",
    "Regressor": "fitnet.estimators.regressor",
    "register_onnx_converter": "fitnet.estimators.onnx_converter",
    "Scaling": "fitnet.algorithm.scaling",
    "verify": "fitnet.model.verification",
    "Callback": "fitnet.training.callbacks",
    "Checkpoint": "fitnet.training.checkpoint",
    "CsvLogger": "fitnet.training.loggers",
    "LBFGS": "fitnet.training.quasi_newton",
    "LevenbergMarquardt": "fitnet.training.least_squares",
    "TensorBoardLogger": "fitnet.training.loggers",
    "TrainingResult": "fitnet.training.result",
    "propagate": "fitnet.model.propagation",
    "report": "fitnet.reports.report",
    "train": "fitnet.training.train",
    "PruningCallback": "fitnet.tuning.pruning_callback",
    "CrossConformal": "fitnet.uncertainty.conformal",
    "Domain": "fitnet.uncertainty.domain",
}

_ROOMS = ("distributed", "errors", "evaluation", "quadratic", "sklearn_compat", "tables")  # public modules

__all__ = ["__version__", *_ROOMS, *_HOME]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"fitnet.{name}")
    if name not in _HOME:
        there = "; see Model.save" if name == "save" else ""
        raise AttributeError(f"module 'fitnet' has no attribute {name!r}{there}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
