"""Which of Discord's shards a process serves: `0-3/8` are the first four of eight."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards from `first` to `last`, of `count` in all; they are numbered from 0."""

    first: int
    last: int
    count: int

    @classmethod
    def parse(cls, text: str) -> "Shards":
        """From `0-3/8`, or `2/8` for a single one. Raises ValueError with what it should be."""
        found = re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?/([0-9]{1,5})", text)
        if found is None:
            raise ValueError("should be such as 0-3/8: this process's first and last shard, and how many in all")
        first, last, count = int(found[1]), int(found[2] or found[1]), int(found[3])
        if first > last:
            raise ValueError("should have the smaller number first, such as 0-3/8")
        if last >= count:
            raise ValueError(f"counts from 0, so the last shard of {count} is {count - 1}")
        return cls(first, last, count)

    @classmethod
    def all_of(cls, count: int) -> "Shards":
        return cls(0, count - 1, count)

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.last + 1))
