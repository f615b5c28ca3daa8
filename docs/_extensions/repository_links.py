"""A link from a page to a file outside docs/ leads to that file in the repository."""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

DOCS = Path(__file__).parents[1]


class LinksToRepository(SphinxPostTransform):
    """Turns every such link of one page."""

    default_priority = 5

    def run(self, **options: Any) -> None:
        """Turn them."""
        page = Path(self.env.doc2path(self.env.docname)).parent
        repository = self.config.html_theme_options["source_repository"]
        for node in self.document.findall(nodes.reference):
            target, _, place = node.get("refuri", "").partition("#")
            if not target or re.match(r"\w+:", target):
                continue
            outside = (page / target).resolve()
            if outside.exists() and not outside.is_relative_to(DOCS):
                kind = "tree" if outside.is_dir() else "blob"
                node["refuri"] = f"{repository}/{kind}/main/{outside.relative_to(DOCS.parent)}{'#' * bool(place)}{place}"


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.add_post_transform(LinksToRepository)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
