"""Completion: what shells offer behind every kind of word, asked of fitnet itself and through bash, zsh and fish."""

import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

SECONDS = 60  # to wait for a shell's answer on a busy machine
SCRIPTS = Path(sys.executable).parent


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Tables, models and others in this folder; `fitnet` is that of this environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(SCRIPTS), prepend=os.pathsep)
    (tmp_path / "waves.csv").write_text("alpha,beta,y\n1,2,3\n")
    (tmp_path / "odd.tsv").write_text("# of 1999\nmy column\tc,d\ty*\n1\t2\t3\n")
    (tmp_path / "bare.dat").write_text("# t x\n1 2\n3 4\n")
    for name in ("good.fitnet", ".hidden.fitnet", "notes.md"):
        (tmp_path / name).write_text("")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "older.fitnet").write_text("")
    return tmp_path


@pytest.fixture
def offered(fitnet, folder, monkeypatch):
    """A function that gives what is offered for the last of these words, with "file" where the shell is to look."""

    def ask(*words):
        monkeypatch.setenv("_FITNET_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", " ".join(["fitnet", *words]))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        answer = fitnet()
        assert (answer.code, answer.err) == (0, "")
        kinds = [line.split(",", 1) for line in answer.out.splitlines() if line]
        return [word if kind == "plain" else kind for kind, word in kinds]

    return ask


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["pre"], ["predict"]),
        (["quadratic", ""], ["solve", "train"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["fit", "--acti"], ["--activation"]),
        (["fit", "waves.csv", "--effort", ""], ["fast", "standard", "thorough"]),
        (["fit", "waves.csv", "--activation", "l"], ["logistic", "leaky_relu"]),
        (["fit", "waves.csv", "--scaling", "r"], ["robust"]),
        (["predict", "m", "t", "--missing", ""], ["refuse", "drop"]),
        (["fit", "waves.csv", "--missing", "i"], ["impute"]),
        (["forecast", "waves.csv", "--calendar", "hour,w"], ["hour,weekday"]),
        (["export", "good.fitnet", "--to", ""], ["numpy", "c", "fortran", "onnx"]),
        (["fit", "waves.csv", "--target", ""], ["alpha", "beta", "y"]),
        (["fit", "waves.csv", "--target", "y", "--target", "b"], ["beta"]),
        (["fit", "waves.csv", "--features", "beta,"], ["beta,alpha", "beta,y"]),
        (["fit", "odd.tsv", "--target", ""], ["my column", "c,d", "y*"]),
        (["fit", "odd.tsv", "--features", "c"], ['"c,d"']),
        (["fit", "bare.dat", "--target", ""], ["t", "x"]),
        (["fit", "notes.md", "--target", ""], []),
        (["fit", ""], ["bare.dat", "odd.tsv", "waves.csv"]),
        (["fit", "no"], ["file"]),
        (["predict", ""], ["good.fitnet"]),
        (["predict", ".h"], [".hidden.fitnet"]),
        (["predict", "kept/"], ["kept/older.fitnet"]),
        (["predict", "ke"], ["file"]),
        (["predict", "good.fitnet", "w"], ["waves.csv"]),
        (["fit", "waves.csv", "--out", ""], ["file"]),
        (["fit", "gone.csv", "--target", ""], []),
    ],
    ids=lambda part: " ".join(part) if part else "nothing",
)
def test_what_is_offered(offered, words, expected):
    assert offered(*words) == expected


def test_a_key_loads_no_packages_for_numbers(folder):
    asked = {"_FITNET_COMPLETE": "bash_complete", "COMP_WORDS": "fitnet fit waves.csv --target ", "COMP_CWORD": "4"}
    program = (
        "import atexit, sys; from fitnet.cli import main; "
        "atexit.register(lambda: print('loaded', {'numpy', 'polars', 'rich', 'scipy'} & set(sys.modules))); main()"
    )
    run = subprocess.run([sys.executable, "-c", program], env=os.environ | asked, capture_output=True, text=True)
    assert run.stdout.splitlines() == ["plain,alpha", "plain,beta", "plain,y", "loaded set()"], run.stderr


def test_another_shell_is_refused(fitnet):
    assert fitnet("completion", "fsh") == (
        2,
        "",
        "fitnet: `SHELL` is 'fsh'; it must be one of bash, zsh, fish (did you mean 'fish'?).\n",
    )


ASK = """
source <(fitnet completion bash)
ask() {
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _fitnet_completion fitnet 2> /dev/null; printf '<%s>' "${COMPREPLY[@]}"
    echo
}
ask fitnet fit --acti
ask fitnet fit waves.csv --features beta,
ask fitnet fit odd.tsv --target ''
ask fitnet fit odd.tsv --target '"my'
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash(folder):
    run = subprocess.run(["bash", "--norc", "-c", ASK], capture_output=True, text=True, timeout=SECONDS)
    assert run.stderr == ""
    assert run.stdout.splitlines() == [
        "<--activation>",
        "<beta,alpha><beta,y>",
        r"<my\ column><c,d><y\*>",
        "<my column>",
    ]


@pytest.mark.skipif(shutil.which("fish") is None, reason="there is no fish")
def test_fish(folder):
    asked = ("fitnet fit --effo", "fitnet fit waves.csv --features beta,", "fitnet fit odd.tsv --target ")
    lines = ["source (fitnet completion fish | psub)", *(f"complete -C '{words}'" for words in asked)]
    environment = os.environ | {"HOME": str(folder)}
    run = subprocess.run(
        ["fish", "-c", "\n".join(lines)], env=environment, capture_output=True, text=True, timeout=SECONDS
    )
    said = run.stdout.splitlines()
    assert said[0].startswith("--effort\t")
    assert sorted(said[1:]) == sorted(["beta,alpha", "beta,y", "my column", "c,d", "y*"]), run.stderr


TO_ZSH = "autoload -U compinit; compinit -u -D; source <(fitnet completion zsh)"


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh")
def test_zsh(folder):
    """In a terminal, where its completion lives: the tab key writes the rest of the word."""
    terminal, inner = pytest.importorskip("pty").openpty()
    environment = os.environ | {"PS1": "ready> ", "HOME": str(folder), "TERM": "xterm"}
    with subprocess.Popen(
        ["zsh", "-f", "-i"], stdin=inner, stdout=inner, stderr=inner, start_new_session=True, env=environment
    ) as shell:
        try:
            read_until(terminal, "ready> ")
            os.write(terminal, f"{TO_ZSH}; echo so''urced\n".encode())
            read_until(terminal, "sourced")
            os.write(terminal, b"fitnet fit waves.csv --effort th\t")
            read_until(terminal, "thorough")
            os.write(terminal, b"--target al\t")
            read_until(terminal, "alpha")
        finally:
            shell.kill()
    os.close(inner)
    os.close(terminal)


def read_until(terminal, words):
    """Read what the terminal shows until these words are there."""
    seen, end = "", time.monotonic() + SECONDS
    while words not in seen:
        assert select.select([terminal], [], [], max(0, end - time.monotonic()))[0], seen
        seen += os.read(terminal, 4096).decode(errors="replace")
