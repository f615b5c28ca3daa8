"""Predictions for dask collections: lazily, part by part, by workers that get the model once.

Shapes: a collection has n rows and p columns; outputs (n, m).
"""

from typing import Any

import numpy as np

from fitnet.arguments import counted
from fitnet.distributed.answers import Question, answered_array, answered_frame
from fitnet.distributed.shipping import shipped
from fitnet.engine.threads import thread_count
from fitnet.errors import ArgumentTypeError, ArgumentValueError, MissingPackageError
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.model.intervals import coverages_of
from fitnet.model.model import Model
from fitnet.rows.frames import Frame


def predict(model: AnyModel, collection: Any, *, n_threads: int | None = 1) -> Any:
    """The model's outputs for the rows of a dask DataFrame or dask Array (n, p), lazily.

    What they are is as in `Model.predict`, and so is every bit of them: of classes the probabilities. Nothing is
    computed before the result is; every partition or block is then answered where it lies, empty ones with no rows.

    Parameters
    ----------
    model
        A `Model` or an `Ensemble`; of a fitted estimator its `model_`. Its file is sent to each worker once.
    collection
        A DataFrame, whose columns are found by name, or an Array, whose columns are brought into one block.
    n_threads
        That a worker may use at a time; None for all its cores.

    Returns
    -------
    dask DataFrame or dask Array
        A DataFrame of the outputs' names, with the index as it was; or (n, m) in the same blocks of rows.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        At once, for anything else, or other columns; when it is computed, for rows as `Model.predict` refuses them.
    MissingPackageError
        If dask is not installed.
    """
    return answered(model, collection, Question("predict"), n_threads)


def predict_interval(model: AnyModel, collection: Any, coverage: float = 0.9, *, n_threads: int | None = 1) -> Any:
    """The ends of intervals that are to hold this share of new targets, as `Model.predict_interval` gives them.

    A DataFrame has the columns <output>_lower and <output>_upper; an Array is (n, m, 2). All else is as for `predict`.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        As for `predict`; and for a model without error bars, or a coverage that is not above 0 and below 1.
    """
    if np.ndim(coverage):
        raise ArgumentValueError(f"`coverage` is {coverage!r}; it must be one number here.", "coverage")
    return answered(model, collection, Question("predict_interval", coverages_of(coverage)[0]), n_threads)


def jacobian(model: AnyModel, collection: Any, *, n_threads: int | None = 1) -> Any:
    """The outputs' exact derivatives with respect to the q given columns of numbers, as `Model.jacobian` gives them.

    A DataFrame has the columns d(<output>)/d(<input>), output by output; an Array is (n, m, q). All else is as for
    `predict`.
    """
    return answered(model, collection, Question("jacobian"), n_threads)


def answered(model: AnyModel, collection: Any, question: Question, n_threads: int | None) -> Any:
    """The answers to all rows, of the collection's own kind."""
    check_model(model)
    if n_threads is not None:
        n_threads = thread_count(n_threads)
    kind = kind_of(collection)
    if kind == "DataFrame":
        return of_frame(model, collection, question, n_threads)
    if kind == "Array":
        return of_array(model, collection, question, n_threads)
    what = f"a dask {kind}" if kind is not None else f"{type(collection).__module__}.{type(collection).__name__}"
    raise ArgumentTypeError(
        f"`collection` is {what}; it must be a dask DataFrame or a dask Array: rows in memory are for the model's own "
        f"`{question.method}`.",
        "collection",
    )


def kind_of(collection: Any) -> str | None:
    """What dask calls the collection; None for what is none of dask's."""
    try:
        import dask.array
        from dask.base import is_dask_collection
    except ImportError:
        raise MissingPackageError("Dask collections need dask: pip install 'fitnet[dask]'.") from None
    if isinstance(collection, dask.array.Array):
        return "Array"
    if not is_dask_collection(collection) or not type(collection).__module__.startswith("dask"):
        return None
    return type(collection).__name__


def check_model(model: object) -> None:
    """Refuse what is no model; an estimator has one."""
    if not isinstance(model, Model | Ensemble):
        hint = "; give its `model_`" if hasattr(model, "get_params") else ""
        raise ArgumentTypeError(f"`model` is {type(model).__name__}; it must be a Model or an Ensemble{hint}.", "model")


def of_frame(model: AnyModel, collection: Any, question: Question, n_threads: int | None) -> Any:
    """The answers to a DataFrame, partition by partition."""
    import pandas as pd

    Frame("collection", collection, tuple(map(str, collection.columns))).in_order(model.given_names, "x")
    dtype = question.dtype(model)
    meta = pd.DataFrame({name: np.empty(0, dtype) for name in question.names(model)}, index=collection._meta.index[:0])
    ticket, blob = shipped(model, n_threads)
    return collection.map_partitions(answered_frame, blob, ticket, question, meta=meta)


def of_array(model: AnyModel, collection: Any, question: Question, n_threads: int | None) -> Any:
    """The answers to an Array, block by block of rows."""
    widths = {len(model.given_names), len(model.input_names)}
    if collection.ndim != 2 or collection.shape[1] not in widths:
        raise ArgumentValueError(
            f"`collection` has shape {collection.shape}; it must be (n, {min(widths)}), "
            f"{counted(min(widths), 'column')}.",
            "collection",
        )
    shape = question.shape(model)
    meta = np.empty((0,) * (1 + len(shape)), question.dtype(model))
    ticket, blob = shipped(model, n_threads)
    rows = collection.rechunk({1: -1})
    return rows.map_blocks(
        answered_array,
        ticket,
        question,
        blob=blob,
        chunks=(rows.chunks[0], *((size,) for size in shape)),
        new_axis=list(range(2, 1 + len(shape))) or None,
        meta=meta,
        dtype=meta.dtype,
    )
