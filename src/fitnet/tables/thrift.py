"""Thrift's compact protocol, of which a Parquet file's footer and page headers are: as much as it takes to check them.

A struct is read as a dict from its fields' numbers to their values; what does not fit in the data is a ValueError.
"""

from typing import Any

TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = 1, 2, 3, 7, 8, 9, 10, 11, 12
WHOLE = (4, 5, 6)  # of 16, 32 and 64 bits
DEEPEST = 32  # structs within structs


class Reader:
    """Reads structs from `data`, from `place` on."""

    def __init__(self, data: bytes, place: int = 0) -> None:
        self.data = data
        self.place = place
        self._depth = 0

    def struct(self) -> dict[int, Any]:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ValueError("structs within structs without end")
        fields: dict[int, Any] = {}
        number = 0
        while head := self.byte():
            step, kind = head >> 4, head & 15
            number = number + step if step else self.whole()
            fields[number] = self.value(kind)
        self._depth -= 1
        return fields

    def value(self, kind: int) -> Any:
        if kind in WHOLE:
            return self.whole()
        if kind == BINARY:
            return self.taken(self.varint())
        if kind == STRUCT:
            return self.struct()
        if kind in (LIST, SET):
            return self.listed()
        if kind in (TRUE, FALSE):
            return kind == TRUE
        if kind in (BYTE, DOUBLE):
            return self.taken(1 if kind == BYTE else 8)
        raise ValueError("a kind that Parquet does not use")

    def listed(self) -> list[Any]:
        head = self.byte()
        size, kind = head >> 4, head & 15
        size = self.varint() if size == 15 else size
        if size > len(self.data) - self.place:
            raise ValueError("more items than bytes")
        return [self.value(BYTE if kind in (TRUE, FALSE) else kind) for _ in range(size)]

    def whole(self) -> int:
        number = self.varint()
        return (number >> 1) ^ -(number & 1)

    def varint(self) -> int:
        number = shift = 0
        while True:
            byte = self.byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
            shift += 7
            if shift > 63:
                raise ValueError("a number of more than 64 bits")

    def byte(self) -> int:
        if self.place >= len(self.data):
            raise ValueError("the data end here")
        self.place += 1
        return self.data[self.place - 1]

    def taken(self, count: int) -> bytes:
        if count > len(self.data) - self.place:
            raise ValueError("the data end here")
        self.place += count
        return self.data[self.place - count : self.place]
