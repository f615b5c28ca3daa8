"""The page: one HTML file that holds its style, its script and all it shows, and that loads nothing.

A policy in the page's head allows the one script and the one style by their digests and forbids all else, so that
nothing that comes with the data, such as the name of a column, can run or load.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from fitnet.reports.number_text import aligned, fixed, share_text, written
from fitnet.reports.sections import sections

LAST_SCRIPT = "main.js"  # it runs what the others define
STYLES = ("style.css", "page.css", "profiler.css")

# What a browser could take for the end of the data, or of a line of it; all of them occur within strings alone.
ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def page(payload: Mapping[str, Any], identity: Mapping[str, Any]) -> str:
    """The page as HTML.

    Parameters
    ----------
    payload
        What the script draws, as JSON can hold it: "title", "facts", "verdict", "model", "rows".
    identity
        What the model is, as `identity` says it.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FunctionLoader(part), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= FILTERS
    script, style = script_text(), style_text()
    return environment.get_template("page.html").render(
        payload=Markup(as_data(payload)),
        script=Markup(script),
        style=Markup(style),
        policy=policy(script, style),
        identity=identity,
        sections=sections(payload["facts"], payload["verdict"], payload["model"]),
        **{name: payload[name] for name in ("title", "facts", "verdict", "model")},
    )


def residuals(rows: Sequence[Mapping[str, Any]]) -> list[float]:
    """Prediction minus target of each of the facts' rows."""
    return [row["prediction"] - row["target"] for row in rows]


FILTERS = {"number": written, "share": share_text, "fixed": fixed, "aligned": aligned, "residuals": residuals}


def as_data(payload: Mapping[str, Any]) -> str:
    """The payload as JSON that can stand in a page's script element."""
    text = json.dumps(payload, allow_nan=False, separators=(",", ":"))
    for mark, escape in ESCAPED.items():
        text = text.replace(mark, escape)
    return text


def policy(script: str, style: str) -> str:
    """What the page may do: run this script and take this style, and nothing else."""
    return (
        f"default-src 'none'; script-src '{digest(script)}'; style-src '{digest(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def digest(text: str) -> str:
    """A text's digest as policies name it."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def script_text() -> str:
    """The page's script: all files in one function, whose scope they share, so that the window gets no names."""
    return f"(function () {{\n{definitions()}\n{part(LAST_SCRIPT)}\n}})();"


@cache
def definitions() -> str:
    """What the script defines, before it does anything."""
    return joined(script_names())


def script_names() -> list[str]:
    """The script's files but for the last, in order; while they load, none needs what another defines."""
    names = sorted(path.name for path in (files(__package__) / "page").iterdir() if path.name.endswith(".js"))
    return [name for name in names if name != LAST_SCRIPT]


@cache
def style_text() -> str:
    """The page's style."""
    return joined(STYLES)


def joined(names: Sequence[str]) -> str:
    """The files of these names, one after the other."""
    return "\n".join(map(part, names))


def part(name: str) -> str:
    """A file of the page as text."""
    return (files(__package__) / "page" / name).read_text(encoding="utf-8").replace("\r\n", "\n")
