"""What Furo's pages lack for those who read them by ear or by keyboard, and links that they had better not have."""

from typing import Any


def complete(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Levels for the headings of the navigation, and code that is wider than the screen can be reached by keyboard."""
    tree = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = tree.replace('role="heading"', 'role="heading" aria-level="2"')
    context["body"] = context.get("body", "").replace("<pre>", '<pre tabindex="0">')
    if "/generated/" in page:
        context["page_source_suffix"] = ""  # its source is in no repository, so nobody can view or edit it there


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.connect("html-page-context", complete, priority=900)  # after Furo
    return {"parallel_read_safe": True, "parallel_write_safe": True}
