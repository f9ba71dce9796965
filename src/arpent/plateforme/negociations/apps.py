from django.apps import AppConfig


class NegociationsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "arpent.plateforme.negociations"
    label = "negociations"

    def ready(self) -> None:
        """Follows the fiches that are merged, split or moved; tells steps and meetings what it knows."""
        from arpent.plateforme.demarches.evenements import FAITS
        from arpent.plateforme.plans.evenements import REFONTES, THEMES

        from .credits.suivi import suivre_la_refonte, suivre_le_theme
        from .faits import faits_de_la_negociation
        from .reunions import declarer_au_demarrage

        REFONTES.append(suivre_la_refonte)
        THEMES.append(suivre_le_theme)
        FAITS.append(faits_de_la_negociation)
        declarer_au_demarrage()
