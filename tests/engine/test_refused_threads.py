"""The system refuses threads: the native engine warns, computes with those it has, and gives the same bits.

No thread can be made where its stack would be larger than the address space that is allowed.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fitnet.engine import ENGINES

pytestmark = [
    pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="stacks are sized in another way there"),
]

HERE = Path(__file__).parent
TIMEOUT = 60
REFUSING = """
import os, resource, sys
GIB = 2**30
limits = [resource.getrlimit(of) for of in (resource.RLIMIT_STACK, resource.RLIMIT_AS)]
resource.setrlimit(resource.RLIMIT_STACK, (100 * GIB, limits[0][1]))  # taken for threads' stacks at the next start
resource.setrlimit(resource.RLIMIT_AS, (20 * GIB, limits[1][1]))
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
SENTENCE = (
    "The system refused 2 more threads: the native engine computes with those it has, slower and with the same "
    "results; `n_threads` or FITNET_NUM_THREADS says how many it asks for."
)


def without_threads(*arguments):
    return subprocess.run(
        [sys.executable, "-c", REFUSING, *arguments],
        cwd=HERE,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "FITNET_NUM_THREADS": "3", "POLARS_MAX_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )


def test_the_bits_stay_and_one_warning_says_why_it_is_slower():
    program = """
import warnings, test_native_callbacks as t
alone = t.everything(t.ENGINES["native"](1))
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("default")
    same = [t.everything(t.ENGINES["native"](3)) == alone for _ in range(3)]
print(*same)
for warning in caught:
    print(warning.category.__name__, warning.message)
"""
    run = without_threads("-c", program)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == ["True True True", f"EngineWarning {SENTENCE}"]


def test_a_warning_that_is_an_error_ends_the_call():
    program = """
import warnings, test_native_callbacks as t
from fitnet.errors import EngineWarning
warnings.simplefilter("error", EngineWarning)
try:
    t.everything(t.ENGINES["native"](3))
except EngineWarning as warning:
    print(warning)
"""
    run = without_threads("-c", program)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == SENTENCE
