"""Reading a table: a file, or many files that are one table."""

from collections.abc import Sequence
from dataclasses import replace

from fitnet.arguments import real_number
from fitnet.files.patterns import Source, name_of
from fitnet.tables.alike import files_of
from fitnet.tables.joined import joined_files
from fitnet.tables.reading import PARQUET, no_units_row, read_format
from fitnet.tables.shares import Share
from fitnet.tables.table import Table


def read_table(
    path: Source,
    units_row: bool = False,
    missing_values: Sequence[float] = (),
    *,
    columns: Sequence[str] | None = None,
    share: Share | None = None,
) -> Table:
    """The table in a file, whose format its extension says; docs/how-to/tables.md has all that is read and refused.

    Text (.csv, .tsv, .txt, .dat), also compressed (.gz, .bz2, .xz) or on standard input ("-"); Parquet (.parquet,
    .pq); Feather (.feather, .arrow); the first sheet of a spreadsheet (.xlsx); the first table of a FITS file (.fits).

    The first line of a text names the columns; there the separator is found: a tab, else a semicolon, else a comma,
    else spaces. Lines that begin with # are comments; the last above the rows may hold the names. The text is UTF-8,
    or what its byte-order mark says. Cells may be quoted (") and hold line breaks then. Blank lines at the end and
    spaces around names are left out. Numbers are looked for only where a column is used.

    A pattern such as parts/*.csv, a folder or a list stands for many files, all CSV or all Parquet: one table with the
    rows of one file below those of the other, sorted by their paths or as they are listed. Columns go by their names;
    files without rows add none.

    Parameters
    ----------
    units_row
        Whether the first row of a text or a spreadsheet holds the columns' units. Where all are in brackets, [m] or
        (m), it is found without being asked for.
    missing_values
        Numbers that stand for a missing value, such as -9999.
    columns
        Those that many files must have alike; all of them, if None. Others that are not alike are left out.
    share
        Of many files only the rows of this share; of one file all.

    Raises
    ------
    TableError
        If the file is none of these, is empty, damaged or undecodable, has no header line or no rows, has columns
        without or with the same name, or has a line with too many or too few cells;
        if many files are not alike, or there are none.
    MissingPackageError
        If a spreadsheet or a FITS file is to be read without the package for it.
    ArgumentValueError, ArgumentTypeError
        If `units_row` is asked for in a file that has no such row, or `missing_values` holds anything but numbers.
    OSError
        If it cannot be opened.
    """
    marks = tuple(real_number(f"missing_values[{i}]", value) for i, value in enumerate(missing_values))
    files = files_of(path)
    if files is None:
        return replace(read_format(name_of(path), units_row), missing_values=marks)
    if units_row and files[0].lower().endswith(PARQUET):
        raise no_units_row()
    return joined_files(name_of(path), files, units_row, marks, columns, share)
