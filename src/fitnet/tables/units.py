"""A row of units below the names, as spreadsheets and instruments have it."""

from dataclasses import replace

from fitnet.errors import TableError
from fitnet.tables.columns import is_number
from fitnet.tables.table import Table, cell
from fitnet.tables.text_layout import is_bracketed, units_of


def with_units(table: Table, asked: bool, least: int = 1) -> Table:
    """The table without a first row of units, which it then knows; `asked` where the user says that there is one.

    Where all cells of the first row are in brackets, [m] or (m), or empty, it is such a row without being asked for.

    Raises
    ------
    TableError
        If it was asked for and the first row holds a number, or fewer than `least` rows are left.
    """
    if table.n_rows == 0:
        return table
    first = [str(entry or "").strip() for entry in table.frame.row(0)]
    if not asked and not is_bracketed(first):
        return table
    number = next((entry for entry in first if is_number(entry.replace(",", "."))), None)
    if number is not None:
        raise TableError(
            f"{table.path} has {cell(number)} in {table.place(0)}; a row of units must hold no numbers.",
            place=table.place(0),
        )
    if table.n_rows <= least:
        raise TableError(f"{table.path} has no rows below its units; a table must have at least one.")
    place, units = table.place, {**table.units, **units_of(table.names, first)}
    return replace(table, frame=table.frame.slice(1), place=lambda row: place(row + 1), units=units)
