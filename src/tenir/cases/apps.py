from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "tenir.cases"
    label = "cases"

    def ready(self) -> None:
        """Registers events, jobs and who may be told what live; the rows that follow a customer who is merged."""
        from tenir.cases import events, jobs, live  # noqa: F401
        from tenir.customers import merging

        merging.moves("cases_case", "customer_id")
        merging.moves("cases_message", "customer_id")
