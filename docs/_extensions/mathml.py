"""Mathematics as MathML, which browsers draw themselves: it needs no script, no font and no network."""

from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.util.logging import getLogger


def formula(node: nodes.Element, display: str) -> str:
    """A formula as MathML; of what the converter does not know, a warning tells."""
    text = node.astext().replace("{aligned}", "{split}")  # the same, by the name that it knows
    written: str = convert(text, display=display)
    if "<mi>&</mi>" in written or "\\" in written:
        getLogger(__name__).warning("a formula that cannot be written as MathML: %s", text, location=node)
    return written


def inline(writer: Any, node: nodes.math) -> None:
    """A formula in a line."""
    writer.body.append(formula(node, "inline"))
    raise nodes.SkipNode


def block(writer: Any, node: nodes.math_block) -> None:
    """A formula on a line of its own, which can be scrolled on a narrow screen."""
    writer.body.append(f'<div class="math" tabindex="0">{formula(node, "block")}</div>\n')
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    app.config.html_math_renderer = "mathml"
    return {"parallel_read_safe": True, "parallel_write_safe": True}
