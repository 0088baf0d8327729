"""A SAML identity provider as small as can be: it reads the request and signs an assertion with xmlsec."""

import base64
import datetime
import re
import zlib
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a{id}" Version="2.0"
 IssueInstant="{now}"><saml:Issuer>{issuer}</saml:Issuer><saml:Subject><saml:NameID
 Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">{email}</saml:NameID><saml:SubjectConfirmation
 Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="{id}" NotOnOrAfter="{end}"
 Recipient="{acs}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{begin}" NotOnOrAfter="{end}">
<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="_s{id}"><saml:AuthnContext><saml:AuthnContextClassRef>
urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement><saml:Attribute Name="mail"><saml:AttributeValue>{email}</saml:AttributeValue></saml:Attribute>
</saml:AttributeStatement></saml:Assertion>"""
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r{id}" Version="2.0"
 IssueInstant="{now}" Destination="{acs}" InResponseTo="{id}"><saml:Issuer
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{issuer}</saml:Issuer><samlp:Status><samlp:StatusCode
 Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""

METADATA = """<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{issuer}">
<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing">
<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>{certificate}
</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Location="{sso}"
 Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"/></md:IDPSSODescriptor></md:EntityDescriptor>"""


@dataclass
class Saml:
    """Key and certificate of the provider, and what it answers."""

    issuer: str = "https://idp.example/saml"

    def __post_init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Another key and certificate."""
        self.key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp.example")])
        now = datetime.datetime.now(datetime.UTC)
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self.key.public_key())
        made = made.serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
        self.certificate = made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()

    def answer(self, asked: str, email: str, audience: str, key: rsa.RSAPrivateKey | None = None, late: int = 0) -> str:
        """The signed response to the request in the address that we led to, as it was so many minutes ago."""
        from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
        from onelogin.saml2.utils import OneLogin_Saml2_Utils as Tools

        packed = parse_qs(urlsplit(asked).query)["SAMLRequest"][0]
        request = zlib.decompress(base64.b64decode(packed), -15).decode()
        now = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=late)
        told = {
            "id": re.search(r'\bID="([^"]+)"', request)[1],
            "acs": re.search(r'AssertionConsumerServiceURL="([^"]+)"', request)[1],
            "now": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "begin": f"{now - datetime.timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}",
            "end": f"{now + datetime.timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}",
            "issuer": self.issuer, "email": email, "audience": audience,
        }  # fmt: skip
        pem = (key or self.key).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        signed = Tools.add_sign(
            ASSERTION.format(**told), pem.decode(), self.certificate, sign_algorithm=Names.RSA_SHA256,
            digest_algorithm=Names.SHA256,
        )  # fmt: skip
        text = signed.decode() if isinstance(signed, bytes) else signed
        whole = RESPONSE.format(assertion=re.sub(r"<\?xml[^>]*\?>", "", text), **told)
        return base64.b64encode(whole.encode()).decode()

    def metadata(self, sso: str) -> bytes:
        """What a provider tells of itself."""
        certificate = "".join(self.certificate.strip().splitlines()[1:-1])
        return METADATA.format(issuer=self.issuer, certificate=certificate, sso=sso).encode()
