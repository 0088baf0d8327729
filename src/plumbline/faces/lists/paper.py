"""A list on paper: everything the filters leave, up to 500 lines, with what was filtered and when it was printed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from plumbline.kernel import faces, lists, pages
from plumbline.kernel.views import RegisterView

MOST = 500  # lines on paper


class Print(RegisterView):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        asked = faces.asked(self.register, self.actor, request.GET).copy()
        asked.pop(lists.MARK, None)
        page = lists.page(self.register, self.actor, asked, size=MOST)
        choices = lists.filter_choices(self.register, self.actor)
        return self.show(
            "lists/print.html",
            columns=[type(one)(one.title, one.kind) for one in pages.columns(self.register, page, asked)],
            rows=pages.rows(self.register, self.actor, page),
            chips=[(label, value) for label, value, _url in pages.chips(self.register, page, asked, choices)],
            text=page.text,
            counted=pages.counted(page),
            more=page.after is not None,
            most=MOST,
            now=timezone.now(),
            back=f"{self.url('list')}?{asked.urlencode()}",
        )
