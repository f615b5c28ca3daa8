"""Where a study is kept: memory, a file that processes and machines share, or a database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fitnet.errors import ArgumentValueError
from fitnet.files.atomic_write import probe_folder
from fitnet.files.paths import followed
from fitnet.tuning.optuna_package import optuna_for

DATABASES, JOURNALS = (".db", ".sqlite", ".sqlite3"), (".journal", ".log")
PATIENCE = 60.0  # seconds to wait where another process writes


def opened(storage: str | None) -> Any:
    """What Optuna keeps studies in: memory for None, else as the name says.

    "sweep.db" is a file of SQLite, "sweep.journal" a journal, which is safe on shared disks too, and a URL with "://" a
    database.

    Raises
    ------
    ArgumentValueError
        For another name, or what is there and cannot be read.
    OSError
        If the folder is not there or cannot be written.
    """
    storages = optuna_for("fitnet tune").storages
    if storage is None:
        return storages.InMemoryStorage()
    with refusals(storage):
        if "://" in storage:
            return storages.RDBStorage(storage)
        path = Path(storage)
        ending = path.suffix.lower()
        if ending not in DATABASES + JOURNALS or path.is_dir():
            raise ArgumentValueError(
                f"`storage` is {storage!r}; it must be a file whose name ends in {', '.join(DATABASES)} (SQLite), "
                f"{' or '.join(JOURNALS)} (Optuna's journal), or a database's URL.",
                "storage",
            )
        probe_folder(followed(path).parent)
        if ending in JOURNALS:
            backend = storages.journal.JournalFileBackend(str(path))
            return storages.JournalStorage(backend)
        return storages.RDBStorage(
            f"sqlite:///{path.absolute()}", engine_kwargs={"connect_args": {"timeout": PATIENCE}}
        )


@contextmanager
def refusals(storage: str | None) -> Iterator[None]:
    """Say in one sentence what a storage that cannot be used says in many."""
    try:
        yield
    except Exception as error:
        if storage is None or not is_of_storage(error):
            raise
        cause = error.__cause__ or error
        first = str(cause).splitlines()[0] if str(cause) else type(cause).__name__
        raise ArgumentValueError(
            f"`storage` is {shown(storage)!r} and cannot be used: {without_password(first).rstrip('.')}.", "storage"
        ) from None


def is_of_storage(error: Exception) -> bool:
    """Whether the error comes from the database, its driver, or a journal that is none."""
    home = type(error).__module__.partition(".")[0]
    if home in ("sqlalchemy", "alembic", "sqlite3"):
        return True
    storage = optuna_for("fitnet tune").exceptions.StorageInternalError
    return isinstance(error, storage) or from_optuna(error)


def from_optuna(error: Exception) -> bool:
    """Whether Optuna's storages raised it, of a kind that says that what they read is no study."""
    if not isinstance(error, ValueError | KeyError | TypeError | ImportError | RuntimeError | AssertionError):
        return False
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return (
        trace is not None
        and re.search(r"[/\\](optuna[/\\]storages|json)[/\\]", trace.tb_frame.f_code.co_filename) is not None
    )


def shown(storage: str) -> str:
    """The storage as it may be printed."""
    return without_password(storage)


def without_password(text: str) -> str:
    """The text with *** for the password of a URL."""
    return re.sub(r"(://[^:/@\s]*):[^@/\s]*@", r"\1:***@", text)
