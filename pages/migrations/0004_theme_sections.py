"""For each language's home page a section of themes."""

import string
import uuid

from django.db import migrations
from django.utils import timezone
from treebeard.numconv import NumConv

TITLES = {"en": "Themes", "fr": "Thèmes", "es": "Temas"}
STEP = 4  # signs of a level in a path
NUMBERS = NumConv(string.digits + string.ascii_uppercase)


def make_sections(apps, schema_editor):
    """Historical models know no tree, so paths are written out: the next one below each home page."""
    HomePage = apps.get_model("pages", "HomePage")
    key = uuid.uuid4()
    done = set()
    for home in HomePage.objects.filter(depth=2).order_by("path").select_related("locale"):
        language = home.locale.language_code
        if language in TITLES and language not in done:
            done.add(language)
            _make_section(apps, home, TITLES[language], key)


def _make_section(apps, home, title, key):
    Page = apps.get_model("wagtailcore", "Page")
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="pages", model="themeindexpage"
    )
    last = Page.objects.filter(path__startswith=home.path, depth=home.depth + 1).order_by("path").last()
    number = NUMBERS.str2int(last.path[-STEP:]) + 1 if last else 1
    now = timezone.now()
    apps.get_model("pages", "ThemeIndexPage").objects.create(
        title=title,
        draft_title=title,
        slug="themes",
        content_type=content_type,
        locale=home.locale,
        path=home.path + NUMBERS.int2str(number).rjust(STEP, "0"),
        depth=home.depth + 1,
        numchild=0,
        url_path=f"{home.url_path}themes/",
        translation_key=key,
        first_published_at=now,
        last_published_at=now,
    )
    Page.objects.filter(pk=home.pk).update(numchild=home.numchild + 1)


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0003_themes_and_free_pages"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_sections, migrations.RunPython.noop)]
