"""Opening: tables that are lazy, or streams, brought into memory where they fit."""

from typing import Any

from fitnet.arguments import counted
from fitnet.rows.memory import check_fits

ENTRY_BYTES = 8


def opened(argument: str, table: Any) -> Any:
    """The table in memory: a lazy one is computed, a stream of Arrow's read, anything else is what it was.

    Raises
    ------
    ArgumentValueError
        If a distributed table would not fit into memory.
    """
    if offers(table, "collect", "collect_schema"):  # polars' LazyFrame
        return table.collect()
    if offers(table, "compute", "__dask_graph__") and not offers(table, "data_vars"):  # xarray's read their own
        return computed(argument, table)
    if offers(table, "__arrow_c_stream__") and not (offers(table, "to_numpy") or offers(table, "column_names")):
        import polars  # here, so that predicting loads NumPy only

        return polars.DataFrame(table)
    return table


def computed(argument: str, table: Any) -> Any:
    """What a collection of dask's holds."""
    rows = len(table)
    columns = len(table.columns) if offers(table, "columns") else table.shape[1] if table.ndim == 2 else 1
    check_fits(
        argument,
        ENTRY_BYTES * rows * columns,
        f"is a distributed table of {counted(rows, 'row')} and {counted(columns, 'column')}, and computed",
        "it must fit into this process's memory; rows in a file, a Parquet table or a memory map of NumPy's, are read "
        "in parts",
    )
    return table.compute()


def offers(value: Any, *names: str) -> bool:
    """Whether the type of `value` has all of these; a frame's own attributes may be its columns."""
    return all(hasattr(type(value), name) for name in names)
