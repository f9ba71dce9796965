from django.apps import AppConfig


class ContratsConfig(AppConfig):
    name = "arpent.plateforme.contrats"
    label = "contrats"
    verbose_name = "contrats"

    def ready(self) -> None:
        """Tells the negotiation when a maquette is held by a contract."""
        from arpent.plateforme.negociations.evenements import VERROUS

        from .evenements import maquette_tenue_par_le_contrat

        VERROUS.append(maquette_tenue_par_le_contrat)
