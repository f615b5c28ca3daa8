"""Pages with code cells can be downloaded as notebooks, beside the page: tutorials/first-fit.ipynb.

Links to other pages lead to the site there, for the notebook is alone where it is read.
"""

import re
from pathlib import Path
from typing import Any

from docutils import nodes

CELLS = "\n```{code-cell}"
LINK = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)\.md(#[^)\s]*)?\)")


def of_page(source: str, folder: str, site: str) -> str:
    """The notebook of a page, whose relative links lead from `folder` of the site."""
    import jupytext

    notebook = jupytext.reads(LINK.sub(rf"]({site}{folder}/\1.html\2)", source), fmt="md:myst")
    written: str = jupytext.writes(notebook, fmt="ipynb")
    return written


def mark(app: Any, page: str, source: list[str]) -> None:
    """Say at the top of a page with code cells that it is a notebook, as MyST-NB wants it."""
    if CELLS in source[0] and "file_format:" not in source[0]:
        source[0] = source[0].replace("---\n", "---\nfile_format: mystnb\n", 1)


def offer(app: Any, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Write the notebook, and say below the page's title where it is."""
    path = Path(app.env.doc2path(page)) if doctree is not None else None
    if path is None or page == "index" or path.suffix != ".md" or CELLS not in (source := path.read_text()):
        return
    target = Path(app.outdir, f"{page}.ipynb")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(of_page(source, page.rpartition("/")[0], app.config.html_baseurl))
    link = f'<p class="notebook"><a href="{target.name}" download>Download this page as a notebook</a></p>'
    context["body"] = context["body"].replace("</h1>", f"</h1>\n{link}", 1)


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.connect("source-read", mark)
    app.connect("html-page-context", offer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
