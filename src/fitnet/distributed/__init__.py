"""More than one machine: a model's answers to the rows of dask collections, lazily and part by part.

docs/scale.md says which way of several suits what. Needs `pip install 'fitnet[dask]'`; nothing of it is imported
before one of these is called.
"""

from fitnet.distributed.predictions import jacobian, predict, predict_interval

__all__ = ["jacobian", "predict", "predict_interval"]
