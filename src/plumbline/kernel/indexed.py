"""What search stands on: the words of records and of organisations, derived from the records."""

from django.db import models


class SearchRow(models.Model):
    """The words of a record, for search. Derived; the full-text index on it is made by a migration."""

    record = models.OneToOneField("kernel.Record", models.PROTECT, related_name="words")
    organisation = models.UUIDField()
    kind = models.CharField(max_length=40)
    head = models.TextField(default="")  # number and title
    words = models.TextField()  # all its different words


class SearchWord(models.Model):
    """A word that an organisation's records use. Derived; what is typed wrong is compared with these."""

    organisation = models.UUIDField()
    length = models.PositiveSmallIntegerField()
    word = models.CharField(max_length=30)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "length", "word"], name="kernel_words_by_length"),
            models.Index(fields=["organisation", "word"], name="kernel_words_by_word"),
        ]
