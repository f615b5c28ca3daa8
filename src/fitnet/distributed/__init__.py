"""More than one machine: a model's answers to the rows of dask collections, lazily and part by part; predictions for
many files by several processes; one training over the ranks of an MPI program.

docs/how-to/scale.md says which way of several suits what. What is here needs `pip install 'fitnet[dask]'`; nothing of
it is imported before one of these is called.
"""

from fitnet.distributed.predictions import jacobian, predict, predict_interval

__all__ = ["jacobian", "predict", "predict_interval"]
