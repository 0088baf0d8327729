from django.db import migrations


class Migration(migrations.Migration):
    """What search stands on belongs to the application `search` from now on, which takes the tables over."""

    dependencies = [("kernel", "0005_search_words")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel("SearchRow"), migrations.DeleteModel("SearchWord")]
        )
    ]
