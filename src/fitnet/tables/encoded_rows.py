"""Rows of a table as numbers: columns of numbers as they are, columns of words encoded.

Shapes: the named columns (names,), of which the first p may be those of `Categories`; rows (n, k).
"""

from collections.abc import Sequence

import numpy as np

from fitnet.arguments import Array
from fitnet.rows import Categories
from fitnet.rows.categories import ABSENT
from fitnet.rows.frame_words import warn_of_unknown
from fitnet.tables.columns import numeric_columns
from fitnet.tables.table import Table, require_columns
from fitnet.tables.words import strange_words, word_codes


def encoded_rows(
    table: Table, names: Sequence[str], categories: Categories | None, warns: bool = True
) -> tuple[Array, Array]:
    """The named columns as numbers (n, k) with NaN where one is missing, and which are: (n, names) bool.

    If it `warns`, an `UnknownLevelWarning` tells of words that are none of their column's levels.

    Raises
    ------
    TableError
        As `numeric_columns`.
    """
    if categories is None:
        values = numeric_columns(table, names)
        return values, np.isnan(values)
    require_columns(table.path, names, table.names)
    words = dict(zip(categories.names, categories.levels, strict=True))
    columns, gaps = [], np.empty((table.n_rows, len(names)), bool)
    for j, name in enumerate(names):
        levels = words.get(name)
        if levels is None:
            columns.append(numeric_columns(table, [name])[:, 0])
            gaps[:, j] = np.isnan(columns[-1])
        else:
            columns.append(word_codes(table, name, levels))
            if warns:
                warn_of_unknown(table.path, name, strange_words(table, name, levels, columns[-1]))
            gaps[:, j] = columns[-1] == ABSENT
    rows = categories.encoded(columns[: categories.given])
    return np.column_stack([rows, *columns[categories.given :]]), gaps
