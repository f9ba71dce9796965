from django.apps import AppConfig


class NegociationsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "arpent.plateforme.negociations"
    label = "negociations"

    def ready(self) -> None:
        """Follows the fiches that are merged, split or moved; tells the meetings of the scenarios."""
        from arpent.plateforme.plans.evenements import REFONTES, THEMES

        from .credits.suivi import suivre_la_refonte, suivre_le_theme
        from .reunions import declarer_au_demarrage

        REFONTES.append(suivre_la_refonte)
        THEMES.append(suivre_le_theme)
        declarer_au_demarrage()
