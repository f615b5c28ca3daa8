"""Rows wherever they lie, in arrays, memory maps or files, and what one pass over them tells."""

from fitnet.rows.categories import Categories
from fitnet.rows.digest import canonical, data_digest, data_heading, hashed, table_digest, table_heading
from fitnet.rows.frames import Frame, frame_of
from fitnet.rows.hashes import row_hashes
from fitnet.rows.imputation import MISSING_RULES, Imputation
from fitnet.rows.maps import MappedRows, large_map, mapped_rows
from fitnet.rows.piecewise import PiecewiseRows, features_of
from fitnet.rows.piecewise_statistics import feature_statistics
from fitnet.rows.relative_weights import relative_weights
from fitnet.rows.sources import (
    ArrayRows,
    CheckedRows,
    EncodedSource,
    Inputs,
    PickedRows,
    Rows,
    RowSource,
    SelectedRows,
    is_spread,
    row_chunks,
    rows_a_chunk,
)
from fitnet.rows.sparse import SparseRows, dense, is_sparse, sparse_rows
from fitnet.rows.statistics import ColumnStatistics, row_blocks

__all__ = [
    "MISSING_RULES",
    "ArrayRows",
    "Categories",
    "CheckedRows",
    "ColumnStatistics",
    "EncodedSource",
    "Frame",
    "Imputation",
    "Inputs",
    "MappedRows",
    "PickedRows",
    "PiecewiseRows",
    "RowSource",
    "Rows",
    "SelectedRows",
    "SparseRows",
    "canonical",
    "data_digest",
    "data_heading",
    "dense",
    "feature_statistics",
    "features_of",
    "frame_of",
    "hashed",
    "is_sparse",
    "is_spread",
    "large_map",
    "mapped_rows",
    "relative_weights",
    "row_blocks",
    "row_chunks",
    "row_hashes",
    "rows_a_chunk",
    "sparse_rows",
    "table_digest",
    "table_heading",
]
