"""`plumb certificate`: the certificate that signs an organisation's controlled copies."""

import os
from pathlib import Path

from plumbline.organisation.actor import Actor
from plumbline.registers.support.documents.copies import sealing

from .finding import organisation_of
from .telling import Refused, say

LARGEST = 1 << 20  # bytes; a PKCS#12 file has a few thousand


def run(organisation: str, file: Path | None, password_env: str) -> int:
    """Keep the certificate in the keys folder; without a file, say which one there is."""
    found = organisation_of(organisation)
    if file is None:
        seal = sealing.seal_of(found)
        say(str(seal) if seal else "There is no certificate: copies are not signed.")
        return 0
    if file.stat().st_size > LARGEST:
        raise Refused(f"{file.name} is too large to be a PKCS#12 file.")
    if password_env and password_env not in os.environ:
        raise Refused(f"The variable {password_env} is not set: it holds the password of {file.name}.")
    password = os.environ.get(password_env, "") if password_env else ""
    try:
        seal = sealing.keep(found, file.read_bytes(), password, Actor.installation(found))
    except sealing.NotACertificate as error:
        raise Refused(str(error)) from None
    say(f"Copies of {found.slug} are signed from now on: {seal}.")
    return 0
