"""Kernels that run the cells do not warn of TCP without encryption, for they talk to this machine alone.

All else they still say. IPython reads its settings from a folder of its own for the build, so those of whoever builds
do not count either.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

SETTINGS = """\
import logging

logging.getLogger("IPKernelApp").addFilter(lambda record: "over TCP without encryption" not in record.getMessage())
"""


def write_settings(folder: Path) -> None:
    """Write what IPython's kernels read where IPYTHONDIR is `folder`."""
    profile = folder / "profile_default"
    profile.mkdir()
    (profile / "ipython_kernel_config.py").write_text(SETTINGS)


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    folder = TemporaryDirectory()  # until the process ends
    app.connect("build-finished", lambda *_: folder.cleanup())
    write_settings(Path(folder.name))
    os.environ["IPYTHONDIR"] = folder.name
    return {"parallel_read_safe": True, "parallel_write_safe": True}
