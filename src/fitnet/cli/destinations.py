"""Where results go: tried before an hour of training is spent on them."""

from itertools import combinations
from pathlib import Path

from fitnet.errors import ArgumentValueError
from fitnet.files.atomic_write import probe_folder
from fitnet.files.paths import followed


def check_folder(folder: Path) -> None:
    """Make the folder `--out` and try it."""
    if folder.exists() and not folder.is_dir():
        raise ArgumentValueError(f"`out` is {str(folder)!r}, a file; it must be a folder.", "out")
    followed(folder)
    folder.mkdir(parents=True, exist_ok=True)
    probe_folder(folder)


def check_file(argument: str, path: Path) -> None:
    """Try whether a file can be put there; one that is there already stays as it is."""
    if path.is_dir():
        raise ArgumentValueError(f"`{argument}` is {str(path)!r}, a folder; it must be a file.", argument)
    try:
        probe_folder(followed(path).parent)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from None


def check_model_file(path: Path) -> None:
    """Try whether a model can be saved as `--out`."""
    from fitnet.model.file import EXTENSION

    if path.suffix != EXTENSION:
        raise ArgumentValueError(f"`out` is {str(path)!r}; a model file's name must end in {EXTENSION}.", "out")
    check_file("out", path)


def check_apart(**paths: Path | None) -> None:
    """Refuse that one file has two purposes, for one would overwrite the other."""
    given = [(name, path) for name, path in paths.items() if path is not None]
    for (name, path), (other, other_path) in combinations(given, 2):
        if followed(path) == followed(other_path):
            raise ArgumentValueError(
                f"`{other}` is {str(other_path)!r}, which is `{name}` too; they must differ.", other, name
            )
