"""A statement that PostgreSQL keeps outlives a migration beside the running server."""

import os
from contextlib import suppress

from django.db import connection, transaction
from django.db.utils import NotSupportedError

from plumbline.kernel.testing import Company
from plumbline.ledger.prepared import ASKED, Prepared
from plumbline.organisation.models import Organisation

WIDER = "ALTER TABLE organisation_organisation ALTER COLUMN name TYPE varchar({})"


def test_a_table_that_is_changed_under_a_living_connection_is_read_on(real_db) -> None:
    if connection.vendor != "postgresql":
        return
    import psycopg

    uid, asked = Company("Acme").actor.organisation.pk, Prepared(lambda uid: Organisation.objects.filter(pk=uid))
    with psycopg.connect(os.environ["PLUMBLINE_DATABASE_OWNER_URL"], autocommit=True) as owner:
        for length in (301, 302):
            assert [len(list(asked(uid))) for _time in range(ASKED + 2)] == [1] * (ASKED + 2)
            owner.execute(WIDER.format(length))
            if length == 302:  # in a transaction what failed cannot be asked again, but the next one can
                with suppress(NotSupportedError), transaction.atomic():
                    list(asked(uid))
            assert len(list(asked(uid))) == 1
