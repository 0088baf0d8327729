"""What the pages are for that only audits have."""

from typing import Any

from django.utils.translation import gettext_lazy as _

AUDIT: dict[str, Any] = {
    "plan": _("Who audits what, and when: areas, team and timetable."),
    "checklist": _("The areas of this audit and how far each one is."),
    "area": _("Ask, listen, look, and write down what you saw; every answer is kept as you leave it."),
    "gaps": _("What is missing, brought together into tasks with somebody who does them."),
    "report": _("The report as it stands, to read and to sign."),
    "close": _("Closes the audit: the report is signed, and findings become work."),
}
