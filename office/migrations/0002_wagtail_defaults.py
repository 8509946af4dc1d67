"""Takes back what Wagtail gives its Editors on the root of all sites; office.roles gives them the home pages."""

from django.db import migrations


def withdraw(apps, schema_editor):
    permissions = apps.get_model("wagtailcore", "GroupPagePermission")
    permissions.objects.filter(group__name="Editors", page__depth=1).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]
    operations = [migrations.RunPython(withdraw, migrations.RunPython.noop)]
