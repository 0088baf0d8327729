from django.db import migrations


def learn(apps, schema_editor):
    """The words known are all that may follow a beginning, so of words too long for their table the first letters."""
    from plumbline.faces.search import vocabulary

    found, model = set(), apps.get_model("search", "SearchWord")
    long = apps.get_model("search", "SearchRow").objects.filter(words__regex=r"[^ ]{31}").order_by()
    for organisation, words in long.values_list("organisation", "words").iterator():
        cut = vocabulary.of(word for word in words.split() if len(word) > vocabulary.LONGEST)
        found.update((organisation, word) for word in cut)
    rows = [vocabulary.row_of(organisation, word) for organisation, word in sorted(found)]
    names = ("organisation", "length", "word", "turned", "bones")
    model.objects.bulk_create([model(**{name: getattr(one, name) for name in names}) for one in rows], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("search", "0003_recent_first")]
    operations = [migrations.RunPython(learn, migrations.RunPython.noop)]
