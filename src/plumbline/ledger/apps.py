"""The ledger as a Django app."""

from django.apps import AppConfig
from django.core.checks import register

from plumbline.ledger.checks import evidence_models_fit_the_log


class LedgerConfig(AppConfig):
    """Label `ledger`; knows an organisation by its uid only."""

    name = "plumbline.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Check the evidence models wherever Django checks models."""
        register(evidence_models_fit_the_log)
