from django.apps import AppConfig


class InstallConfig(AppConfig):
    name = "tenir.install"
    label = "install"

    def ready(self) -> None:
        from tenir.install import jobs  # noqa: F401  (registers)
