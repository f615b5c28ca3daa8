"""Many files in place of one: what a pattern, a folder or a list of names stands for."""

import glob
from collections.abc import Sequence
from os import PathLike, fspath
from pathlib import Path

Named = str | PathLike[str]
Source = Named | Sequence[Named]


def stands_for_files(table: str) -> bool:
    """Whether it is a pattern or a folder in place of being the name of one file."""
    return Path(table).is_dir() or (glob.has_magic(table) and not Path(table).exists())


def matching_files(table: str, endings: Sequence[str]) -> list[str]:
    """The files that a pattern or a folder stands for, sorted by their paths; a file's own name stands for itself.

    Of a folder they are those in it, not below it, whose names have one of the `endings`, in lower case, and begin with
    neither a point nor an underscore.
    """
    if Path(table).is_dir():
        return sorted(
            str(found)
            for found in Path(table).iterdir()
            if found.is_file() and found.name[0] not in "._" and found.suffix.lower() in endings
        )
    pattern = table if stands_for_files(table) else glob.escape(table)
    # Not by Path.glob, which takes no absolute patterns.
    return sorted(found for found in glob.glob(pattern, recursive=True) if Path(found).is_file())  # noqa: PTH207


def folder_of(table: str) -> Path:
    """The folder that all files of a pattern lie in or below; a folder's own, and that of a file."""
    if Path(table).is_dir():
        return Path(table)
    folder = Path(table).parent
    while stands_for_files(table) and glob.has_magic(str(folder)):
        folder = folder.parent
    return folder


def name_of(source: Source) -> str:
    """What sentences call it: the name that was given, of a list the first and how many more."""
    if isinstance(source, str | PathLike):
        return fspath(source)
    names = [fspath(each) for each in source]
    return f"{names[0]} and {len(names) - 1} more" if len(names) > 1 else "".join(names)


def short_name(table: str) -> str:
    """The table's name without the folders above, of a pattern from the folder on that all its files are in."""
    if not stands_for_files(table) or Path(table).is_dir():
        return Path(table).name or Path(table).resolve().name
    folder = folder_of(table)
    return str(Path(folder.name) / Path(table).relative_to(folder))
