from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "tenir.channels.email"
    label = "email"

    def ready(self) -> None:
        from tenir.channels.email import account_mail, events, jobs, promises, rights, send  # noqa: F401  (registers)
