"""Editors have just the rights that editing needs."""

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupPagePermission, Page
from wagtail.snippets.models import get_snippet_models

from accounts.audiences import audience_of
from office import roles
from pages.models import CountryIndexPage

pytestmark = pytest.mark.django_db

ALLOWED = [
    "wagtailadmin.access_admin",
    "office.view_errorreport",
    "office.change_errorreport",
]
DENIED = [
    "office.add_errorreport",
    "office.delete_errorreport",
    "accounts.add_user",
    "accounts.change_user",
    "accounts.delete_user",
    "auth.change_group",
    "wagtailcore.change_site",
    "wagtailcore.add_locale",
    "wagtailcore.add_collection",
    "taxonomy.change_theme",
]


def test_what_editors_may_and_may_not(editor):
    assert [right for right in ALLOWED if not editor.has_perm(right)] == []
    assert [right for right in DENIED if editor.has_perm(right)] == []
    assert audience_of(editor) == "staff"


def test_editors_keep_the_library(editor):
    models = [model for model in get_snippet_models() if model._meta.app_label == "library"]
    assert models
    for model in models:
        label, name = model._meta.app_label, model._meta.model_name
        assert editor.has_perms([f"{label}.{action}_{name}" for action in ("add", "change", "delete", "view")])
    assert editor.has_perm("library.publish_resource")


def test_editors_write_and_publish_below_the_home_pages_only(editor):
    root = Page.get_first_root_node()
    homes = Page.objects.filter(depth=2)
    sections = CountryIndexPage.objects.all()
    assert homes and sections
    for page in (*homes, *sections):
        assert page.permissions_for_user(editor).can_edit() and page.permissions_for_user(editor).can_publish()
    for section in sections:
        assert section.permissions_for_user(editor).can_add_subpage()
    assert not root.permissions_for_user(editor).can_edit()
    assert not root.permissions_for_user(editor).can_add_subpage()


def test_editors_keep_files(editor, editor_client):
    root = Collection.get_first_root_node()
    names = {
        right.permission.codename
        for right in Group.objects.get(name=roles.EDITORS).collection_permissions.filter(collection=root)
    }
    assert {f"{action}_{kind}" for action in ("add", "change", "choose") for kind in ("image", "document")} <= names
    assert editor_client.get("/cms/images/add/").status_code == 200


def test_editors_reach_neither_users_nor_groups(editor_client):
    for address in ("/cms/users/", "/cms/groups/", "/cms/sites/", "/cms/settings/"):
        assert editor_client.get(address).status_code in (302, 404)


def test_again_adds_what_is_missing_and_keeps_what_was_added():
    group = Group.objects.get(name=roles.EDITORS)
    before = rights_of(group)
    added = Permission.objects.get(codename="view_user", content_type__app_label="accounts")
    group.permissions.add(added)
    group.permissions.remove(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.filter(group=group).first().delete()
    roles.ensure(using="default")
    roles.ensure(using="default")
    assert rights_of(group) == before | {"view_user"}


def rights_of(group):
    return {
        *group.permissions.values_list("codename", flat=True),
        *group.page_permissions.values_list("page_id", "permission__codename"),
        *group.collection_permissions.values_list("collection_id", "permission__codename"),
    }
