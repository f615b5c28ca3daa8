"""Templates: what the text of a language is made from, in `templates/`."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any


def rendered(name: str, values: Mapping[str, Any]) -> str:
    """The template with the values filled in; one that it asks for and that is not given is an error."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # here, so that importing fitnet loads NumPy only

    environment = Environment(
        loader=FunctionLoader(text_of), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(name).render(values) + "\n"


def text_of(name: str) -> str:
    """A template's text."""
    return (files("fitnet.export") / "templates" / name).read_text(encoding="utf-8")
