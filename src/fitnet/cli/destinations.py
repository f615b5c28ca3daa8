"""Where results go: tried before an hour of training is spent on them."""

from collections.abc import Sequence
from itertools import combinations
from mmap import ACCESS_READ, mmap
from pathlib import Path

from fitnet.errors import ArgumentValueError
from fitnet.files.atomic_write import probe_folder
from fitnet.files.paths import followed
from fitnet.files.patterns import folder_of, stands_for_files

COMPRESSED = (".gz", ".bz2", ".xz")
EXPORTED = b"Exported by fitnet"  # in all files that `Model.export` writes


def default_destination(table: str) -> Path:
    """The model's file where `--out` names none: the table's name here, of many files their folder's."""
    if table == "-":
        raise ArgumentValueError("`out` must be given where `TABLE` is standard input.", "out", "TABLE")
    if stands_for_files(table):
        return Path(f"{folder_of(table).resolve().name or 'model'}.fitnet")
    name = Path(table).name
    for suffix in COMPRESSED:
        name = name.removesuffix(suffix)
    return Path(name).with_suffix(".fitnet")


def check_default(path: Path, targets: Sequence[str], *, is_named: bool) -> None:
    """Refuse a file that the user has not named, if it is there already and is no model of these targets."""
    lost = what_is_there(path, targets) if not is_named and path.is_file() else ""
    if not lost:
        return
    from fitnet.export.names import identifier

    raise ArgumentValueError(
        f"`out` is not given, and {path}, where the model would go, {lost}; it must be another file, such as "
        f"{path.stem}-{identifier('_'.join(targets))}.fitnet.",
        "out",
    )


def what_is_there(path: Path, targets: Sequence[str]) -> str:
    """What would be lost if a model of these targets took the file's place; nothing of an earlier one of the same."""
    from fitnet.arguments import listed
    from fitnet.errors import ModelFileError
    from fitnet.model.loading import load
    from fitnet.tables import named_target

    try:
        model = load(path)
    except ModelFileError:
        return "is no model that can be read"
    known = model.output_names if model.classes is None else (named_target(model),)
    if {*known} == {*targets}:
        return ""
    return "holds a model of " + ("classes" if known == (None,) else listed(known))


def check_exported(path: Path) -> None:
    """Refuse a file that the user did not name, if it is there already and is no exported model: a script, perhaps."""
    if not path.is_file() or path.stat().st_size == 0:
        return
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        exported = content.find(EXPORTED) >= 0
    if not exported:
        raise ArgumentValueError(
            f"`out` is not given, and {path}, where the code would go, is there and is no exported model; it must be "
            f"another file, such as {path.with_stem(f'{path.stem}_model')}.",
            "out",
        )


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
