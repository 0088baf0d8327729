"""The organisation's certificate and the PAdES signature of its copies; the key never stands in the database."""

import io
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509 import Certificate
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.translation import gettext as _

from plumbline.kernel.files import sync
from plumbline.ledger.writer import writing
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Organisation

from .facts import Facts, day

FIELD = "Plumbline"
ROOM = 16_384  # bytes kept free for signature and chain


class NotACertificate(Exception):
    """A certificate is not taken; the text says why."""


@dataclass(frozen=True)
class Seal:
    """The certificate that signs copies of one organisation."""

    name: str
    until: datetime

    @property
    def expired(self) -> bool:
        return self.until <= datetime.now(UTC)

    def __str__(self) -> str:
        return _("%(name)s, valid until %(day)s") % {"name": self.name, "day": day(self.until.date())}


def place_of(organisation: UUID) -> Path:
    return Path(settings.PLUMBLINE_KEYS) / f"copies-{organisation}.p12"


def keep(organisation: Organisation, content: bytes, password: str, by: Actor) -> Seal:
    """Keep a PKCS#12 file for signing; the password is not needed again. Raises NotACertificate."""
    key, certificate, chain = _opened(content, password.encode())
    if key is None or certificate is None:
        raise NotACertificate(_("There is no private key with a certificate in this file."))
    seal = _seal(certificate)
    if seal.expired:
        raise NotACertificate(_("This certificate expired on %(day)s.") % {"day": day(seal.until.date())})
    if certificate.not_valid_before_utc > datetime.now(UTC):
        begins = day(certificate.not_valid_before_utc.date())
        raise NotACertificate(_("This certificate is valid only from %(day)s.") % {"day": begins})
    _write(
        place_of(organisation.uid), pkcs12.serialize_key_and_certificates(None, key, certificate, chain, NoEncryption())
    )
    with writing(organisation.uid, by.stamp()) as pen:
        pen.note(
            "certificate", organisation.uid, "organisation", {"subject": seal.name, "until": seal.until.isoformat()}
        )
    return seal


def _opened(content: bytes, password: bytes):
    try:
        return pkcs12.load_key_and_certificates(content, password or None)
    except (ValueError, TypeError) as error:
        said = _("The file cannot be opened: the password is wrong, or it is no PKCS#12 file (.p12, .pfx).")
        raise NotACertificate(said) from error


def _write(place: Path, content: bytes) -> None:
    """For nobody but the server, durable, and never half written."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = place.with_suffix(".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    os.replace(new, place)
    sync(place.parent)


def _seal(certificate: Certificate) -> Seal:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = str(names[0].value) if names else certificate.subject.rfc4514_string()
    return Seal(name, certificate.not_valid_after_utc)


def seal_of(organisation: Organisation) -> Seal | None:
    """The certificate that is kept, expired or not; None when there is none."""
    place = place_of(organisation.uid)
    certificate = pkcs12.load_key_and_certificates(place.read_bytes(), None)[1] if place.exists() else None
    return _seal(certificate) if certificate else None


def sealed(made: bytes, organisation: Organisation, facts: Facts) -> bytes:
    """Signed as PAdES where there is a certificate that is valid today; else as it came."""
    seal = seal_of(organisation)
    if seal is None or seal.expired:
        return made
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, fields, signers

    signer = signers.SimpleSigner.load_pkcs12_data(place_of(organisation.uid).read_bytes(), (), None)
    about = PdfSignatureMetadata(
        field_name=FIELD,
        name=seal.name,
        reason=f"{facts.number} {facts.revision}",
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(made))
    signed = signers.sign_pdf(writer, about, signer, bytes_reserved=ROOM)
    return bytes(signed.getvalue())


def forget(organisation: Organisation, by: Actor) -> None:
    """Remove the certificate and its key from this server; copies are made unsigned from now on."""
    place = place_of(organisation.uid)
    if not place.exists():
        return
    seal = seal_of(organisation)
    place.unlink()
    sync(place.parent)
    with writing(organisation.uid, by.stamp()) as pen:
        pen.note("certificate", organisation.uid, "organisation", {"removed": seal.name if seal else ""})
