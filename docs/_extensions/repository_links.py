"""A link from a page to a file outside docs/ leads to that file in the repository."""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.transforms.post_transforms import SphinxPostTransform

DOCS = Path(__file__).parents[1]


class LinksToRepository(SphinxPostTransform):
    """Turns every such link of one page."""

    default_priority = 5

    def run(self, **options: Any) -> None:
        """Turn them."""
        page = Path(self.env.doc2path(self.env.docname)).parent
        repository = self.config.html_theme_options["source_repository"]
        for node in [*self.document.findall(nodes.reference), *self.document.findall(pending_xref)]:
            target = self.outside(node, page)
            if target is not None:
                kind = "tree" if target[0].is_dir() else "blob"
                address = f"{repository}/{kind}/main/{target[0].relative_to(DOCS.parent)}{target[1]}"
                node.replace_self(nodes.reference("", "", *node.children, internal=False, refuri=address))

    def outside(self, node: nodes.Element, page: Path) -> tuple[Path, str] | None:
        """The file outside docs/ that a link leads to, and the place in it; None for any other link."""
        if isinstance(node, pending_xref):  # to another page, which MyST wrote without its ending
            if node.get("refdomain") != "doc":
                return None
            address, place = f"{node['reftarget']}.md", node.get("reftargetid") or ""
        else:
            address, _, place = node.get("refuri", "").partition("#")
        if not address or re.match(r"\w+:", address):
            return None
        path = (page / address).resolve()
        return (path, "#" * bool(place) + place) if path.exists() and not path.is_relative_to(DOCS) else None


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.add_post_transform(LinksToRepository)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
