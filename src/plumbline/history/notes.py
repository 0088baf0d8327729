"""Signed heads in C2SP formats: signed-note (Ed25519), tlog-checkpoint, tlog-proof; others' programs can check them."""

import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
PROOF = "c2sp.org/tlog-proof@v1"


class BadNote(ValueError):
    """A note, checkpoint or proof that is malformed, or that no trusted key has signed."""


@dataclass(frozen=True)
class Verifier:
    """A name and the public key that may sign under it."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or any(character.isspace() for character in self.name):
            raise BadNote(f"{self.name!r} cannot name a key: no spaces, no plus")

    @property
    def key_id(self) -> bytes:
        """Four bytes by which a signature line is matched to its key (C2SP signed-note)."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The verifier key as C2SP signed-note and Go's sumdb/note spell it."""
        return f"{self.name}+{self.key_id.hex()}+{_spell(ED25519 + self.public)}"

    @classmethod
    def from_text(cls, text: str) -> "Verifier":
        """The verifier of a key text; raises BadNote."""
        name, _, rest = text.strip().partition("+")
        key_id, _, key = rest.partition("+")
        content = _read(key)
        verifier = cls(name, content[1:])
        if content[:1] != ED25519 or len(content) != 33 or verifier.key_id.hex() != key_id:
            raise BadNote("this is not an Ed25519 verifier key")
        return verifier

    def accepts(self, text: str, signature: bytes) -> bool:
        """Whether this key signed the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """The private key of a log; it signs under the name it is given."""

    private: Ed25519PrivateKey

    @classmethod
    def create(cls, path: Path) -> "SigningKey":
        """Make a key in a new file that only its owner may read (0600); raises FileExistsError."""
        private = Ed25519PrivateKey.generate()
        content = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return cls(private)

    @classmethod
    def load(cls, path: Path) -> "SigningKey":
        """The key in a file; raises FileNotFoundError, or BadNote where it is not an Ed25519 key."""
        try:
            private = serialization.load_pem_private_key(path.read_bytes(), None)
        except (ValueError, TypeError) as error:
            raise BadNote(f"{path} holds no private key: {error}") from error
        if not isinstance(private, Ed25519PrivateKey):
            raise BadNote(f"{path} holds no Ed25519 key")
        return cls(private)

    def verifier(self, name: str) -> Verifier:
        """What others need to check this key's signatures under a name."""
        encoding, form = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        return Verifier(name, self.private.public_key().public_bytes(encoding, form))

    def sign(self, text: str, name: str) -> str:
        """The text as a signed note; the text ends with a line feed."""
        if not text.endswith("\n"):
            raise BadNote("the text of a note ends with a line feed")
        signature = self.verifier(name).key_id + self.private.sign(text.encode())
        return f"{text}\n\u2014 {name} {_spell(signature)}\n"


@dataclass(frozen=True)
class Checkpoint:
    """A tree head as C2SP tlog-checkpoint spells it."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{_spell(self.root)}\n"

    @classmethod
    def from_text(cls, text: str) -> "Checkpoint":
        """The head in a checkpoint's text (extension lines are passed over); raises BadNote."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not lines[0] or not (lines[1].isascii() and lines[1].isdigit()):
            raise BadNote("this is not a checkpoint")
        size, root = int(lines[1]), _read(lines[2])
        if str(size) != lines[1] or len(root) != 32:
            raise BadNote("this is not a checkpoint")
        return cls(lines[0], size, root)


def open_note(note: str, verifiers: Iterable[Verifier]) -> str:
    """The text of a note that at least one of the keys has signed; raises BadNote."""
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise BadNote("this is not a signed note")
    text, known, signed = text + "\n", {(one.name, one.key_id): one for one in verifiers}, False
    for line in signatures[:-1].split("\n"):
        dash, name, spelled = [*line.split(" "), "", ""][:3]
        content = _read(spelled)
        if dash != "\u2014" or not name or len(content) < 5:
            raise BadNote("this is not a signed note")
        verifier = known.get((name, content[:4]))
        if verifier and not verifier.accepts(text, content[4:]):
            raise BadNote(f"the signature of {name} does not fit the text")
        signed = signed or verifier is not None
    if not signed:
        raise BadNote("no trusted key has signed this note")
    return text


def tlog_proof(index: int, path: Iterable[bytes], checkpoint: str) -> str:
    """A C2SP tlog-proof: the leaf's index, its path to the root, and the signed checkpoint."""
    return f"{PROOF}\nindex {index}\n{''.join(_spell(step) + chr(10) for step in path)}\n{checkpoint}"


def read_proof(proof: str) -> tuple[int, list[bytes], str]:
    """Index, path and signed checkpoint of a tlog-proof; raises BadNote."""
    head, gap, checkpoint = proof.partition("\n\n")
    lines = head.split("\n")
    if not gap or lines[0] != PROOF or len(lines) < 2 or not lines[1].startswith("index "):
        raise BadNote("this is not a tlog-proof")
    index = lines[1].removeprefix("index ")
    if not (index.isascii() and index.isdigit()):
        raise BadNote("this is not a tlog-proof")
    return int(index), [_read(line) for line in lines[2:]], checkpoint


def _spell(content: bytes) -> str:
    return b64encode(content).decode()


def _read(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError) as error:
        raise BadNote(f"{text!r} is not base64") from error
