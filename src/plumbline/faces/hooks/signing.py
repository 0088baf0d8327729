"""Signatures of Standard Webhooks 1.0: HMAC-SHA256 over id, time and body, with a secret shared beforehand."""

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret of 32 random bytes in the form that the specification's libraries take."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed(secret: str, identity: str, at: int, body: bytes) -> str:
    """The signature, “v1,…”; `at` in seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    made = hmac.new(key, f"{identity}.{at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(made).decode()}"


def headers(all_secrets: list[str], identity: str, at: int, body: bytes) -> dict[str, str]:
    """The three headers; more than one secret while an old one still holds."""
    return {
        "webhook-id": identity,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signed(one, identity, at, body) for one in all_secrets),
        "content-type": "application/json",
        "user-agent": "Plumbline",
    }
