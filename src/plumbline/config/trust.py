"""How a tablet comes to trust this server: the page, and the certificate it installs."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from .certificates import authority_file, fingerprint


def authority() -> x509.Certificate | None:
    """The authority of `plumb serve --lan`, if there is one."""
    file = authority_file(Path(settings.PLUMBLINE_KEYS))
    return x509.load_pem_x509_certificate(file.read_bytes()) if file.exists() else None


@login_not_required
@require_safe
def explain(request: HttpRequest) -> HttpResponse:
    """In plain words, by device; the fingerprint is compared with what the server printed."""
    found = authority()
    shown = {"fingerprint": fingerprint(found), "until": found.not_valid_after_utc} if found else {}
    return render(request, "config/trust.html", shown)


@login_not_required
@require_safe
def certificate(request: HttpRequest) -> HttpResponse:
    """The authority's certificate, in the form devices install."""
    found = authority()
    if found is None:
        raise Http404
    answer = HttpResponse(found.public_bytes(Encoding.DER), content_type="application/x-x509-ca-cert")
    answer["Content-Disposition"] = 'attachment; filename="plumbline.crt"'
    return answer


urls = [
    path("trust/", explain, name="trust"),
    path("trust/plumbline.crt", certificate, name="trust-certificate"),
]
