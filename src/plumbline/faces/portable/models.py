"""Working rows: a whole company on its way into a ZIP that somebody asked for in the browser; which ones are quiet."""

from django.db import models

from plumbline.faces.sheets.models import Run
from plumbline.organisation.models import Organisation


class Export(Run):
    """The file is for whom it was made, and goes after a day; that it was made stands in the history."""

    @property
    def file_name(self) -> str:
        return f"{self.uid}.zip"


class Loaded(models.Model):
    """A company from another installation, and since when it sends mails and webhooks from here, if it does."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="+")
    sends_from = models.DateTimeField(null=True)
