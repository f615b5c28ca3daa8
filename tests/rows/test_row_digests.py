"""Digests: of rows as they lie, the same from an array and from chunks, and another for every other table."""

import hashlib

import numpy as np
import pytest

from fitnet.rows import ArrayRows, data_digest, hashed, sources, table_digest


@pytest.fixture
def rows(generator, monkeypatch):
    monkeypatch.setattr(sources, "CHUNK_BYTES", 7 * 3 * 8)
    return generator.normal(size=(50, 3)), generator.normal(size=(50, 1))


def test_digest_of_data_is_that_of_their_bytes(rows):
    X, Y = rows
    data = b"<f8 (50, 3)" + X.tobytes() + b"<f8 (50, 1)" + Y.tobytes()
    assert data_digest(X, Y) == hashlib.sha256(data).hexdigest()
    weights = np.ones(50, np.float32)
    assert data_digest(X, Y, weights) == hashlib.sha256(data + b"<f4 (50,)" + weights.tobytes()).hexdigest()


@pytest.mark.parametrize("digest", [data_digest, table_digest])
def test_chunks_have_the_digest_of_the_array(rows, digest):
    X, Y = rows
    expected = digest(X, Y)
    assert digest(ArrayRows("X", X), ArrayRows("Y", Y)) == expected
    assert digest(np.asfortranarray(X), Y) == expected
    assert digest(Y, X) != expected
    assert digest(np.hstack([X, Y])[:, :3], np.nextafter(Y, 9)) != expected


def test_chunks_come_out_as_they_went_in(rows):
    chunks = list(hashed(ArrayRows("X", rows[0]), hashlib.sha256()))
    assert [len(chunk) for chunk in chunks] == [7] * 7 + [1]
    assert np.array_equal(np.vstack(chunks), rows[0])
