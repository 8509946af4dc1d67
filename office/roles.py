"""The roles: groups with just the rights that their work needs, ensured after every migration.

Rights that an administrator adds to a group stay; rights listed here come back if they are taken away.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import (
    Collection,
    DraftStateMixin,
    GroupCollectionPermission,
    GroupPagePermission,
    LockableMixin,
    Page,
)
from wagtail.snippets.models import create_extra_permissions, get_snippet_models

from office.models import ContactMessage, ErrorReport
from search.models import Miss
from sync.models import State as SyncState

EDITORS = "Editors"
EXPERTS = "Experts"  # answer questions; they read as members
EDITED_APPS = ("library", "glossary", "experts", "links")  # whose snippets editors keep; the rest administrators
ON_PAGES = ("add", "change", "publish", "lock", "unlock", "bulk_delete")
ON_FILES = ("add", "change", "choose")
TABLES = {
    model._meta.db_table
    for model in (
        Group,
        Permission,
        ErrorReport,
        ContactMessage,
        Miss,
        SyncState,
        Page,
        GroupPagePermission,
        Collection,
        GroupCollectionPermission,
    )
}


def ensure(using: str, **kwargs: Any) -> None:
    """Give every role its rights. Receiver of `post_migrate`, on the default database only."""
    if using != DEFAULT_DB_ALIAS or not set(connections[using].introspection.table_names()) >= TABLES:
        return  # migrated to somewhere before the tables are there
    _create_permissions()
    Group.objects.get_or_create(name=EXPERTS)
    editors, _ = Group.objects.get_or_create(name=EDITORS)
    editors.permissions.add(*_model_permissions())
    _grant_pages(editors)
    _grant_files(editors)


def _create_permissions() -> None:
    """Create now what Django and Wagtail create when the signal reaches each app, which may be after ours."""
    ours = (*EDITED_APPS, "office", "search", "sync")
    for label in (*ours, "wagtailadmin", "wagtailcore", "wagtailimages", "wagtaildocs"):
        create_permissions(apps.get_app_config(label), verbosity=0)
    create_extra_permissions(apps.get_app_config("wagtailsnippets"))


def _model_permissions() -> list[Permission]:
    wanted = [("wagtailadmin", "access_admin"), *_codenames(ErrorReport, ("view", "change"))]
    wanted += _codenames(ContactMessage, ("view", "change"))
    wanted += _codenames(Miss, ("view", "delete"))
    wanted += _codenames(SyncState, ("view", "change"))  # what could not be indexed, and trying it again
    for model in get_snippet_models():
        if model._meta.app_label in EDITED_APPS:
            wanted += _codenames(model, _actions(model))
    found = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.select_related("content_type").filter(
            content_type__app_label__in={app for app, _ in wanted}
        )
    }
    return [found[name] for name in wanted]


def _actions(model: type[Model]) -> Iterable[str]:
    yield from ("add", "change", "delete", "view")
    if issubclass(model, DraftStateMixin):
        yield "publish"
    if issubclass(model, LockableMixin):
        yield from ("lock", "unlock")


def _codenames(model: type[Model], actions: Iterable[str]) -> list[tuple[str, str]]:
    return [(model._meta.app_label, f"{action}_{model._meta.model_name}") for action in actions]


def _grant_pages(group: Group) -> None:
    """Rights on the home pages and all below, not on the root: who adds a site is an administrator."""
    names = [f"{action}_page" for action in ON_PAGES]
    permissions = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=names)
    for page in Page.objects.filter(depth=2).values_list("pk", flat=True):
        for permission in permissions:
            GroupPagePermission.objects.get_or_create(group=group, page_id=page, permission=permission)


def _grant_files(group: Group) -> None:
    root = Collection.get_first_root_node()
    for model in (Image, Document):
        for app, name in _codenames(model, ON_FILES):
            permission = Permission.objects.get(content_type__app_label=app, codename=name)
            GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)
