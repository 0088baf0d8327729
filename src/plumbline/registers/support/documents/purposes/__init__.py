"""What the pages are for that only documents and their revisions have."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ..moving import MOVES

DOCUMENT: dict[str, Any] = {
    "bring-in": _("Brings in the documents you have already: drop the files, and look over what was recognised."),
    "review": _("What was recognised in the files you brought in: confirm it, correct it, or leave a file out."),
    "kinds": _("How you handle each kind of document: its numbers, who approves it, how long it is kept."),
    "kind": _("The rules of this kind of document; they count for what is made from now on."),
    "kind-new": _("Add a kind of document of your own."),
    "copies": _("How copies look: the certificate that signs them, and the mark across printed ones."),
    "labels": _("A sheet of labels with QR codes, to stick on folders and machines."),
    "paper-copies": _("The numbered paper copies of this document: where each hangs, and which to call back."),
    "ask": _("Ask for a change: what is wrong or missing, and why. Whoever answers for the document decides."),
    "redline": _("Two revisions in one text: what was added, and what went."),
    "revision": _("The content of this revision."),
    "text": _("What the file says, as text, to read and search."),
    "alert": _("A quality alert: in force today, read today, and over by itself on its last day."),
    "distribution": _("Who gets this document, and who has to confirm that they read it."),
    "keep": _("The document was looked through and stays as it is; the next date is set."),
    "outside": _("Where this document comes from, its edition, who watches it, and when it is checked next."),
}
REVISION: dict[str, Any] = {
    **{
        f"move-{verb}": _("This step is taken for good, with your name; it asks only for what it needs.")
        for verb in MOVES
    },
    "write": _("Write here. What you type is kept while you write; nobody else sees it before you save."),
    "content": _("The content as readers see it."),
    "shown": _("The content as readers see it."),
    "passages": _("Read, mark a passage and say what you think of it; remarks are settled before approval."),
    "word": _("Take the text to Word, and bring it back as the same draft."),
    "references": _("Documents and requirements to point to."),
    "sign-review": _("Say that you have read it and agree. Your name stands under it."),
    "sign-approve": _("Approve it with your signature. What you sign is what you see here."),
    "sign-change": _("Sends it back to who wrote it, with your reason; everything said so far is kept."),
    "put_into_force": _("Choose the day from which people work by this revision, and where."),
    "roll_out": _("Put this revision into force at one more place."),
    "read": _("Read it, then confirm it with your name, before the day it comes into force."),
    "group": _("One tablet, several names: each confirms the reading for themselves."),
    "paper": _("Bring in the list that was signed on paper."),
    "quiz": _("A few questions that show whether the new way of working was understood."),
    "training": _("Note who was trained in this change, when, by whom, and how it was judged that they can do it."),
    "unread": _("Who has not yet read, or not been trained in, what they need for their work, and since when."),
}
