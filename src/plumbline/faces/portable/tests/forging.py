"""ZIPs as an enemy or a bad disk would leave them."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from plumbline.faces.portable import form
from plumbline.history.notes import SigningKey, Verifier

Change = Callable[[bytes], bytes | None]


def rewritten(path: Path, **changes: Change) -> Path:
    """The ZIP with some parts changed (None: left out), its manifest as it was; names spell / as __ and . as _dot_."""
    wanted = {name.replace("__", "/").replace("_dot_", "."): change for name, change in changes.items()}
    forged = path.with_name("forged.zip")
    forged.unlink(missing_ok=True)
    with ZipFile(path) as old, ZipFile(forged, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content: bytes | None = old.read(entry)
            if entry.filename in wanted:
                content = wanted[entry.filename](content or b"")
            if content is not None:
                new.writestr(ZipInfo(entry.filename), content, ZIP_DEFLATED)
    return forged


def resigned(path: Path, parts: dict[str, Change], told: Callable[[dict], None] = lambda told: None) -> Path:
    """The same by somebody with a key of his own: manifest and signature fit; `told` may change what it claims."""
    key = SigningKey.create(path.with_name(f"enemy-{uuid4()}"))
    forged = path.with_name("forged.zip")
    forged.unlink(missing_ok=True)
    with ZipFile(path) as old, ZipFile(forged, "w", ZIP_DEFLATED) as new:
        manifest = json.loads(old.read(form.MANIFEST))
        for name in manifest["members"] | dict.fromkeys(parts):
            content = old.read(name) if name in manifest["members"] else b""
            content = parts[name](content) if name in parts else content
            manifest["members"].pop(name, None)
            if content is not None:
                manifest["members"][name] = [len(content), sha256(content).hexdigest()]
                new.writestr(ZipInfo(name), content, ZIP_DEFLATED)
        origin = manifest["log"]["origin"]
        manifest["keys"].append(key.verifier(origin).text)
        told(manifest)
        spelled = json.dumps(manifest).encode()
        new.writestr(form.MANIFEST, spelled)
        new.writestr(form.SEAL, key.sign(form.seal_text(origin, sha256(spelled).hexdigest()), origin))
    assert Verifier.from_text(manifest["keys"][-1])
    return forged


def lines(change: Callable[[dict], dict | None]) -> Change:
    """A change of each JSON line of a part; None leaves it out."""

    def changed(content: bytes) -> bytes:
        told = [change(json.loads(line)) for line in content.splitlines()]
        return b"".join(json.dumps(one).encode() + b"\n" for one in told if one is not None)

    return changed
