"""What any test may ask for: every engine in turn, and random numbers that can be drawn again."""

import os
import sys
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from hypothesis import settings

from fitnet.engine import ENGINES, Engine

# Tests in subfolders import tolerances.py and finite_differences.py from here, under any import mode.
sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile("fitnet", deadline=None)  # no test is judged by the clock
settings.load_profile("fitnet")


def pytest_addoption(parser):
    """How many trainings tests/training/test_kills.py kills, how many files test_damaged_parquet.py damages."""
    parser.addoption("--kills", type=int, default=6, help="how often trainings are killed at random moments (6)")
    parser.addoption(
        "--all-ranks", action="store_true", help="train over every number of MPI processes (not by default)"
    )
    parser.addoption("--mutants", type=int, default=200, help="how many damaged Parquet files are read (200)")


def pytest_configure(config):
    """Warnings are errors, but where the native engine was not built, its absence is no news, in any process."""
    if "native" not in ENGINES:
        config.addinivalue_line("filterwarnings", "ignore::fitnet.errors.EngineWarning")
        os.environ["PYTHONWARNINGS"] = "ignore:fitnet computes with the reference engine"


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Every engine there is, one after the other."""
    return ENGINES[request.param]()


@pytest.fixture
def generator(request: pytest.FixtureRequest) -> np.random.Generator:
    """Random numbers from a seed that is fixed by the test's name, and printed where the test fails."""
    seed = crc32(request.node.name.encode())
    print(f"numpy.random.default_rng({seed})")
    return np.random.default_rng(seed)
