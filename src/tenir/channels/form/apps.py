from django.apps import AppConfig


class FormConfig(AppConfig):
    name = "tenir.channels.form"
    label = "form"

    def ready(self) -> None:
        from tenir.channels.form import jobs  # noqa: F401  (registers)
