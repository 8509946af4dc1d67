from django.db import migrations, models
from django.utils import timezone


def begin(apps, schema_editor):
    """What is there already counts as changed today: nobody knows better."""
    apps.get_model("sync", "Document").objects.update(changed_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("sync", "0001_initial")]

    operations = [
        # Without a default SQLite adds the column in place instead of copying the table.
        migrations.AddField("document", "changed_at", models.DateTimeField(null=True)),
        migrations.RunPython(begin, migrations.RunPython.noop, elidable=True),
    ]
