"""Files that are called anything: what their heads say to type works as it stands, and names in the code are legal."""

import re
import shutil
import subprocess
import sys

import pytest
from fortran_programs import COMPILER, STRICT, needs_gfortran

from fitnet.model.exporting.door import export
from kinds_of_models import KINDS

TANH = KINDS["tanh"].model
NAMES = {
    "my-model": "my_model",
    "2nd model (v1)": "x_2nd_model_v1",
    "it's Müller": "it_s_m_ller",
    "end": "end_model",
    "Wing.v2": "wing_v2",
    "x_" * 25: ("x_" * 20)[:-1],
}
CC = shutil.which("cc")


def run(folder, command, compiler=""):
    """What a line for the shell says; its compiler is strict."""
    strict = command.replace("gfortran", f"{COMPILER} {' '.join(STRICT)}", 1) if compiler else command
    done = subprocess.run(strict, shell=True, cwd=folder, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def joined(text, begins):
    """The rest of the line of a comment that begins so, and of those it goes on in."""
    line = re.search(rf"^! {begins} +(.+(?:\n! (?! |\w+: )\S.*)*)", text, re.MULTILINE).group(1)
    return line.replace("\n! ", " ")


@needs_gfortran
@pytest.mark.parametrize("called", NAMES)
def test_fortran_is_compiled_and_used_as_its_head_says(tmp_path, called):
    written = export(TANH, tmp_path / f"{called}.f90", derivatives="none")
    assert [path.name for path in written] == [f"{called}.f90", f"{called}_self_test.f90"]
    text, test = (path.read_text(encoding="utf-8") for path in written)
    name = NAMES[called]
    assert joined(text, "Test:").endswith(f" -o {name}_self_test && ./{name}_self_test")
    assert run(tmp_path, joined(text, "Test:"), "gfortran") == f"{name}: all checks passed\n"
    assert joined(test, f"Tests the module {name}_model:") == joined(text, "Test:").partition(" && ")[0]
    run(tmp_path, joined(text, "Compile:"), "gfortran")
    use = re.search(r"^! Use: +(use (?:.+&\n! )?.+)$", text, re.MULTILINE).group(1).replace("\n!", "\n")
    assert use.startswith(f"use {name}_model, only: ")
    assert len(use.splitlines()[0]) < 132  # of a line in Fortran
    (tmp_path / "main.f90").write_text(f"program main\n  {use}\n  implicit none\n  print *, wp\nend program main\n")
    run(tmp_path, "gfortran -c main.f90 -Wno-unused", "gfortran")


@pytest.mark.parametrize("called", NAMES)
def test_python_is_run_and_imported_as_its_head_says(tmp_path, called):
    (path,) = export(TANH, tmp_path / f"{called}.py", derivatives="none")
    text = path.read_text(encoding="utf-8")
    name = NAMES[called]
    command = re.search(r"^    python (.+)    # the self-test$", text, re.MULTILINE).group(1)
    assert run(tmp_path, f"{sys.executable} {command}").startswith(f"{name}: the self-test passed")
    imports = re.search(r"^    (import .+)$", text, re.MULTILINE).group(1)
    statement, _, once = imports.partition("    # once this file is called ")
    if once:
        path.rename(tmp_path / once)
    run(tmp_path, f"{sys.executable} -c '{statement}; {name}.predict'")


def test_a_name_that_is_an_identifier_is_imported_as_it_is(tmp_path):
    (path,) = export(TANH, tmp_path / "Wing.py")
    assert "    import Wing as wing\n" in path.read_text()
    (path,) = export(TANH, tmp_path / "Wing.py", prefix="plane")
    assert "    import Wing as plane\n" in path.read_text()


@pytest.mark.skipif(CC is None, reason="there is no C compiler")
@pytest.mark.parametrize("called", NAMES)
def test_c_is_included_as_its_head_says(tmp_path, called):
    (path,) = export(TANH, tmp_path / f"{called}.h", derivatives="none")
    text = re.sub(r"\n \* +", " ", path.read_text(encoding="utf-8"))
    include, command = re.search(r'Compile: (#include ".+?") in main.c, then (cc .+? -lm)', text).groups()
    (tmp_path / "main.c").write_text(f"{include}\nint main(void) {{ return {NAMES[called]}_self_test(); }}\n")
    run(tmp_path, f"{command} -o main && ./main")
