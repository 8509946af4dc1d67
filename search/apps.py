from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("search")

    def ready(self) -> None:
        from core.chores import register_chore
        from search import migrating, similar  # noqa: F401  `similar` registers itself
        from search.chores import tidy
        from search.outbox import OutboxProjector
        from search.projector import NewNameProjector, WordProjector
        from search.replication import replicate
        from sync.projectors import register

        register(NewNameProjector())
        register(WordProjector())
        register(OutboxProjector())
        register_chore(replicate, after_drain=True)
        register_chore(tidy, after_drain=True)
        # The index hangs on the documents' table, which is migrated with `sync`.
        documents = apps.get_app_config("sync")
        pre_migrate.connect(migrating.before, sender=documents)
        post_migrate.connect(migrating.after, sender=documents)
