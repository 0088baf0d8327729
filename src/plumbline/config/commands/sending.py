"""`plumb sending`: whether a company's mails and webhooks go out from here."""

from plumbline.faces.portable import quiet
from plumbline.organisation.actor import Actor

from .finding import organisation_of
from .telling import line, say


def run(organisation: str, on: bool | None, json: bool) -> int:
    """Change it, if that is asked, and tell how it is."""
    company = organisation_of(organisation)
    changed = on is not None and quiet.change(company, on, Actor.installation(company))
    sends = not quiet.is_quiet(company)
    if json:
        line({"organisation": company.slug, "sends": sends, "changed": changed})
    elif sends:
        say(f"{company.name} sends its mails and webhooks from here.")
    else:
        say(f"{company.name} is quiet: no mail and no webhook goes out by itself.")
    return 0
