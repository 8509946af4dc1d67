"""The tests' own footing: a test that commits leaves nothing behind and loses nothing."""

import threading

import pytest
from django.db import connection
from wagtail.models import Locale, Page

from sync.models import Dirty
from taxonomy.models import Theme


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_committing_test_leaves_the_template_behind(turn):
    assert not Theme.objects.exists()
    assert not Dirty.objects.exists()
    assert Page.objects.filter(depth=1).exists()
    assert Locale.objects.filter(language_code="en").exists()
    theme = Theme.objects.create(slug="maternity", name_en="Maternity", name_fr="Maternité", name_es="Maternidad")
    Dirty.objects.create(key=f"theme:{theme.pk}", cause="direct")
    Page.objects.all().delete()
    Locale.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_other_threads_see_what_is_committed():
    Theme.objects.create(slug="maternity", name_en="Maternity", name_fr="Maternité", name_es="Maternidad")
    seen = []

    def look():
        seen.append(Theme.objects.count())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]


def test_a_member_is_no_editor(member, editor, admin):
    assert not member.has_perm("wagtailadmin.access_admin")
    assert editor.has_perm("wagtailadmin.access_admin")
    assert not editor.is_superuser
    assert admin.is_superuser
