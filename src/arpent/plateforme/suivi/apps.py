from django.apps import AppConfig


class SuiviConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "arpent.plateforme.suivi"
    label = "suivi"

    def ready(self) -> None:
        """Tells the meetings what the follow-up has to say of a territory."""
        from .rendez_vous.releve import declarer_au_demarrage

        declarer_au_demarrage()
