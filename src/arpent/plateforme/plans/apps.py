from django.apps import AppConfig


class PlansConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "arpent.plateforme.plans"
    label = "plans"

    def ready(self) -> None:
        """Tells the steps of the démarche, and its meetings, what the plan knows."""
        from arpent.plateforme.demarches.evenements import FAITS

        from .faits import faits_du_plan
        from .reunions import declarer_au_demarrage

        FAITS.append(faits_du_plan)
        declarer_au_demarrage()
