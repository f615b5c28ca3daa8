"""What the tests of members in files share: going on that is refused."""

import pytest
from kept_ensemble import kept_fit

from fitnet.errors import CheckpointMismatchError


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refusal(folder, error=CheckpointMismatchError, **changes):
    """The sentence with which going on is refused; no file has changed."""
    before = contents(folder)
    with pytest.raises(error) as raised:
        kept_fit(folder, **changes)
    assert type(raised.value) is error
    assert contents(folder) == before
    return str(raised.value)
