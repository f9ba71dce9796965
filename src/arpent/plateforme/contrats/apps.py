from django.apps import AppConfig


class ContratsConfig(AppConfig):
    name = "arpent.plateforme.contrats"
    label = "contrats"
    verbose_name = "contrats"

    def ready(self) -> None:
        """Tells the negotiation, the reserve, the steps and the meetings what they read of the contracts."""
        from arpent.plateforme.demarches.evenements import FAITS
        from arpent.plateforme.negociations.evenements import CONTRATS, VERROUS

        from .evenements import contrat_pour_la_reserve, maquette_tenue_par_le_contrat
        from .faits import faits_du_contrat
        from .reunions import declarer_au_demarrage

        VERROUS.append(maquette_tenue_par_le_contrat)
        CONTRATS.append(contrat_pour_la_reserve)
        FAITS.append(faits_du_contrat)
        declarer_au_demarrage()
