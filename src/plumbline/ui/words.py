"""The sentences our scripts say to the reader, translated where all others are, and what fields are called."""

from functools import lru_cache
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def label_of(model: type[models.Model], name: str) -> str:
    """Returns what a field is called, in the reader's language."""
    return _label(model, name, get_language() or "")


@lru_cache(maxsize=4096)
def _label(model: type[models.Model], name: str, _language: str) -> str:
    field: Any = model._meta.get_field(name)
    return capfirst(str(field.verbose_name))


def script_words() -> dict[str, str]:
    """Returns the sentences by the name under which the scripts look them up; {x} is filled in by the script."""
    return {
        "saving": _("Saving …"),
        "saved": _("Saved {time}"),
        "retrying": _("Not saved yet. Trying again …"),
        "refused": _("Not saved: please check this field."),
        "conflict": _(
            "Somebody else changed this meanwhile. Reload the page to see it; your text stays here until then."
        ),
        "signed_out": _("You have been signed out. Sign in again in another tab; your text stays here."),
        "leave": _("There are changes that are not saved yet."),
        "sending": _("Sending {n} of {total}"),
        "sent": _("{n} of {total} files sent"),
        "failed": _("{n} could not be sent"),
        "waiting": _("waiting"),
        "busy": _("sending"),
        "done": _("sent"),
        "refused_file": _("refused"),
        "refused_files": _("{n} refused"),
        "again": _("Try again"),
        "no_network": _("no connection"),
        "copied": _("Copied"),
        "passkey_failed": _("The passkey did not answer. Try again, or take another way."),
        "passkey_there": _("This device has a passkey of your account already. Sign in with that one."),
        "passkey_unable": _("This browser knows no passkeys here: it needs an address with https."),
        "nothing_here": _("No files found in what you dropped."),
        "preview": _("Preview of {name}"),
        **_kept_words(),
        **_scan_words(),
        **_photo_words(),
        "theme_light": _("Switch to light colours"),
        "theme_dark": _("Switch to dark colours"),
    }


def _kept_words() -> dict[str, str]:
    """What is said of forms that wait for the network."""
    return {
        "held": _("No network. What you wrote stays here and is sent when there is one: leave this page open."),
        "later_report": _("Report a problem"),
        "later_waits": _("{n} kept on this device, sent when the network is back"),
        "later_sent": _("Sent: {title}"),
        "later_look": _("Look at it"),
        "later_refused": _("“{title}” was sent and not taken."),
        "later_open": _("Open it again"),
        "later_sign_in": _("Sign in, so that what is kept on this device can be sent."),
        "later_enter": _("Sign in"),
        "later_show": _("Show"),
        "later_now": _("Send now"),
        "later_drop": _("Discard"),
        "later_sure": _("Discard for good"),
        "later_begun": _("not sent yet"),
        "later_begun_here": _("{n} begun on this device and not sent yet"),
        "later_back": _("What you typed is put back, and not sent yet."),
        "later_not_taken": _("was not taken"),
        "later_gone": _("What it belongs to is not there, or not open to you, any more."),
        "later_stays": _(
            "{n} kept on this device for you. It stays here, for you alone, until you sign in here again."
        ),
        "later_leave": _("Sign out all the same"),
        "later_no_room": _("No network, and this device keeps nothing: copy your text before you leave."),
    }


def _photo_words() -> dict[str, str]:
    """What is said of photos and files that were chosen."""
    return {
        "gather_out": _("Take out"),
        "gather_out_of": _("Take out {name}"),
        "gather_heic": _(
            "HEIC: it is kept as it is, but many browsers and the report cannot show it. On an iPhone choose "
            "Settings, Camera, Formats, “Most Compatible”."
        ),
    }


def _scan_words() -> dict[str, str]:
    """What the panel “Scan a label” says."""
    return {
        "scan_asking": _("Asking for the camera …"),
        "scan_hold": _("Hold the code of the label into the frame."),
        "scan_opening": _("Read. It is being opened …"),
        "scan_read": _("Read."),
        "scan_waits": _("Read. There is no network: it opens as soon as there is. Leave this open."),
        "scan_foreign": _("This is no label of this Plumbline. Nothing was opened. It says:"),
        "scan_search": _("Search for this text"),
        "scan_page": _("This is no label; it leads to another page of this Plumbline:"),
        "scan_page_open": _("Open that page"),
        "scan_badge": _("This is a badge to sign in with, no label. What stands on it is not shown."),
        "scan_looking": _("Looking at the photo …"),
        "scan_nothing": _("There is no code to read in this photo. Take it from nearer, with the whole code on it."),
        "scan_no_photo": _("This browser cannot show this file as a photo. Take a JPEG or a PNG."),
        "scan_heic": _("This browser cannot show photos of this kind (HEIC). Save it as JPEG, or take it anew."),
        "scan_insecure": _("The browser gives the camera only to an address with https."),
        "scan_refused": _("The browser may not use the camera here: allow it in the settings of this page."),
        "scan_none": _("This device has no camera that could be used."),
        "scan_busy": _("The camera is used by another program."),
        "scan_otherwise": _("Choose a photo of the label, or type its number."),
        "scan_unseen": _("Read, but there is no record of this label that you may see."),
        "scan_linked_later": _("Read. Its name is not known without network; it is linked when this is sent."),
        "scan_missing": _("The scanner could not be fetched: there is no network."),
    }


def writing_words() -> dict[str, str]:
    """Returns what the scripts of written documents say, by the name under which they look it up."""
    return {
        "unsaved": _("Not saved yet"),
        "words": _("{n} words"),
        "one_place": _("1 place to fill in"),
        "places": _("{n} places to fill in"),
        "place_empty": _("to be filled in"),
        "no_value": _("not stated yet"),
        "nothing_found": _("Nothing found."),
        "no_search": _("The search did not answer. Try again."),
        "bad_link": _(
            "A link is an address such as https://example.org, an e-mail address or a path of this installation."
        ),
        "sending": _("Sending"),
        "picture_refused": _("{name} was not taken: {reason}"),
        "picture_failed": _("{name} could not be sent. Check the connection and insert it again."),
        "pictures_left": _("{n} pictures were not pasted, because they lie elsewhere: insert them as files."),
        "unreadable": _("This text cannot be shown here and is left as it is. Tell whoever looks after Plumbline."),
        "remark": _("Remark {n}"),
        "remark_closed": _("Remark {n}, settled"),
    }
