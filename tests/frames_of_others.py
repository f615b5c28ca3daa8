"""Stand-ins with the protocols of packages that the tests do not install: what a frame has to offer, no more."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa


class AstropyTable:
    """As astropy's Table: `colnames`, `columns` of an instance, columns by name."""

    def __init__(self, columns):
        self.columns = columns

    @property
    def colnames(self):
        return list(self.columns)

    def __getitem__(self, name):
        return self.columns[name]


class XarrayDataset(Mapping):
    """As xarray's Dataset: variables with dimensions; a mapping of their names."""

    def __init__(self, variables, dims=("row",)):
        self.variables, self._dims = variables, dims

    def __dask_graph__(self):
        return None

    def compute(self):
        return self

    @property
    def dims(self):
        return dict.fromkeys(self._dims, 0)

    @property
    def data_vars(self):
        return self.variables

    def __getitem__(self, name):
        return self.variables[name]

    def __iter__(self):
        return iter(self.variables)

    def __len__(self):
        return len(self.variables)


class DaskDataFrame:
    """As a DataFrame of dask's: columns are known, rows are counted and read by computing."""

    def __init__(self, frame, rows=None):
        self.frame, self.rows, self.times = frame, len(frame) if rows is None else rows, 0

    def __dask_graph__(self):
        return {}

    @property
    def columns(self):
        return self.frame.columns

    @property
    def nbytes(self):
        raise NotImplementedError("nbytes is not implemented on DataFrame")

    def __len__(self):
        return self.rows

    def compute(self):
        self.times += 1
        return self.frame


class DaskSeries:
    """As a Series of dask's: one column, read by computing."""

    ndim = 1

    def __init__(self, series):
        self.series = series

    def __dask_graph__(self):
        return {}

    def __len__(self):
        return len(self.series)

    def compute(self):
        return self.series


class AstropyMasked(np.ndarray):
    """As astropy's Masked arrays: a mask that is not NumPy's."""

    unmasked = property(np.asarray)

    @classmethod
    def of(cls, values, mask):
        array = np.asarray(values).view(cls)
        array.mask = np.asarray(mask)
        return array


class Relation:
    """As a relation of duckdb's: named columns that are relations themselves, and a stream of Arrow's."""

    def __init__(self, table):
        self.table = table

    @property
    def columns(self):
        return self.table.column_names

    def __getitem__(self, name):
        return Relation(self.table.select([name]))

    def __arrow_c_stream__(self, requested_schema=None):
        return self.table.__arrow_c_stream__(requested_schema)


class ArrowStream:
    """What only gives a stream of Arrow's, as results of databases do."""

    def __init__(self, table):
        self.table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self.table.__arrow_c_stream__(requested_schema)


def columns_of(frame):
    return {name: frame[name].to_numpy() for name in frame.columns}


def kinds():
    """By name, what makes the kind of table from a pandas frame."""
    import polars as pl

    return {
        "pandas": lambda frame: frame,
        "polars": pl.from_pandas,
        "polars LazyFrame": lambda frame: pl.from_pandas(frame).lazy(),
        "pyarrow Table": lambda frame: pa.Table.from_pandas(frame, preserve_index=False),
        "pyarrow RecordBatch": lambda frame: pa.RecordBatch.from_pandas(frame, preserve_index=False),
        "Arrow stream": lambda frame: ArrowStream(pa.Table.from_pandas(frame, preserve_index=False)),
        "duckdb relation": lambda frame: Relation(pa.Table.from_pandas(frame, preserve_index=False)),
        "record array": lambda frame: frame.to_records(index=False),
        "structured array": lambda frame: np.array(frame.to_records(index=False)),
        "mapping": lambda frame: {name: list(values) for name, values in columns_of(frame).items()},
        "astropy Table": lambda frame: AstropyTable(columns_of(frame)),
        "xarray Dataset": lambda frame: XarrayDataset(columns_of(frame)),
        "dask DataFrame": DaskDataFrame,
    }


KINDS = kinds()
