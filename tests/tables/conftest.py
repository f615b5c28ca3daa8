"""Small files of known bytes."""

import pytest


@pytest.fixture
def write(tmp_path):
    """Write bytes, or text as UTF-8, to a file of this name; gives its path as text."""

    def write(name, data):
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return str(path)

    return write
