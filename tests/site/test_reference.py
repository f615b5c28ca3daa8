"""The reference: every public name has its place in it, and so has every part of the model's file."""

import re
from pathlib import Path

import pytest

import fitnet
from fitnet.model import ensemble_file, file

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in REFERENCE.glob("*.md")}
ROOMS = [room for room in fitnet._ROOMS if hasattr(getattr(fitnet, room), "__all__")]
STORED = sorted({name for part in (*file.PARTS, *ensemble_file.PARTS) for name in (*part.TENSORS, *part.KEYS)})


def listed(module):
    """The names that the pages list below `currentmodule:: module`."""
    found = []
    for page in PAGES.values():
        current = None
        for line in page.splitlines():
            if line.startswith(".. currentmodule::"):
                current = line.split("::")[1].strip()
            name = re.fullmatch(r"   ([A-Za-z_]\w*)|\.\. py:data:: (\w+)", line)
            if name and current == module:
                found += filter(None, name.groups())
    return found


@pytest.mark.parametrize("module", ["fitnet", *(f"fitnet.{room}" for room in ROOMS)])
def test_every_public_name_is_listed_once(module):
    offered = fitnet if module == "fitnet" else getattr(fitnet, module.partition(".")[2])
    names = [name for name in offered.__all__ if name not in (*fitnet._ROOMS, "__version__")]
    assert sorted(listed(module)) == sorted(names)


def test_every_room_has_its_place():
    text = "".join(PAGES.values())
    assert [room for room in fitnet._ROOMS if f"module:: fitnet.{room}" not in text] == []


@pytest.mark.parametrize("name", STORED)
def test_the_page_of_the_file_names_what_a_file_may_hold(name):
    assert f"`{name}`" in PAGES["model-file"]
