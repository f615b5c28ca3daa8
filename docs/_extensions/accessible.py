"""What Furo's pages lack for those who read them by ear or by keyboard, and links that they had better not have."""

import re
from typing import Any

THUMBNAIL = re.compile(r'<a class="reference internal" (href="[^"]+"><span class="doc">([^<]+)</span>)')


def complete(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Levels for the headings of the navigation, and code that is wider than the screen can be reached by keyboard."""
    tree = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = tree.replace('role="heading"', 'role="heading" aria-level="2"')
    context["body"] = context.get("body", "").replace("<pre>", '<pre tabindex="0">')
    if page == "gallery/generated/index":  # whose links lie over pictures, with their words hidden
        context["body"] = THUMBNAIL.sub(r'<a class="reference internal" aria-label="\2" \1', context["body"])
    if "/generated/" in page:
        context["page_source_suffix"] = ""  # its source is in no repository, so nobody can view or edit it there


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.connect("html-page-context", complete, priority=900)  # after Furo
    return {"parallel_read_safe": True, "parallel_write_safe": True}
