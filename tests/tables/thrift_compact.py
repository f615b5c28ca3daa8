"""Thrift's compact protocol, in which Parquet writes its footer and its page headers: to a tree and back.

A struct is a list of [field, kind, value], a list is a `Listed`; whole numbers are int, everything else is bytes.
"""

from dataclasses import dataclass

TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, SET, STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
WHOLE = (4, 5, 6)  # of 16, 32 and 64 bits


@dataclass
class Listed:
    """A list: the kind of its items, and the items."""

    kind: int
    items: list


class Reader:
    """Reads values from `data`, from `place` on."""

    def __init__(self, data, place=0):
        self.data, self.place = data, place

    def take(self, count):
        if count < 0 or self.place + count > len(self.data):
            raise ValueError("the data end here")
        self.place += count
        return self.data[self.place - count : self.place]

    def varint(self):
        number, shift = 0, 0
        while True:
            (byte,) = self.take(1)
            number |= (byte & 127) << shift
            if byte < 128:
                return number
            shift += 7

    def value(self, kind):
        if kind in WHOLE:
            number = self.varint()
            return (number >> 1) ^ -(number & 1)
        if kind in (LIST, SET):
            return self.listed()
        if kind == STRUCT:
            return self.struct()
        if kind == BINARY:
            return bytes(self.take(self.varint()))
        return bytes(self.take({TRUE: 0, FALSE: 0, BYTE: 1, DOUBLE: 8}[kind]))

    def struct(self):
        fields, last = [], 0
        while (head := self.take(1)[0]) != 0:
            step, kind = head >> 4, head & 15
            last = last + step if step else self.value(4)
            fields.append([last, kind, self.value(kind)])
        return fields

    def listed(self):
        head = self.take(1)[0]
        size, kind = head >> 4, head & 15
        size = self.varint() if size == 15 else size
        kind_read = BYTE if kind in (TRUE, FALSE) else kind
        return Listed(kind, [self.value(kind_read) for _ in range(size)])


def varint(number):
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    return bytes([*written, number])


def written(kind, value):
    """The bytes of a value."""
    if kind in WHOLE:
        return varint(((value << 1) ^ (value >> 63)) & (2**64 - 1))
    if kind in (LIST, SET):
        size = len(value.items)
        head = bytes([size << 4 | value.kind]) if size < 15 else bytes([240 | value.kind]) + varint(size)
        kind_written = BYTE if value.kind in (TRUE, FALSE) else value.kind
        return head + b"".join(written(kind_written, item) for item in value.items)
    if kind == STRUCT:
        return struct_bytes(value)
    return varint(len(value)) + value if kind == BINARY else value


def struct_bytes(fields):
    data, last = bytearray(), 0
    for field, kind, value in fields:
        step = field - last
        data += bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + written(4, field)
        data += written(kind, value)
        last = field
    return bytes(data) + b"\0"
