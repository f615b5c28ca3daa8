"""The site: `make docs` builds it into build/site, `make docs-serve` shows it while it is written."""

import os
import re
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

HERE = Path(__file__).parent
REPOSITORY = dict(url.split(", ") for url in metadata("fitnet").get_all("Project-URL") or [])["Repository"]

project = "fitnet"
author = "The fitnet developers"
project_copyright = "The fitnet developers, BSD-3-Clause"
version = release = metadata("fitnet")["Version"]

extensions = [
    "myst_nb",  # pages in Markdown, and those with code cells, which are run
    "numpydoc",  # docstrings as NumPy writes them
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "sphinx_copybutton",
    "sphinx_design",
]
exclude_patterns = ["pictures/*.py"]
nitpicky = True  # a name that leads nowhere is an error

myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = os.environ.get("FITNET_DOCS_EXECUTION", "force")
nb_execution_raise_on_error = True
nb_execution_timeout = 300  # seconds, of one cell

html_theme = "furo"
html_title = f"fitnet {release}"
html_theme_options = {"source_repository": REPOSITORY, "source_branch": "main", "source_directory": "docs/"}
html_copy_source = False
copybutton_exclude = ".linenos, .gp, .go"  # prompts and output are not copied


class LinksToRepository(SphinxPostTransform):
    """A link from a page to a file outside docs/ leads to the file in the repository."""

    default_priority = 5

    def run(self, **options: Any) -> None:
        """Turn every such link of one page."""
        page = Path(self.env.doc2path(self.env.docname)).parent
        for node in self.document.findall(nodes.reference):
            target = node.get("refuri", "")
            if re.match(r"(\w+:|#)", target) or not target:
                continue
            outside = (page / target).resolve()
            if outside.exists() and not outside.is_relative_to(HERE):
                node["refuri"] = f"{REPOSITORY}/blob/main/{outside.relative_to(HERE.parent)}"


def setup(app: Any) -> None:
    """What Sphinx calls."""
    app.add_post_transform(LinksToRepository)
