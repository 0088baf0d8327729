"""Around every request: reads cannot write."""

from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

READS = {"GET", "HEAD", "OPTIONS"}
COMES_BACK = ("/accounts/oidc/", "/accounts/saml/")  # a provider sends the browser back with a GET, which signs in


class ReadOnlyReads:
    """A GET writes nothing: the database itself refuses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        returns = request.path_info.startswith(COMES_BACK)
        if request.method not in READS or connection.in_atomic_block or returns:
            return self.get_response(request)
        bool(request.user.is_authenticated)  # asked here: a session that ended with its password is deleted now
        if connection.vendor == "sqlite":
            return self._query_only(request)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            return self.get_response(request)

    def _query_only(self, request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only=ON")
        try:
            return self.get_response(request)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA query_only=OFF")
