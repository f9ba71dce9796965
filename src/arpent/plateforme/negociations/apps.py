from django.apps import AppConfig


class NegociationsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "arpent.plateforme.negociations"
    label = "negociations"

    def ready(self) -> None:
        """Follows the fiches that are merged or split."""
        from arpent.plateforme.plans.evenements import REFONTES

        from .credits.suivi import suivre_la_refonte

        REFONTES.append(suivre_la_refonte)
