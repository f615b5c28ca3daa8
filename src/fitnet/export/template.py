"""Templates: what the text of a language is made from, in `templates/`."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


def rendered(name: str, values: Mapping[str, Any]) -> str:
    """The template with the values filled in; one that it asks for and that is not given is an error."""
    return environment().get_template(name).render(values)


@cache
def environment() -> "Environment":
    """Where the templates lie, and how they are read."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # here, so that importing fitnet loads NumPy only

    return Environment(
        loader=PackageLoader("fitnet.export"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
