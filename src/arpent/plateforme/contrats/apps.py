from django.apps import AppConfig


class ContratsConfig(AppConfig):
    name = "arpent.plateforme.contrats"
    label = "contrats"
    verbose_name = "contrats"

    def ready(self) -> None:
        """Tells the negotiation, the reserve and the meetings what they read of the contracts."""
        from arpent.plateforme.negociations.evenements import CONTRATS, VERROUS

        from .evenements import contrat_pour_la_reserve, maquette_tenue_par_le_contrat
        from .reunions import declarer_au_demarrage

        VERROUS.append(maquette_tenue_par_le_contrat)
        CONTRATS.append(contrat_pour_la_reserve)
        declarer_au_demarrage()
