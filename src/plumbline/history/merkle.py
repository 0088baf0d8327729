"""The Merkle tree of RFC 9162 (SHA-256): roots, compact ranges, inclusion and consistency proofs."""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """Hash of a leaf (RFC 9162, 2.1.1)."""
    return sha256(b"\0" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node (RFC 9162, 2.1.1)."""
    return sha256(b"\1" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: enough to append and to know the root, in O(log n) space."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks, not {len(self.peaks)}")

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        size, peaks = self.size, self.peaks
        while size & 1:
            leaf = sha256(b"\1" + peaks.pop() + leaf).digest()
            size >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.peaks:
            return EMPTY
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def to_bytes(self) -> bytes:
        """Eight bytes of size, then the peaks from the largest to the smallest."""
        return self.size.to_bytes(8, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, content: bytes | memoryview) -> "Frontier":
        """The frontier that `to_bytes` wrote; raises ValueError on anything else."""
        content = bytes(content)
        if not content:
            return cls()
        if len(content) % 32 != 8:
            raise ValueError("these bytes are not a frontier")
        peaks = [content[at : at + 32] for at in range(8, len(content), 32)]
        return cls(int.from_bytes(content[:8], "big"), peaks)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The path from leaf `index` to the root over these leaf hashes (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"there is no leaf {index} among {len(leaves)}")
    return _path(index, 0, len(leaves), lambda low, high: root_of(leaves[low:high]))


def _path(index: int, low: int, high: int, subtree: Callable[[int, int], bytes]) -> list[bytes]:
    if high - low == 1:
        return []
    middle = low + _split(high - low)
    if index < middle:
        return [*_path(index, low, middle, subtree), subtree(middle, high)]
    return [*_path(index, middle, high, subtree), subtree(low, middle)]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, reached = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            reached = node_hash(step, reached)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            reached = node_hash(reached, step)
        node, last = node >> 1, last >> 1
    return last == 0 and reached == root


def consistency_proof(first: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The proof that the tree over the first leaves is the beginning of the whole (RFC 9162, 2.1.4.1)."""
    if not 0 < first <= len(leaves):
        raise ValueError(f"{first} is not a size between 1 and {len(leaves)}")
    return _growth(first, 0, len(leaves), True, leaves)


def _growth(first: int, low: int, high: int, whole: bool, leaves: Sequence[bytes]) -> list[bytes]:
    if first == high - low:
        return [] if whole else [root_of(leaves[low:high])]
    half = _split(high - low)
    if first <= half:
        return [*_growth(first, low, low + half, whole, leaves), root_of(leaves[low + half : high])]
    return [*_growth(first - half, low + half, high, False, leaves), root_of(leaves[low : low + half])]


def verify_consistency(first: int, second: int, proof: Sequence[bytes], old: bytes, new: bytes) -> bool:
    """Whether the tree of size `first` and root `old` is the beginning of the other (RFC 9162, 2.1.4.2)."""
    if first == second:
        return not proof and old == new
    if not 0 < first < second or not proof:
        return False
    steps = [old, *proof] if first & (first - 1) == 0 else list(proof)
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            after = node_hash(after, step)
        node, last = node >> 1, last >> 1
    return last == 0 and before == old and after == new
