"""Damaged Parquet files, by a generator: bytes anywhere, and counts, sizes, offsets, kinds and names where they matter.

`python parquet_mutants.py FIRST COUNT` reads that many of them, beginning with mutant FIRST, in this process.
"""

import copy
import io
import os
import resource
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet
from thrift_compact import BINARY, LIST, SET, STRUCT, WHOLE, Listed, Reader, struct_bytes

EDGES = (0, 1, -1, 2, 3, 7, 8, 127, 128, 255, 65_535, 2**31 - 1, -(2**31), 2**32, 2**40, 2**62, 2**63 - 1, -(2**63))

ADDRESSES = 6 * 2**30  # bytes that the process may ask for; polars alone asks for some
FILES, ROOM = 10, 2**22  # what reading may take: so many times the file, and by what readings of sound files differ
CLEAR = Path("/proc/self/clear_refs")


def sound_files():
    """Files as polars and pyarrow write them: kinds of columns, encodings, compressions, page versions."""
    generator = np.random.default_rng(0)
    n = 60
    frame = pl.DataFrame(
        {
            "a": generator.normal(size=n),
            "b": generator.integers(-5, 5, n),
            "c": [None if i % 7 == 0 else i / 3 for i in range(n)],
            "d": [f"{i % 5}.5" for i in range(n)],
            "e": [i % 3 == 0 for i in range(n)],
            "f": pl.Series(generator.normal(size=n)).cast(pl.Float32),
        }
    )
    for compression in ("zstd", "snappy", "uncompressed"):
        buffer = io.BytesIO()
        frame.write_parquet(buffer, compression=compression, row_group_size=25)
        yield buffer.getvalue()
    for version, dictionary in (("1.0", True), ("2.0", False), ("2.0", True)):
        buffer = io.BytesIO()
        pyarrow.parquet.write_table(
            frame.to_arrow(),
            buffer,
            compression="gzip" if dictionary else "none",
            data_page_version=version,
            use_dictionary=dictionary,
            row_group_size=25,
        )
        yield buffer.getvalue()


def mutant(data, generator):
    """A damaged copy."""
    kind = generator.choice(5)
    if kind == 0:
        return altered_bytes(data, generator, 0, len(data))
    start = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    if kind == 1:
        return altered_bytes(data, generator, start, len(data))
    if kind == 2:
        return altered_page(data, generator, start)
    footer = altered_struct(Reader(data, start).struct(), generator)
    return data[:start] + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def altered_bytes(data, generator, start, stop):
    damaged = bytearray(data)
    for place in generator.integers(start, stop, generator.integers(1, 5)):
        damaged[place] = (
            generator.integers(256) if generator.random() < 0.5 else damaged[place] ^ (1 << generator.choice(8))
        )
    return bytes(damaged)


def altered_page(data, generator, end):
    """One page's header altered; of the same length where that can be had, so that what follows stays in place."""
    headers, place = [], 4
    while place < end:
        reader = Reader(data, place)
        try:
            header = reader.struct()
        except (ValueError, KeyError):
            break
        if [entry[:2] for entry in header[:3]] != [[1, 5], [2, 5], [3, 5]]:  # indexes lie behind the pages
            break
        headers.append((place, reader.place, header))
        place = reader.place + header[2][2]
    first, last, header = headers[generator.choice(len(headers))]
    for _ in range(10):
        altered = altered_struct(header, generator)
        if len(altered) == last - first:
            break
    return data[:first] + altered + data[last:]


def altered_struct(fields, generator):
    """The bytes of a struct in which one to three things are others."""
    fields = copy.deepcopy(fields)
    for _ in range(generator.integers(1, 4)):
        places = list(places_in(fields))
        if places:
            alter(*places[generator.choice(len(places))], generator)
    return struct_bytes(fields)


def places_in(fields):
    """Every value in the tree: what holds it, and where."""
    for entry in fields:
        yield fields, entry
        if entry[1] == STRUCT:
            yield from places_in(entry[2])
        elif entry[1] in (LIST, SET):
            for item in entry[2].items if entry[2].kind == STRUCT else ():
                yield from places_in(item)


def alter(holder, entry, generator):
    """Change one value, or leave its field out."""
    _, kind, value = entry
    if generator.random() < 0.05:
        holder.remove(entry)
    elif kind in WHOLE:
        near = value + int(generator.integers(-3, 4))
        entry[2] = int(generator.choice([near, value * 2, EDGES[generator.choice(len(EDGES))]], p=[0.3, 0.1, 0.6]))
        entry[2] = max(-(2**63), min(2**63 - 1, entry[2]))
    elif kind == BINARY:
        entry[2] = value[: generator.integers(len(value) + 1)] if generator.random() < 0.5 else generator.bytes(8)
    elif isinstance(value, Listed) and value.items:
        i = generator.choice(len(value.items))
        if generator.random() < 0.5:
            value.items.insert(i, copy.deepcopy(value.items[i]))
        else:
            del value.items[i]


def read(path):
    """Read a file by every way that fitnet has; what came of each."""
    from fitnet.errors import TableError
    from fitnet.tables import StoredColumns, chunks, numeric_columns, read_table

    outcomes = []
    for way in (
        lambda: numeric_columns(read_table(path), ["a", "c", "d"]),
        lambda: [len(chunk) for chunk in chunks(path, ["a", "b", "e"], 10)],
        lambda: StoredColumns(path, ["b", "f"]).read(20, 40),
    ):
        try:
            way()
            outcomes.append("read")
        except TableError:
            outcomes.append("refused")
    return outcomes


def taken(path):
    """What came of reading the file, and by how many bytes of memory the process grew meanwhile at the most."""
    if not CLEAR.exists():  # no Linux: only the limit of addresses holds
        return read(path), 0
    CLEAR.write_text("5")  # the highest so far is what there is now
    before = resident("VmRSS")
    outcomes = read(path)
    return outcomes, resident("VmHWM") - before


def resident(kind):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(kind))


def main(first, count):
    """Read mutants; the last line says what came of them, and before each is its number, lest the process end."""
    sound, outcomes, most = list(sound_files()), Counter(), 0
    os.environ["RUST_BACKTRACE"] = "0"  # the memory of a backtrace is not the file's either
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "t.parquet")
        for data in sound:  # what is loaded once is not the file's
            path.write_bytes(data)
            read(str(path))
        for number in range(first, first + count):
            print(number, flush=True)
            path.write_bytes(mutant(sound[number % len(sound)], np.random.default_rng(number)))
            ends, grown = taken(str(path))
            assert grown <= FILES * path.stat().st_size + ROOM, f"{grown:,} bytes taken"
            outcomes.update(ends)
            most = max(most, grown)
    print("done", outcomes["read"], outcomes["refused"], most)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
