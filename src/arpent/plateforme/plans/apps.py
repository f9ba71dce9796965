from django.apps import AppConfig


class PlansConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "arpent.plateforme.plans"
    label = "plans"

    def ready(self) -> None:
        """Tells the démarche what the plan knows when one of its steps is said done."""
        from arpent.plateforme.demarches.evenements import FAITS

        from .faits import faits_du_plan

        FAITS.append(faits_du_plan)
