"""What search stands on: words of records, words of organisations, what files say; all derived."""

from django.db import models


class SearchRow(models.Model):
    """The words of a record, for search. Derived; the full-text index on it is made by a migration."""

    record = models.OneToOneField("kernel.Record", models.PROTECT, related_name="words")
    organisation = models.UUIDField()
    kind = models.CharField(max_length=40)
    head = models.TextField(default="")  # words of number and title
    words = models.TextField()  # all its different words


class SearchWord(models.Model):
    """A word that an organisation uses, in two more readings, so that one typed wrong is understood."""

    organisation = models.UUIDField()
    length = models.PositiveSmallIntegerField()
    word = models.CharField(max_length=30)
    turned = models.CharField(max_length=30)  # from its end to its beginning
    bones = models.CharField(max_length=30)  # its consonants, those that sound alike as one

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "word"], name="search_word"),
            models.Index(fields=["organisation", "turned"], name="search_word_turned"),
            models.Index(fields=["organisation", "bones"], name="search_word_bones"),
        ]


class FileText(models.Model):
    """What an attached file says. Derived from its content; empty where it says nothing or could not be read."""

    file = models.OneToOneField("kernel.File", models.PROTECT, primary_key=True, related_name="+")  # holds no content
    text = models.TextField()
