"""Put the long columns of documents behind the short ones: SQLite reads all before the last column that it needs."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LONG = ["title", "title_stems", "title_words", "summary", "text", "body_stems", "body_words"]


def rewrite(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Copy the table as Django does for each change of a column that SQLite has no statement for.

    PostgreSQL keeps long values outside of the row, and needs nothing.
    """
    if schema_editor.connection.vendor == "sqlite":
        schema_editor._remake_table(apps.get_model("sync", "Document"))


class Migration(migrations.Migration):
    dependencies = [("sync", "0005_newest_documents")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                operation
                for name in LONG
                for operation in (
                    migrations.RemoveField("document", name),
                    migrations.AddField("document", name, models.TextField(blank=True)),
                )
            ]
        ),
        migrations.RunPython(rewrite, migrations.RunPython.noop),
    ]
