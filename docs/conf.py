"""The site: `make docs` builds it into build/site, `make docs-serve` shows it while it is written.

FITNET_DOCS_EXECUTION=off leaves the cells of notebooks and the gallery's scripts as they are, which takes seconds.
"""

import os
import sys
from importlib.metadata import metadata
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_extensions"), str(HERE / "gallery")]  # the second for gallery_look

URLS = dict(url.split(", ") for url in metadata("fitnet").get_all("Project-URL") or [])
EXECUTION = os.environ.get("FITNET_DOCS_EXECUTION", "force")

project = "fitnet"
author = "The fitnet developers"
project_copyright = "The fitnet developers, BSD-3-Clause"
version = release = metadata("fitnet")["Version"]

extensions = [
    "myst_nb",  # pages in Markdown, and those with code cells, which are run
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",  # docstrings as NumPy writes them
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
    # Ours, from docs/_extensions:
    "docstrings",
    "public_names",
    "repository_links",
    "shell_pages",
    "notebooks",
    "quiet_kernels",
    "mathml",
    "accessible",
]
templates_path = ["_templates"]
exclude_patterns = [
    "pictures/*.py",
    "_extensions",
    "_templates",
    "gallery/*.rst",
    "gallery/*.md",
    "gallery/generated/*.ipynb",
]
nitpicky = True  # a name that leads nowhere is an error
default_role = "name"  # in docstrings; from public_names

# Docstrings. Types are the annotations', beside what the docstring says of each parameter.
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autosummary_ignore_module_all = False
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_custom_sections = ["Attributes"]  # a list of terms, from docstrings
suppress_warnings = [
    "myst-nb.lexer",  # of cells that are not run
    "sphinx_gallery.duplicate_filename",  # the generated pages keep a copy of every script
]
smartquotes_action = "D"  # dashes alone: "auto" is meant with its quotation marks
python_use_unqualified_type_names = True
# There is no network at build time, so what others document is not looked up.
nitpick_ignore_regex = [
    ("py:.*", name)
    for name in (
        r"fitnet\.(algorithm\.optimizers\.OptimizerState|rows\.sources\.RowSource|tables\.shares\.Share|engine\.contract\.Engine|algorithm\.schedules\.Schedule)",
        r"fitnet\.model\.ensemble_parts\.leaderboard\.Standing",
        r"(collections|os|pathlib|typing|numpy|sklearn|scipy|polars|dask|matplotlib|optuna)\..*",
    )
]

myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = EXECUTION
nb_execution_raise_on_error = True
nb_execution_timeout = 300  # seconds, of one cell
nb_merge_streams = True
nb_execution_in_temp = True  # what a cell writes is gone afterwards

sphinx_gallery_conf = {
    "examples_dirs": "gallery",
    "gallery_dirs": "gallery/generated",
    "ignore_pattern": "gallery_look",
    "filename_pattern": r"\.py$",  # every script is run
    "plot_gallery": EXECUTION != "off",
    "abort_on_example_error": True,
    "reset_modules": ("matplotlib", "gallery_look.reset"),
    "capture_repr": (),
    "image_srcset": ["2x"],
    "thumbnail_size": (400, 280),
    "within_subsection_order": "ExampleTitleSortKey",
    "reference_url": {"fitnet": None},  # names in the code lead to the reference
    "write_computation_times": False,
    "min_reported_time": 600,  # seconds; pages do not say how long they took
    "show_signature": False,
    "remove_config_comments": True,
    "backreferences_dir": None,
    "download_all_examples": False,
}

html_theme = "furo"
html_title = "fitnet"
html_static_path = ["_static"]
html_css_files = ["fitnet.css"]
html_baseurl = URLS.get("Documentation", "")
html_theme_options = {
    "source_repository": URLS["Repository"],
    "source_branch": "main",
    "source_directory": "docs/",
    "footer_icons": [{"name": "Source", "url": URLS["Repository"], "html": "Source code", "class": ""}],
}
html_copy_source = False
html_show_sphinx = False
pygments_style, pygments_dark_style = "a11y-high-contrast-light", "a11y-high-contrast-dark"
copybutton_exclude = ".linenos, .gp, .go"  # prompts and output are not copied
