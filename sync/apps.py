from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules


class SyncConfig(AppConfig):
    name = "sync"

    def ready(self) -> None:
        from core.chores import register_chore
        from sync import checks, migrating
        from sync.patrol import patrol

        autodiscover_modules("entries")
        pre_migrate.connect(migrating.before, sender=self)
        post_migrate.connect(migrating.after, sender=self)
        register(checks.check_triggers, Tags.database)
        register_chore(patrol)
