"""What each gesture of the contract requires besides its state. The refusals say why and what to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from arpent.metier.clauses import nommer_ailleurs
from arpent.metier.contenu_vote import ecarts
from arpent.metier.cycles import CYCLE_CONTRAT, EtatContrat, EtatScenario
from arpent.plateforme.documents.serie import en_json
from arpent.plateforme.reglements.models import Dispositif

from .assemblage import Assemblage, assembler, contrat_doc
from .lecture_votes import contenu_de, lire_votes
from .models import CircuitSignature, Contrat, EmplacementSignature, VersionContrat

MONTRES = 6
"""Names or reasons written in one refusal."""


class ContratRefuse(ValueError):
    """The gesture is not possible; the message is French and says what to do."""


def verrouiller(contrat: Contrat) -> Contrat:
    return (
        Contrat.objects.select_for_update(of=("self",))
        .select_related("demarche__territoire", "demarche__version_processus__processus__autorite")
        .get(pk=contrat.pk)
    )


def exiger_redaction(contrat: Contrat) -> None:
    if contrat.etat != EtatContrat.REDACTION:
        raise ContratRefuse(
            f"Le contrat est « {CYCLE_CONTRAT.libelle(contrat.etat).lower()} » : reprenez la rédaction pour "
            "changer son texte."
        )


def enumerer(noms: Sequence[str]) -> str:
    debut, reste = noms[:MONTRES], len(noms) - MONTRES
    return ", ".join(debut) + (f" et {reste} autre{'s' if reste > 1 else ''}" if reste > 0 else "")


def _exiger_vote_possible(assemblage: Assemblage) -> None:
    if assemblage.scenario.etat != EtatScenario.ACCEPTE:
        raise ContratRefuse(
            "La maquette n’est pas acceptée par le territoire : faites l’offre et recueillez son accord dans "
            "« Négociation », puis revenez ici."
        )
    if not assemblage.matiere.inscrites:
        raise ContratRefuse("Aucun projet n’est retenu avec une aide : le contrat serait vide.")
    propre = assemblage.matiere.dispositif
    autres = Dispositif.objects.exclude(pk=propre.pk).values_list("nom", flat=True)
    if intrus := nommer_ailleurs(assemblage.texte, autres, propre.nom):
        raise ContratRefuse(f"{enumerer(intrus)} : corrigez le texte avant de le soumettre au vote.")
    if assemblage.texte.manquants:
        raise ContratRefuse(
            f"Il manque au texte : {enumerer(assemblage.texte.manquants)}. Complétez-le avant de le "
            "soumettre au vote."
        )


def blocages(contrat: Contrat, le: date) -> list[str]:
    """Why the signature stays closed, one sentence a party; empty when every vote opens it. Four queries."""
    lus = lire_votes(contrat.parties.d_origine().order_by("ordre", "pk"), le)
    return [phrase for v in lus if (phrase := v.examen.blocage(v.partie.organisation.nom))]


def exiger_votes(contrat: Contrat) -> None:
    """Every party has voted this contract, and its act is exécutoire."""
    if phrases := blocages(contrat, date.today()):
        reste = len(phrases) - MONTRES
        suite = f" Et {reste} autre{'s' if reste > 1 else ''} partie{'s' if reste > 1 else ''}." * (reste > 0)
        raise ContratRefuse(f"La signature reste fermée. {' '.join(phrases[:MONTRES])}{suite}")


def exiger_version_a_jour(contrat: Contrat) -> None:
    """What was voted is what the contract says today: the last version is the same as a new one would be."""
    derniere = contrat.versions.order_by("-numero").first()
    if derniere is None:
        raise ContratRefuse("Générez d’abord la version soumise au vote : c’est sur elle qu’il porte.")
    doc = contrat_doc(assembler(contrat.demarche, date.today(), complet=True), version="")
    changes = ecarts(contenu_de(derniere.donnees), contenu_de(json.loads(en_json(doc))))
    if changes:
        raise ContratRefuse(
            f"Le contrat a changé depuis la version {derniere.numero} : {enumerer(changes)}. Générez la "
            "version actuelle ; les votes de l’ancienne seront caducs."
        )


def exiger_version(contrat: Contrat, etat: EtatContrat, quoi: str) -> None:
    derniere = contrat.versions.order_by("-numero").first()
    if derniere is None or derniere.etat != etat:
        raise ContratRefuse(f"Générez d’abord la version {quoi} : c’est elle qui fait foi.")


def derniere_version(contrat: Contrat) -> VersionContrat | None:
    """The last version issued, without its frozen data."""
    return contrat.versions.defer("donnees").order_by("-numero").first()


def ont_signe(contrat: Contrat) -> list[str]:
    """The parties whose signature of the contract is collected in a circuit that still counts. One query."""
    recueillies = EmplacementSignature.objects.filter(
        circuit__document__versions_contrat__contrat=contrat, etat=EmplacementSignature.Etat.RECUEILLIE
    ).exclude(circuit__etat=CircuitSignature.Etat.ABANDONNE)
    noms = recueillies.order_by("ordre", "pk").values_list("partie__organisation__nom", flat=True)
    return list(dict.fromkeys(noms))


def exiger_aucune_signature(contrat: Contrat) -> None:
    """What one party has signed is frozen."""
    if noms := ont_signe(contrat):
        raise ContratRefuse(
            f"Le contrat est déjà signé par {enumerer(noms)} : il ne change plus. Pour le reprendre, "
            "abandonnez d’abord le circuit de signature, avec un motif ; ce qui est signé reste gardé."
        )


def exiger_signatures(contrat: Contrat) -> None:
    """Every party has signed the last version, in its one circuit or in those of each signatory."""
    version = derniere_version(contrat)
    circuits = CircuitSignature.objects.filter(document__versions_contrat=version)
    vivants = list(circuits.exclude(etat=CircuitSignature.Etat.ABANDONNE).values_list("pk", flat=True))
    if not vivants:
        raise ContratRefuse(
            "Aucune signature n’est recueillie : ouvrez le circuit de signature, dans « Signature ». Un "
            "exemplaire signé sur papier y entre aussi."
        )
    attendues = EmplacementSignature.objects.filter(circuit__in=vivants).exclude(
        etat=EmplacementSignature.Etat.RECUEILLIE
    )
    appelees = EmplacementSignature.objects.filter(circuit__in=vivants).values("partie")
    sans_circuit = contrat.parties.d_origine().exclude(pk__in=appelees).order_by("ordre", "pk")
    noms = [
        *attendues.order_by("ordre", "pk").values_list("partie__organisation__nom", flat=True),
        *sans_circuit.values_list("organisation__nom", flat=True),
    ]
    if noms:
        raise ContratRefuse(f"Il manque la signature de {enumerer(list(dict.fromkeys(noms)))}.")


def exiger_geste(contrat: Contrat, geste: str) -> None:
    """What a gesture of the cycle requires. ContratRefuse says what to do."""
    if geste == "soumettre_au_vote":
        _exiger_vote_possible(assembler(contrat.demarche, date.today()))
    elif geste == "ouvrir_signature":
        exiger_votes(contrat)
        exiger_version_a_jour(contrat)
    elif geste == "reprendre_contrat_signe":
        raise ContratRefuse("Un contrat signé hors d’Arpent se reprend par sa propre page, avec ses actes.")
    elif geste == "solder":
        raise ContratRefuse(
            "Un contrat se clôt avec son bilan, depuis « Bilan », « Évaluation », « Clôture »."
        )
    elif geste == "constater_signature":
        exiger_version(contrat, EtatContrat.SIGNATURE, "à signer")
        exiger_votes(contrat)
        exiger_signatures(contrat)
    elif geste == "resilier":
        _exiger_fin_atteinte(contrat, date.today())
    elif geste == "reprendre_redaction":
        exiger_aucune_signature(contrat)


def _exiger_fin_atteinte(contrat: Contrat, le: date) -> None:
    """A noted end, whose day has come."""
    effet_le = contrat.fins.filter(abandonnee_le=None).values_list("effet_le", flat=True).first()
    if effet_le is None:
        raise ContratRefuse("Notez d’abord l’acte qui met fin au contrat : « Mettre fin au contrat ».")
    if effet_le > le:
        raise ContratRefuse(
            f"Le contrat reste en vigueur jusqu’au {effet_le:%d/%m/%Y} : constatez sa fin ce jour-là."
        )
