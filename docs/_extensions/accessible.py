"""What Furo's pages lack for those who read them by ear or by keyboard."""

import re
from typing import Any


def complete(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Levels for the headings of the navigation, and code that is wider than the screen can be reached by keyboard."""
    tree = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = tree.replace('role="heading"', 'role="heading" aria-level="2"')
    context["body"] = re.sub(r"<pre>", '<pre tabindex="0">', context.get("body", ""))


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.connect("html-page-context", complete, priority=900)  # after Furo
    return {"parallel_read_safe": True, "parallel_write_safe": True}
