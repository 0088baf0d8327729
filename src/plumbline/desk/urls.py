"""Addresses of the pages across registers."""

from django.urls import path

from . import (
    calendars,
    everything,
    joining,
    library,
    notices,
    people,
    preferences,
    road,
    searching,
    standard,
    start,
    sundry,
    tokens,
    webhooks,
    work,
)
from .designing import pages as designing

outside = [
    path("", start.Index.as_view(), name="index"),
    path("start/", start.Start.as_view(), name="start"),
    path("accounts/join/<str:token>/", joining.Join.as_view(), name="join"),
    path("health/", sundry.health, name="health"),
    path("r/<uuid:uid>/", sundry.Permanent.as_view(), name="permanent"),
]
inside = [
    path("<slug:organisation>/", road.Road.as_view(), name="home"),
    path("<slug:organisation>/road/documents/", designing.SystemDesign.as_view(), name="system-design"),
    path("<slug:organisation>/road/documents/<str:requirement>/", designing.AskedFor.as_view(), name="asked-for"),
    path("<slug:organisation>/my-work/", work.MyWork.as_view(), name="my-work"),
    path("<slug:organisation>/my-work/seen/", work.Seen.as_view(), name="notices-seen"),
    path("<slug:organisation>/my-notices/", notices.Notices.as_view(), name="notices"),
    path("<slug:organisation>/my-notices/calendar/<str:what>/", notices.Key.as_view(), name="calendar-key"),
    path("<slug:organisation>/calendar/<str:token>.ics", calendars.Calendar.as_view(), name="calendar"),
    path(
        "<slug:organisation>/calendar/<str:token>/<slug:register>.ics",
        calendars.Calendar.as_view(),
        name="calendar-register",
    ),
    path("<slug:organisation>/library/", library.Library.as_view(), name="library"),
    path("<slug:organisation>/library/list.<slug:form>", library.MasterList.as_view(), name="library-list"),
    path("<slug:organisation>/library/bound.pdf", library.Bound.as_view(), name="library-bound"),
    path("<slug:organisation>/library/order/", library.Choose.as_view(), name="library-order"),
    path("<slug:organisation>/library/<uuid:uid>/star/", library.Star.as_view(), name="library-star"),
    path("<slug:organisation>/search/", searching.Search.as_view(), name="search"),
    path("<slug:organisation>/standard/", standard.Clauses.as_view(), name="standard"),
    path("<slug:organisation>/standard/load/", standard.Load.as_view(), name="standard-load"),
    path("<slug:organisation>/standard/<str:edition>/<str:clause>/", standard.Clause.as_view(), name="clause"),
    path("<slug:organisation>/people/", people.People.as_view(), name="people"),
    path("<slug:organisation>/people/<str:what>/new/", people.New.as_view(), name="people-new"),
    path("<slug:organisation>/people/<str:what>/<uuid:uid>/", people.Edit.as_view(), name="people-edit"),
    path("<slug:organisation>/people/person/<uuid:uid>/invite/", joining.Invite.as_view(), name="invite"),
    path("<slug:organisation>/settings/programs/", tokens.Programs.as_view(), name="program-tokens"),
    path("<slug:organisation>/my-tokens/", tokens.MyTokens.as_view(), name="my-tokens"),
    path("<slug:organisation>/tokens/<uuid:uid>/end/", tokens.EndToken.as_view(), name="end-token"),
    path("<slug:organisation>/settings/", preferences.Settings.as_view(), name="settings"),
    path("<slug:organisation>/settings/webhooks/", webhooks.Webhooks.as_view(), name="webhooks"),
    path("<slug:organisation>/settings/webhooks/new/", webhooks.New.as_view(), name="webhook-new"),
    path("<slug:organisation>/settings/webhooks/<uuid:uid>/", webhooks.Edit.as_view(), name="webhook"),
    path("<slug:organisation>/settings/webhooks/<uuid:uid>/<slug:what>/", webhooks.Do.as_view(), name="webhook-do"),
    path("<slug:organisation>/settings/everything/", everything.Everything.as_view(), name="everything"),
    path("<slug:organisation>/settings/everything/<uuid:uid>/", everything.Progress.as_view(), name="everything-run"),
    path(
        "<slug:organisation>/settings/everything/<uuid:uid>/company.zip",
        everything.Download.as_view(),
        name="everything-file",
    ),
    path("<slug:organisation>/draft/<str:form>/", sundry.KeepDraft.as_view(), name="draft"),
]
