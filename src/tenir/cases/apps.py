from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "tenir.cases"
    label = "cases"

    def ready(self) -> None:
        from tenir.cases import events, jobs  # noqa: F401  (registers)
