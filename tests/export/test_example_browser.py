"""The example of a browser page: made as its README says, and asked in Chromium."""

import re
import shutil
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from runpy import run_path
from threading import Thread

import pytest
from exported_tolerances import EXAMPLE_PERIOD_ATOL, EXAMPLE_SLOPE_ATOL

from chromium import path_of_chromium, started_browser

EXAMPLE = Path(__file__).parents[2] / "examples" / "browser"
DIGITS = r"(-?\d+\.\d+)"
TOLD = rf"{DIGITS} s, {DIGITS} s more a metre, {DIGITS} s more a radian"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_):
        pass


@pytest.fixture
def packages(request):
    """The folder of what npm installs, kept from test to test."""
    pytest.importorskip("onnx", reason="ONNX files are written by the package onnx")
    npm = shutil.which("npm")
    if npm is None or path_of_chromium() is None:
        pytest.skip("the example needs npm and Chromium")
    folder = request.config.cache.mkdir("onnxruntime-web")
    listed = (EXAMPLE / "package.json").read_bytes()
    if not (folder / "installed.json").exists() or (folder / "installed.json").read_bytes() != listed:
        (folder / "package.json").write_bytes(listed)
        command = [npm, "install", "--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"]
        if subprocess.run(command, cwd=folder, capture_output=True, timeout=120).returncode != 0:
            pytest.skip("npm could not install onnxruntime-web")
        (folder / "installed.json").write_bytes(listed)
    return folder / "node_modules"


@pytest.fixture
def address(packages, tmp_path):
    """The page's, served from a folder where it was made."""
    shutil.copy(EXAMPLE / "index.html", tmp_path)
    subprocess.run([sys.executable, EXAMPLE / "emulator.py"], cwd=tmp_path, check=True)
    (tmp_path / "node_modules").symlink_to(packages)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_page_tells_the_period_and_its_slopes(address):
    period = run_path(str(EXAMPLE / "emulator.py"))["period"]
    with started_browser() as browser:
        page, complaints = browser.new_page(), []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("request", lambda asked: None if asked.url.startswith(address) else complaints.append(asked.url))
        page.goto(address)
        page.locator("#length").fill("0.5")
        page.locator("#angle").fill("1.2")
        page.wait_for_function("document.getElementById('told').textContent.startsWith('0.5 m, 1.2 rad')")
        found = re.search(TOLD, page.locator("#told").text_content())
        assert complaints == []
    told, by_length, by_angle = map(float, found.groups())
    step = 1e-5
    assert abs(told - period(0.5, 1.2)) < EXAMPLE_PERIOD_ATOL
    assert abs(by_length - (period(0.5 + step, 1.2) - period(0.5 - step, 1.2)) / (2 * step)) < EXAMPLE_SLOPE_ATOL
    assert abs(by_angle - (period(0.5, 1.2 + step) - period(0.5, 1.2 - step)) / (2 * step)) < EXAMPLE_SLOPE_ATOL
