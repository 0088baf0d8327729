"""A request that is sent again with the same idempotency key is done once and answered as the first time."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.ledger.heads import signed_afterwards

from .entry import caller_of
from .models import Answered
from .problems import Refused

HEADER = "Idempotency-Key"
KEPT = timedelta(days=2)


def once(request: HttpRequest, sent: Any, work: Callable[[], tuple[int, dict]]) -> tuple[int, dict]:
    """The answer of the work, or of the first time it was done with this key; a refusal is no answer and is not kept.

    The row with the key comes first: whoever sends it twice at once waits there for the first to be committed.
    """
    key = request.headers.get(HEADER, "")
    if not key:
        return work()
    if len(key) > 255 or not key.isprintable():
        raise Refused(422, _("An idempotency key has at most 255 signs."), errors={HEADER: [_("It is too long.")]})
    token, asked = caller_of(request).token, _digest(request, sent)
    Answered.objects.filter(at__lt=timezone.now() - KEPT).delete()  # of any token: what was told is not kept for long
    try:
        with signed_afterwards(), transaction.atomic():
            with transaction.atomic():
                row = Answered.objects.create(token=token, key=key, asked=asked)
            row.status, row.answer = work()
            row.save(update_fields=["status", "answer"])
            return row.status, row.answer
    except IntegrityError:
        first = Answered.objects.filter(token=token, key=key).first()
        if first is None:  # it was the work that contradicted something
            raise
    if first.asked != asked:
        said = _("This idempotency key was used for another request.")
        raise Refused(422, said, errors={HEADER: [said]})
    return first.status, first.answer


def _digest(request: HttpRequest, sent: Any) -> str:
    plain = json.dumps(
        [request.method, request.path, request.headers.get("If-Match", ""), sent], sort_keys=True, default=str
    )
    return hashlib.sha256(plain.encode()).hexdigest()
