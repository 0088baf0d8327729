"""What each page is for, in a sentence or two, by the name of its route; the question mark shows it."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from plumbline.kernel.register import by_slug

ACROSS: dict[str, Any] = {
    "home": _(
        "The stages on the way to the certificate: what is done, what is missing, and the link to the next step."
    ),
    "system-design": _(
        "The documents the standard asks for and the initial audit missed: write them, or say why one is not needed."
    ),
    "asked-for": _(
        "One requirement that asks for something in writing: what an auditor expects, and which document answers it."
    ),
    "my-work": _("What waits for you, the most urgent first, and what happened since you were here last."),
    "notices": _("What you are told of, when, and whether by mail; and your due dates as a calendar for your phone."),
    "library": _("The documents people work by: find the current one, or what was valid on any day."),
    "library-listing": _("The list of all documents in force is laid out as PDF; you can go on working meanwhile."),
    "library-binding": _("The documents you chose are put together as one PDF; you can go on working meanwhile."),
    "library-order": _("Choose the documents of the book and their order before it is made."),
    "search": _(
        "Finds records, documents, what files say, requirements, people and pages. Slips of the finger are forgiven."
    ),
    "standard": _("Every clause of the standard, with what you have that speaks to it."),
    "standard-load": _("Brings in another standard, or your licensed text of one, as a table."),
    "clause": _("What this clause asks, in plain words, and which documents and records answer it."),
    "people": _("Who works here, in which role, at which sites and in which departments."),
    "people-new": _("Enter a person, a place or a role once; everything else then points here."),
    "people-edit": _("Change this entry. Nothing is deleted: who leaves gets a last day."),
    "settings": _("How your organisation works: its name, its languages, its numbers, what is shown."),
    "own-fields": _("Choose a register to add your own fields to: what you write down beyond what it asks."),
    "own-fields-of": _("Your own fields of this register; they appear in forms, lists, exports and the API."),
    "own-field-new": _(
        "Add a field of your own: its name, what kind of value it takes, and whether it must be filled in."
    ),
    "own-field": _("Change how this field is called and asked. What was entered stays."),
    "directory": _("Lets your directory keep the people here: its token, what its groups give, what it was refused."),
    "devices": _(
        "Tablets and computers in the hall at which people without e-mail sign in: bind one, see its last use, "
        "unbind it."
    ),
    "device-new": _("Name and place of a tablet in the hall; then the link that binds it."),
    "at-devices": _("How one person signs in at shared devices: give a first PIN, give and take back badges."),
    "entry": _("Decides how strongly people prove who they are before they see your organisation."),
    "webhooks": _("Other programs are told here what happens, within a minute; nothing confidential is ever told."),
    "webhook-new": _("Name a program's address, and choose what it is told."),
    "webhook": _("One program that is told: what was sent, what failed, and its secret."),
    "program-tokens": _("Lets a program, such as an ERP, read and write here under a name of its own."),
    "my-tokens": _("Lets a program of yours read and write here in your name, as far as you may."),
    "everything": _("Takes the whole company out as one file: records, files, history and proofs, in open formats."),
    "everything-run": _("Your export is being made; you can leave this page and come back."),
}
ACCOUNT: dict[str, Any] = {
    "index": _("Choose the organisation you want to work in."),
    "start": _("Five questions make your organisation and choose what you are shown."),
    "join": _("You were invited: choose a password, and you are in."),
    "stop-mails": _("Stops the mails from one organisation, without signing in, and begins them again."),
    "permanent": _("Says whether the paper in your hand is still current."),
    "offline": _("There is no network. What you typed is kept and sent when it is back."),
    "trust": _("How this device learns to trust the server in your house."),
    "api-docs": _("What programs can read and write here, address by address."),
    "account_login": _("Sign in with the e-mail address you were invited with."),
    "device": _("Whoever has a badge or a PIN says here who they are; the next person can do the same."),
    "device-pin": _("Four to eight digits, at this device only. Each wrong try makes the wait longer."),
    "device-new-pin": _("The first PIN was seen by others; from here on nobody knows it but you."),
    "device-bind": _("Makes this browser a shared device of the organisation."),
    "account_logout": _("Leaves Plumbline on this device."),
    "account_inactive": _("Your account is closed. Your quality manager can open it again."),
    "account_reauthenticate": _("Show once more that it is you, before something that matters."),
    "account_change_password": _("Choose a new password. You stay signed in here."),
    "account_set_password": _("Choose a password for your account."),
    "account_reset_password": _("Sends you a letter with a link to choose a new password."),
    "account_reset_password_done": _("The letter is on its way; it holds a link."),
    "account_reset_password_from_key": _("Choose a new password; then sign in with it."),
    "account_reset_password_from_key_done": _("Your new password counts from now on."),
    "security": _("How you prove that it is you, and where you are signed in."),
    "entry-needed": _("Your organisation asks for more before you come in; do it here."),
    "mfa_authenticate": _("The second step of signing in: the code of your app, or a recovery code."),
    "mfa_reauthenticate": _("Show once more that it is you, with a code."),
    "mfa_reauthenticate_webauthn": _("Show once more that it is you, with your passkey."),
    "mfa_activate_totp": _("Adds an app on your phone that shows a code for signing in."),
    "mfa_deactivate_totp": _("Takes the authenticator app away from your account."),
    "mfa_add_webauthn": _("Adds a passkey: this device, or a key you carry, then signs you in."),
    "mfa_edit_webauthn": _("Gives this passkey a name you recognise."),
    "mfa_remove_webauthn": _("Takes this passkey away from your account."),
    "mfa_view_recovery_codes": _("Codes for the day your phone is gone. Keep them on paper."),
    "mfa_generate_recovery_codes": _("Makes new recovery codes; the old ones stop working."),
    "provider-directory": _("Connects your account with your company's directory."),
    "provider-prove": _("This address has an account already: its password shows that both are you."),
    "socialaccount_login_cancelled": _("Signing in was broken off. Nothing happened; try again."),
    "socialaccount_login_error": _("Signing in did not work. Nothing happened; try again."),
}
USUAL: dict[str, Any] = {  # pages that every register has; beside them stands what the register itself is for
    "list": "",
    "record": _("Everything about this one: what it says, its files, who did what, and the next step."),
    "new": _("Enter what you know now. What you type is kept while you write; the rest can follow."),
    "edit": _("Change what is written here. The history keeps what stood there before."),
    "timeline": _("Who did what, and when, from the first day on."),
    "act": _("This step is taken for good, with your name; it asks only for what it needs."),
    "columns": _("Choose what the list shows; it counts for you alone."),
    "views": _("Lists you have saved: your own, and those that colleagues share."),
    "view": _("Change the name of this saved list, who sees it, or remove it."),
    "view-new": _("Keeps the list as you narrowed it, under a name of its own."),
    "print": _("The list as it is now, laid out for paper."),
    "many": _("One step for all the records you ticked: who cannot take it is named with the reason."),
    "many-done": _("What became of the records you ticked."),
    "export-choose": _("Takes this list out as a table for Excel or any other program."),
    "export-run": _("Your table is being made; you can leave this page and come back."),
    "import": _("Brings records in from a table. Nothing is saved before you have seen what would happen."),
    "import-run": _("Line by line what would happen, or did; mistakes are named, and all of it can be undone."),
}


def of(request: HttpRequest) -> list[str]:
    """The sentences for the page that was asked for; none where nobody wrote any."""
    route = request.resolver_match
    if route is None:
        return []
    register, name = by_slug(route.namespace), route.url_name or ""
    if register is None:
        return [str(words) for words in (ACROSS.get(name) or ACCOUNT.get(name),) if words]
    own = register.purposes.get(name, USUAL.get(name))
    return [str(words) for words in (own, register.purpose) if words]


def named(route_name: str) -> bool:
    """Whether somebody wrote down what the page of this name, such as “actions:list”, is for."""
    slug, _colon, name = route_name.rpartition(":")
    register = by_slug(slug)
    if register is None:
        return bool(ACROSS.get(name) or ACCOUNT.get(name))
    return bool(register.purpose) and (name in USUAL or bool(register.purposes.get(name)))
