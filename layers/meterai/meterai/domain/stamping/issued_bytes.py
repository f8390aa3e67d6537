"""Which part of a file is ours, byte for byte: found from the record, before anything is parsed.

The first so many bytes of a file are an issued file if they have its recorded hash. A later
stamping proves an earlier one if it was made on one of its issued files: it only appends.
"""

from collections.abc import Collection, Mapping

from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai


def recorded_sizes(records: Collection[EMeterai], size_bytes: int) -> frozenset[int]:
    """Of the issued files that a file of this size may begin with."""
    sizes = (output.size_bytes for one in records for output in one.outputs)
    return frozenset(size for size in sizes if size is not None and size < size_bytes)


def ours_until(
    records: Collection[EMeterai], sha256: str, size_bytes: int, prefixes: Mapping[int, str]
) -> dict[Serial, int]:
    """By stamping, the byte up to which everything after its own file is ours too. A stamping that
    the file does not prove is left out.

    `prefixes`: the SHA-256 of the first so many bytes, for each of `recorded_sizes`. What follows a
    stamping's file is ours only where another stamping was made on that very file.
    """

    def end_of(output: Output) -> int:
        if output.sha256 == sha256:
            return size_bytes
        size = output.size_bytes
        is_prefix = size is not None and prefixes.get(size) == output.sha256
        return size if size is not None and is_prefix else 0

    # The first e-meterai of a stamping, where it is among them: it alone says what was repaired.
    in_order = sorted(records, key=lambda one: one.serial == one.stamping)
    stampings = {one.stamping: one for one in in_order}
    issued_by = {file.sha256: one.stamping for one in stampings.values() for file in one.outputs}
    ends = {
        name: max(end_of(file) for file in one.outputs)
        for name, one in stampings.items()
        if any(end_of(file) for file in one.outputs)
    }
    for name in sorted(ends, key=lambda name: ends[name], reverse=True):
        end, later = ends[name], stampings[name]
        # A repair writes its document anew, so that it is no prefix of the result.
        while not later.repaired and (earlier := issued_by.get(later.document)) is not None:
            if ends.get(earlier, 0) >= end:
                break
            ends[earlier], later = end, stampings[earlier]
    return ends
