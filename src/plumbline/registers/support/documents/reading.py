"""Read and understood: who is asked, who confirmed, and how."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from plumbline.kernel import actions, duties
from plumbline.organisation.actor import Actor
from plumbline.organisation.models import Person, RoleHolding, here

from .models import Reading, Recipient, Revision


def recipients(revision: Revision, by: Actor, reads: bool = True) -> QuerySet[Person]:
    """The people its document goes to (and who confirm that they read it), as the organisation is today."""
    today, who = by.organisation.today(), Q(pk=None)
    everybody = Person.objects.filter(here(today), organisation=by.organisation).order_by("name")
    held = RoleHolding.current(today).filter(organisation=by.organisation)
    rows = Recipient.objects.filter(record_id=revision.of_document_id, ended=False)
    for one in rows.filter(reads=True) if reads else rows:
        if one.role == "member":
            return everybody
        if one.person_id:
            who |= Q(pk=one.person_id)
        elif one.department_id:
            who |= Q(department=one.department_id)
        elif one.site_id:
            who |= Q(site=one.site_id)
        elif one.process_id:
            who |= Q(pk__in=held.filter(process=one.process_id).values("person"))
        elif one.role:
            who |= Q(pk__in=held.filter(role=one.role).values("person"))
    return everybody.filter(who)


def ask(revision: Revision, by: Actor) -> None:
    """Everybody on the distribution list is asked, once, to be done before it is in force."""
    if not revision.rules.reads:
        return
    asked = set(Reading.objects.filter(record_id=revision.uid).values_list("person", flat=True))
    for person in recipients(revision, by):
        if person.uid not in asked:
            due = revision.read_by or revision.effective_on
            actions.create(Reading, by=by, record=revision, person=person, due=due)


def end(revision: Revision, by: Actor, because: str) -> None:
    """Nobody is asked any more who did not confirm yet."""
    for reading in Reading.objects.filter(record_id=revision.uid, read_at=None, ended_because=""):
        actions.edit(reading, by=by, ended_because=because)


def confirm(reading: Reading, by: Actor, how: str = Reading.How.OWN) -> Reading:
    """This person read and understood it; another than themselves is the witness."""
    witness = by.person if reading.person_id != by.uid else None
    reading = actions.edit(reading, by=by, read_at=timezone.now(), how=how, witness=witness)
    duties.done(reading.record_id, reading.person_id, "read")
    return reading
