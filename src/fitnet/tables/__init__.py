"""Tables: columns of numbers from files, and results back into them.

A table is read once (`read_table`) and its columns are taken by name (`select`, `complete_rows`, `numeric_columns`),
so their order in the file does not matter. Files too large for that are read in parts (`chunks`,
`StoredColumns`).
"""

from fitnet.tables.answer_columns import no_error_bars_of_classes, no_error_bars_of_several
from fitnet.tables.class_columns import kept_class_weight, named_target
from fitnet.tables.class_selection import read_for_task, select_classes
from fitnet.tables.columns import numeric_columns
from fitnet.tables.missing_values import complete_rows
from fitnet.tables.opening import read_table
from fitnet.tables.parts import chunks
from fitnet.tables.predictions import Predictions, missing_rule, predict_table
from fitnet.tables.selection import Selection, data_hash, select, trained_on
from fitnet.tables.stored_columns import StoredColumns, large_parquet, read_selection
from fitnet.tables.table import Table
from fitnet.tables.writing import as_csv, write_table

__all__ = [
    "Predictions",
    "Selection",
    "StoredColumns",
    "Table",
    "as_csv",
    "chunks",
    "complete_rows",
    "data_hash",
    "kept_class_weight",
    "large_parquet",
    "missing_rule",
    "named_target",
    "no_error_bars_of_classes",
    "no_error_bars_of_several",
    "numeric_columns",
    "predict_table",
    "read_for_task",
    "read_selection",
    "read_table",
    "select",
    "select_classes",
    "trained_on",
    "write_table",
]
