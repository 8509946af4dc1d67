from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core.chores import register_chore
        from core.planner import Counting

        register_chore(Counting())
