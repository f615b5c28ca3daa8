"""What the table commands refuse: one sentence, exit code 2, nothing else said and nothing written."""

import json

import numpy as np
import pytest
from refused_fits import FIT, REFUSED_FITS, SOUND
from safetensors import safe_open
from safetensors.numpy import save_file

PREDICT = ("predict", "model.fitnet", "t.csv")
EVALUATE = ("evaluate", "model.fitnet", "t.csv")
NEWER = "newer.fitnet was written by a newer fitnet (format 11; this one reads up to 10): upgrade fitnet to read it."

# the bytes of t.csv, what is typed, and the whole of standard error after "fitnet: "
TABLES = [
    *REFUSED_FITS,
    (b"b,y\n1,2\n", PREDICT, "t.csv has no column 'a'; it has b, y."),
    (b"aa,b,y\n1,2,3\n", PREDICT, "t.csv has no column 'a' (did you mean 'aa'?); it has aa, b, y."),
    (b"A,b\n1,2\n", PREDICT, "t.csv has no column 'a' (did you mean 'A'?); it has A, b."),
    (b"a,b\n1,\n", PREDICT, "t.csv has missing values in b (1); --missing drop leaves those rows out."),
    (b"a,b\n1,ten\n", PREDICT, "t.csv has 'ten' in column 'b', line 2, which is not a number."),
    (b"a,b\n", PREDICT, "t.csv has no rows; a table must have at least one below its header line."),
    (
        SOUND,
        ("predict", "gone.fitnet", "t.csv"),
        "gone.fitnet: No such file or directory; fitnet fit TABLE --target NAME makes a model.",
    ),
    (
        SOUND,
        ("predict", "t.csv", "model.fitnet"),
        "t.csv is not a fitnet model file, or it was cut short or damaged; the model comes first: fitnet predict "
        "model.fitnet t.csv",
    ),
    (
        SOUND,
        ("predict", "newer.fitnet", "t.csv"),
        NEWER,
    ),
    (
        SOUND,
        ("predict", "altered.fitnet", "t.csv"),
        "altered.fitnet was altered or damaged after it was written: its checksum does not match.",
    ),
    (SOUND, ("predict", "model.fitnet"), "Missing argument 'TABLE'; see fitnet predict --help."),
    (
        SOUND,
        (*PREDICT, "--out", "p.xlsx"),
        "p.xlsx has the extension '.xlsx'; it must be one of .csv, .tsv, .txt, .parquet, .pq.",
    ),
    (SOUND, (*PREDICT, "--out", "folder"), "`--out` is 'folder', a folder; it must be a file."),
    (SOUND, (*PREDICT, "--out", "gone/p.csv"), "gone/p.csv: No such file or directory."),
    (SOUND, (*PREDICT, "--out", "./t.csv"), "`--out` is 't.csv', which is `TABLE` too; they must differ."),
    (SOUND, (*PREDICT, "--out", "model.fitnet"), "`--out` is 'model.fitnet', which is `MODEL` too; they must differ."),
    (b"a,b\n1,2\n", EVALUATE, "t.csv has no column 'y'; it has a, b."),
    (b"a,b,Y1\n1,2,3\n", EVALUATE, "t.csv has no column 'y' (did you mean 'Y1'?); it has a, b, Y1."),
    (b"b,y\n1,2\n", EVALUATE, "t.csv has no column 'a'; it has b, y."),
    (b"a,b,y\n1,2,?\n", EVALUATE, "t.csv has missing values in y (1); --missing drop leaves those rows out."),
    (
        SOUND,
        (*PREDICT, "--missing", "impute"),
        "`--missing` is 'impute', which the model was not fitted with; it must be 'refuse' or 'drop'.",
    ),
    (SOUND, (*EVALUATE, "--missing", "never"), "`--missing` is 'never'; it must be one of refuse, drop, impute."),
    (SOUND, ("evaluate", "newer.fitnet", "t.csv"), NEWER),
    (SOUND, ("evaluate", "model.fitnet", "gone.csv"), "gone.csv: No such file or directory."),
    (SOUND, ("inspect",), "Missing argument 'MODEL'; see fitnet inspect --help."),
    (SOUND, ("inspect", "t.csv"), "t.csv is not a fitnet model file, or it was cut short or damaged."),
    (SOUND, ("inspect", "kept"), "kept is a safetensors file, but not a fitnet model."),
    (SOUND, ("inspect", "folder"), "folder: Is a directory."),
]


@pytest.fixture(scope="module")
def kept_files(tmp_path_factory):
    """A model and a checkpoint of the sound table, by name."""
    from click.testing import CliRunner

    from fitnet.cli import command_line

    folder = tmp_path_factory.mktemp("sound")
    (folder / "t.csv").write_bytes(SOUND)
    words = ["--out", str(folder / "model.fitnet"), "--checkpoint", str(folder / "kept")]
    CliRunner().invoke(command_line, [FIT[0], str(folder / "t.csv"), *FIT[2:], *words], catch_exceptions=False)
    return {name: (folder / name).read_bytes() for name in ("model.fitnet", "kept")}


@pytest.fixture
def folder(tmp_path, kept_files, monkeypatch):
    """The folder the commands run in, with files that are good, and no good in every way."""
    monkeypatch.chdir(tmp_path)
    for name, data in kept_files.items():
        (tmp_path / name).write_bytes(data)
    model = kept_files["model.fitnet"]
    (tmp_path / "altered.fitnet").write_bytes(model[:-10] + bytes([model[-10] ^ 1]) + model[-9:])
    with safe_open(tmp_path / "model.fitnet", "np") as stored:
        tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118 (it is not a dict)
        save_file(tensors, tmp_path / "newer.fitnet", stored.metadata() | {"format_version": "11"})
    (tmp_path / "text.parquet").write_text("Dear Parquet, you are a letter.\n")
    (tmp_path / "t.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "box").mkdir()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.fitnet").mkdir()
    return tmp_path


def files_in(folder):
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.parametrize(("data", "arguments", "sentence"), TABLES, ids=[row[2][:60] for row in TABLES])
def test_refused_in_one_sentence(fitnet, folder, data, arguments, sentence):
    (folder / "t.csv").write_bytes(data)
    before = files_in(folder)
    code, out, err = fitnet(*arguments)
    assert err == f"fitnet: {sentence}\n"
    assert (code, out) == (2, "")
    assert files_in(folder) == before


def test_the_table_of_refusals_is_long():
    assert len({(data, arguments) for data, arguments, _ in TABLES}) == len(TABLES) >= 60


def test_the_sound_table_is_sound(fitnet, folder):
    """So that no refusal above comes from what all of them share."""
    (folder / "t.csv").write_bytes(SOUND)
    for arguments in (FIT, PREDICT, EVALUATE, ("inspect", "model.fitnet")):
        answer = fitnet(*arguments, "--json")
        assert (answer.code, answer.err) == (0, "")
    answer = fitnet(*FIT, "--checkpoint", "kept", "--resume", "--json")
    assert (answer.code, answer.err) == (0, "Resumed: training goes on after epoch 2 of 2.\n")


SEMICOLONS = SOUND.replace(b",", b";")
SPELLINGS = {
    "plain": SOUND,
    "byte-order mark": b"\xef\xbb\xbf" + SOUND,
    "semicolons": SEMICOLONS,
    "tabs": SOUND.replace(b",", b"\t"),
    "decimal commas": b"a;b;y\n" + b"".join(b"%d,0;%d,00;%d\n" % (i, i % 3, 2 * i) for i in range(12)),
    "quotes": b'"a","b","y"\n' + b"".join(b'"%d","%d",%d\n' % (i, i % 3, 2 * i) for i in range(12)),
    "carriage returns": SOUND.replace(b"\n", b"\r\n"),
    "UTF-16 little": b"\xff\xfe" + SOUND.decode().encode("utf-16-le"),
    "UTF-16 big": b"\xfe\xff" + SOUND.decode().encode("utf-16-be"),
    "UTF-16, semicolons, carriage returns": b"\xff\xfe"
    + SEMICOLONS.replace(b"\n", b"\r\n").decode().encode("utf-16-le"),
    "blank last lines": SOUND + b"\n\r\n  \n",
    "spaces": SOUND.replace(b",", b" , "),
    "no last newline": SOUND.rstrip(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spellings_of_one_table_that_must_work(fitnet, folder, spelling):
    (folder / "t.csv").write_bytes(SPELLINGS[spelling])
    fit, evaluation = fitnet(*FIT, "--json"), fitnet("evaluate", "t.fitnet", "t.csv", "--json")
    assert [fit.code, fit.err, evaluation.code, evaluation.err] == [0, "", 0, ""]
    assert json.loads(evaluation.out)["trained_on"] is True
    assert (folder / "t.fitnet").read_bytes() == (folder / "model.fitnet").read_bytes()
    assert np.isfinite([float(line) for line in fitnet("predict", "t.fitnet", "t.csv").out.split()[1:]]).all()
