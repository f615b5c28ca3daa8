"""What a release states in several files agrees: the version, what is needed, whose licences are shipped."""

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

import fitnet

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RECIPE = (ROOT / "packaging" / "conda" / "recipe.yaml").read_text("utf-8")


def absolute_readme():
    """The module that the build takes the readme from; it is in no package."""
    found = importlib.util.spec_from_file_location("absolute_readme", ROOT / "packaging" / "absolute_readme.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_citation_and_the_recipe_state_the_version():
    assert re.findall(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.M) == [fitnet.__version__]
    assert re.findall(r'^  version: "(.+)"$', RECIPE, re.M) == [fitnet.__version__]


def test_the_recipe_needs_what_pip_installs():
    needed = re.findall(r"^    - (.+)$", RECIPE.split("  run:\n")[1].split("  run_constraints:")[0], re.M)
    spaced = [re.sub("([<>=])", r" \1", each, count=1) for each in SETTINGS["project"]["dependencies"]]
    assert needed == [f"python {SETTINGS['project']['requires-python']}", *spaced]


def test_every_licence_file_is_shipped_and_listed():
    licences = sorted(path.name for path in (ROOT / "licenses").glob("*.txt"))
    listed = re.findall(r"\]\(([a-z-]+\.txt)\)", (ROOT / "licenses" / "README.md").read_text("utf-8"))
    assert sorted(listed) == licences
    assert SETTINGS["project"]["license-files"] == ["LICENSE", "licenses/*.txt"]


@pytest.mark.parametrize(
    ("relative", "whole"),
    [
        ("[a](docs/a.md#b)", "[a](https://r/blob/main/docs/a.md#b)"),
        ("![a](a.png)", "![a](https://r/raw/main/a.png)"),
        ("[![a](a.svg)](docs/a.md)", "[![a](https://r/raw/main/a.svg)](https://r/blob/main/docs/a.md)"),
        ("[a](https://b/c) [d](#e) `x[0](1)`", "[a](https://b/c) [d](#e) `x[0](1)`"),
        ("```python\nf[0](x)\n```\n[a](b)", "```python\nf[0](x)\n```\n[a](https://r/blob/main/b)"),
    ],
)
def test_the_index_gets_whole_addresses(relative, whole):
    assert absolute_readme().absolute(relative, "https://r") == whole


def test_no_link_of_the_readme_stays_relative():
    project = SETTINGS["project"]
    text = absolute_readme().dynamic_metadata({}, project)["readme"]["text"]
    assert project["urls"]["Repository"] + "/raw/main/docs/" in text
    outside_code = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.S)
    assert re.findall(r"\]\((?!https://|#)[^)]*\)", outside_code) == []
