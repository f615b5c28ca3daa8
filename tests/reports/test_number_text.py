"""Numbers in words: as they should read, and the same from Python and from the page's script."""

from pathlib import Path

import numpy as np
import pytest

import fitnet.reports
from fitnet.reports.number_text import aligned, fixed, share_text, written

SCRIPT = (Path(fitnet.reports.__file__).parent / "page" / "numbers.js").read_text(encoding="utf-8")
READ = [
    (0.0, "0"),
    (1.0, "1"),
    (-0.012345, "−0.01235"),  # noqa: RUF001
    (1234.5678, "1235"),
    (20640.0, "20,640"),
    (1.2e-7, "1.2×10⁻⁷"),  # noqa: RUF001
    (-3.456e12, "−3.456×10¹²"),  # noqa: RUF001
    (99999.6, "100,000"),
    (0.99996, "1"),
    (float("inf"), "∞"),
    (None, "–"),  # noqa: RUF001
    (float("nan"), "–"),  # noqa: RUF001
]


@pytest.mark.parametrize(("value", "text"), READ)
def test_numbers_as_they_read(value, text):
    assert written(value) == text


def test_python_and_the_page_write_the_same(page, generator):
    values = np.concatenate([generator.normal(size=300) * 10.0 ** generator.integers(-12, 13, 300), [0, 1, -1, 1e6]])
    digits = generator.integers(2, 7, len(values))
    pairs = [[float(value), int(each)] for value, each in zip(values, digits, strict=True)]
    program = f"(pairs) => {{ {SCRIPT}\nreturn pairs.map(([value, digits]) => formatNumber(value, digits)); }}"
    assert page.evaluate(program, pairs) == [written(*pair) for pair in pairs]
    shares = generator.random(100).tolist()
    program = f"(shares) => {{ {SCRIPT}\nreturn shares.map(formatShare); }}"
    assert page.evaluate(program, shares) == [share_text(share) for share in shares]


def test_a_column_has_one_number_of_decimals():
    assert aligned([1.0, -22.345, None, 3.14159], 4) == ["1.00", "−22.34", "–", "3.14"]  # noqa: RUF001
    assert aligned([1e-9, 2e-9], 3) == ["1×10⁻⁹", "2×10⁻⁹"]  # noqa: RUF001
    assert aligned([]) == []


def test_fixed_decimals():
    values = (0.98765, -0.0009, -0.0001, None, -1e5)
    assert [fixed(value) for value in values] == ["0.988", "−0.001", "0.000", "–", "−100,000"]  # noqa: RUF001


@pytest.mark.parametrize(("low", "high", "count"), [(0, 1, 5), (-3.3, 8.1, 4), (1e-9, 3e-9, 6), (99, 101, 3)])
def test_ticks_are_round_and_inside(page, low, high, count):
    program = f"(given) => {{ {SCRIPT}\nreturn ticks(...given); }}"
    found = page.evaluate(program, [low, high, count])
    assert low <= found[0] and found[-1] <= high and 2 <= len(found) <= 2 * count
    steps = np.diff(found)
    np.testing.assert_allclose(steps, steps[0], 1e-6)
    assert f"{steps[0]:.0e}"[0] in "125"
