"""Kernels that run the pages' cells: one warning is left out, of a connection that leads nowhere else, and no other."""

import importlib.util
import logging
import runpy
from pathlib import Path

import pytest

EXTENSION = Path(__file__).parents[2] / "docs" / "_extensions" / "quiet_kernels.py"
LOGGER = logging.getLogger("IPKernelApp")


@pytest.fixture
def settings(tmp_path):
    """The file that IPython would read."""
    spec = importlib.util.spec_from_file_location("quiet_kernels", EXTENSION)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.write_settings(tmp_path)
    yield tmp_path / "profile_default" / "ipython_kernel_config.py"
    LOGGER.filters.clear()


def test_only_the_warning_of_the_connection_is_left_out(settings, caplog):
    runpy.run_path(str(settings))
    LOGGER.warning("Kernel is running over TCP without encryption. All communication is sent in plain text.")
    LOGGER.warning("The kernel's port %i is taken.", 7)
    assert caplog.messages == ["The kernel's port 7 is taken."]
