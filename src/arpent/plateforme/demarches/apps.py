from django.apps import AppConfig


class DemarchesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "arpent.plateforme.demarches"
    label = "demarches"

    def ready(self) -> None:
        """The meetings may be about a step of the démarche."""
        from .reunions.etapes import declarer_au_demarrage

        declarer_au_demarrage()
