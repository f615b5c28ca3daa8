"""The architecture of the C++: which room may include which, and that Python is known to the bindings alone."""

import re
from pathlib import Path

import pytest

CPP = Path(__file__).parents[1] / "cpp"
# What the C++ of each room includes of ours, besides what is offered, fitnet.hpp and shares.hpp, and its own room.
BELOW = {".": set(), "kernels": set(), "engine": {"kernels"}, "bindings": set()}
OFFERED = {path.name for path in CPP.glob("*.hpp")}
CPP_FILES = [str(path.relative_to(CPP)) for room in BELOW for path in sorted((CPP / room).glob("*.?pp"))]


@pytest.mark.parametrize("file", CPP_FILES)
def test_includes_point_one_way(file):
    assert wrong_includes(file, (CPP / file).read_text()) == []


def test_every_room_of_cpp_is_looked_through():
    assert {path.parent.name for path in CPP.glob("*/*.?pp")} == {*BELOW, "tests"} - {"."}
    assert {Path(file).parent.name for file in CPP_FILES} == {"", *BELOW} - {"."}


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("fitnet.hpp", '#include "kernels/plan.hpp"'),
        ("kernels/plan.hpp", '#include "engine/buffer.hpp"'),
        ("engine/buffer.hpp", '#include "bindings/arrays.hpp"'),
        ("engine/buffer.hpp", '  #  include "../kernels/plan.hpp"'),
        ("bindings/module.cpp", '#include "kernels/level.hpp"'),
        ("bindings/module.cpp", '#include "engine/buffer.hpp"'),
        ("engine/training.cpp", "#include <nanobind/nanobind.h>"),
        ("kernels/plan.hpp", "#include <Python.h>"),
        ("fitnet.hpp", "#include <numpy/arrayobject.h>"),
    ],
)
def test_a_wrong_include_is_seen(file, source):
    assert len(wrong_includes(file, f"#include <vector>\n{source}\n")) == 1


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("kernels/plan.hpp", '#include "fitnet.hpp"\n#include "kernels/panels.hpp"'),
        ("engine/training.cpp", '#include "engine/buffer.hpp"\n#include "kernels/level.hpp"'),
        (
            "bindings/module.cpp",
            '#include <nanobind/nanobind.h>\n#include "bindings/arrays.hpp"\n#include "fitnet.hpp"',
        ),
    ],
)
def test_a_right_include_is_allowed(file, source):
    assert wrong_includes(file, source) == []


def wrong_includes(file, source):
    """What the C++ `file` includes from a room it must not know; Python is known to the bindings alone."""
    room = Path(file).parent.name or "."
    found = []
    for quote, header in re.findall(r'^\s*#\s*include\s*(["<])([^">]+)', source, re.MULTILINE):
        if quote == '"':
            right = header in OFFERED or Path(header).parts[0] in {room, *BELOW[room]}
        else:
            right = room == "bindings" or not header.startswith(("Python", "nanobind/", "numpy/", "pybind11/"))
        found += [] if right else [f"{file} includes {header}"]
    return found
