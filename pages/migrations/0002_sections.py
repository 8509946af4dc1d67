"""The locales, the site, and for each language a home page with its section of countries."""

import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import migrations
from django.utils import timezone

ROOT_PATH = "0001"
TITLES = {"en": ("Home", "Countries"), "fr": ("Accueil", "Pays"), "es": ("Inicio", "Países")}


def make_sections(apps, schema_editor):
    """Replace Wagtail's welcome page. Historical models know no tree, so paths are written out: four signs a level."""
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    Page.objects.filter(depth=2, slug="home", content_type__model="page").delete()  # and the site that it is the root of
    root = Page.objects.get(path=ROOT_PATH)
    taken = Page.objects.filter(depth=2).count()
    keys = uuid.uuid4(), uuid.uuid4()
    homes = {}
    for number, language in enumerate(TITLES, start=taken + 1):
        homes[language] = _make_language(apps, language, number, keys)
    root.numchild = Page.objects.filter(depth=2).count()
    root.save()
    address = urlsplit(settings.SITE_URL)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": address.hostname,
            "port": address.port or (443 if address.scheme == "https" else 80),
            "site_name": settings.WAGTAIL_SITE_NAME,
            "root_page_id": homes["en"].pk,
        },
    )


def _make_language(apps, language, number, keys):
    locale, _ = apps.get_model("wagtailcore", "Locale").objects.get_or_create(language_code=language)
    path = f"{ROOT_PATH}{number:04}"
    home_title, section_title = TITLES[language]
    home = _make(apps, "HomePage", locale, home_title, language, path, f"/{language}/", keys[0], numchild=1)
    _make(
        apps, "CountryIndexPage", locale, section_title, "countries", f"{path}0001", f"/{language}/countries/", keys[1]
    )
    return home


def _make(apps, model, locale, title, slug, path, url_path, key, numchild=0):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="pages", model=model.lower()
    )
    now = timezone.now()
    return apps.get_model("pages", model).objects.create(
        title=title,
        draft_title=title,
        slug=slug,
        content_type=content_type,
        locale=locale,
        path=path,
        depth=len(path) // 4,
        numchild=numchild,
        url_path=url_path,
        translation_key=key,
        first_published_at=now,
        last_published_at=now,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_sections, migrations.RunPython.noop)]
