"""What the tests of the ledger share; Django is imported in the fixtures, for this file is read before it."""

import os
import shutil
from urllib.parse import unquote, urlsplit

import pytest


@pytest.fixture
def as_owner(real_db):
    """A private database, connected to as its owner, who may drop triggers."""
    from django.db import connection

    before, owner = dict(connection.settings_dict), os.environ.get("PLUMBLINE_DATABASE_OWNER_URL", "")
    if connection.vendor == "postgresql" and owner:
        parts = urlsplit(owner)
        connection.close()
        connection.settings_dict.update(USER=unquote(parts.username or ""), PASSWORD=unquote(parts.password or ""))
    yield real_db
    connection.close()
    connection.settings_dict.update(USER=before["USER"], PASSWORD=before["PASSWORD"])


@pytest.fixture
def samples(as_owner):
    """Rows of every evidence model in a private database, their heads signed."""
    from plumbline.ledger.heads import sign_heads
    from plumbline.ledger.tests.samples import Samples

    made = Samples()
    sign_heads(now=True)
    return made


@pytest.fixture
def own_schemas(tmp_path, monkeypatch):
    """Frozen schemas in a folder of the test's own; those of earlier numbers are there already."""
    from plumbline.ledger import schemas
    from plumbline.ledger.shapes import shape_of, shapes

    for shape in shapes():
        for number in range(1, shape.version):
            shutil.copy(schemas.path_of(shape.model, number), tmp_path)
    monkeypatch.setattr(schemas, "path_of", lambda model, number: tmp_path / f"{model._meta.model_name}@{number}.json")
    schemas.frozen.cache_clear()
    yield tmp_path
    schemas.frozen.cache_clear()
    shape_of.cache_clear()


@pytest.fixture
def two_fields():
    """Take the fields that `columns.added` put there off the model again."""
    yield
    from plumbline.ledger.shapes import shape_of
    from plumbline.ledger.tests.columns import Site

    for name in ("floor", "area"):
        for field in [one for one in Site._meta.local_fields if one.name == name]:
            Site._meta.local_fields.remove(field)
            delattr(Site, name)
    Site._meta._expire_cache()
    shape_of.cache_clear()
