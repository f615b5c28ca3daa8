"""Where a study is kept: files and databases by their names, and one sentence for what cannot be used."""

import pytest

from fitnet.errors import ArgumentValueError
from fitnet.tuning.storage import opened, without_password

optuna = pytest.importorskip("optuna")
optuna.logging.set_verbosity(optuna.logging.ERROR)


@pytest.mark.parametrize("name", ["s.db", "s.sqlite", "s.journal", "s.LOG", "sqlite:///{}/u.db", None])
def test_a_study_is_there_when_it_is_opened_again(tmp_path, name):
    place = None if name is None else name.format(tmp_path) if ":" in name else str(tmp_path / name)
    storage = opened(place)
    study = optuna.create_study(storage=storage, study_name="one")
    study.tell(study.ask(), 0.5)
    again = storage if name is None else opened(place)
    assert optuna.load_study(storage=again, study_name="one").best_value == 0.5


@pytest.mark.parametrize("name", ["sweep", "sweep.csv", "folder.db"])
def test_a_name_that_says_nothing_is_refused(tmp_path, name):
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(ArgumentValueError, match=r"must be a file whose name ends in \.db.*or a database's URL") as no:
        opened(str(tmp_path / name))
    assert no.value.argument == "storage"


@pytest.mark.parametrize("name", ["sweep.db", "sweep.journal"])
def test_a_file_that_is_no_storage_is_refused_in_a_sentence(tmp_path, name):
    (tmp_path / name).write_text("neither a database nor a journal\n" * 9)
    with pytest.raises(ArgumentValueError, match=r"^`storage` is '.*' and cannot be used: ") as refused:
        opened(str(tmp_path / name))
    assert "\n" not in str(refused.value)
    assert (tmp_path / name).read_text().startswith("neither")


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        opened(str(tmp_path / "gone" / "sweep.db"))


@pytest.mark.parametrize(
    "url", ["nosuchbase://me:secret@127.0.0.1/x", "postgresql+nosuchdriver://me:secret@127.0.0.1/x"]
)
def test_a_database_that_is_not_there_is_refused_without_its_password(url):
    with pytest.raises(ArgumentValueError, match="cannot be used") as refused:
        opened(url)
    assert "secret" not in str(refused.value)


def test_passwords_are_not_shown():
    assert without_password("see mysql://me:p-w@host/x") == "see mysql://me:***@host/x"
    assert without_password("sqlite:///a:b@c.db") == "sqlite:///a:b@c.db"
