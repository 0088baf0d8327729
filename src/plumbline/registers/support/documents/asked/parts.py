"""The rows that belong to a document and to a revision, asked for with their record's other rows."""

from plumbline.kernel.models import RequirementLink
from plumbline.ledger.together import Wanted

from ..models import PaperCopy, Reading, Recipient, Remark, Step, Validity

PLACES = ("process__name", "site__name")
OF_DOCUMENT = {
    "requirements": Wanted(RequirementLink),
    "spans": Wanted(Validity, PLACES, by="document", newest="from_on"),
    "recipients": Wanted(Recipient, ("person__name", "department__name", *PLACES), {"ended": False}),
    "paper_copies": Wanted(PaperCopy, ("holder__name", "revision__revision_no"), {"back_on": None}),
}
OF_REVISION = {
    "remarked": Wanted(Remark),
    "turns": Wanted(Step, ("person__name", "deputy__name", "decided_by__name")),
    "readings": Wanted(Reading, ("person__name", "person__department__name", "witness__name", "sees_to_it__name")),
}
