from django.apps import AppConfig


class DiagnosticsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "arpent.plateforme.diagnostics"
    label = "diagnostics"

    def ready(self) -> None:
        """Tells the meetings what of this room they may be about."""
        from .reunions import declarer_au_demarrage

        declarer_au_demarrage()
