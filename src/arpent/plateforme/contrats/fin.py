"""Ending a contract before its term: the act is noted, the contract stays in force until the day it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from arpent.metier.cycles import EtatContrat
from arpent.metier.fin_contrat import Defaut, FinDemandee, MotifFin, controler
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.socle.fichiers import FichierRefuse, lire_fichier

from .exigences import ContratRefuse, verrouiller
from .models import Contrat, Partie
from .models_fin import FinContrat
from .places import noter_contrat
from .terme import terme_de
from .votes import responsables

FINISSABLES = frozenset({EtatContrat.SIGNATURE.value, EtatContrat.EN_VIGUEUR.value})
GENRE_ACTE = "acte de fin de contrat"


class FinRefusee(ContratRefuse):
    """Why the end is not noted; `defauts`: field by field."""

    def __init__(self, defauts: list[Defaut]) -> None:
        super().__init__(" ".join(d.phrase for d in defauts))
        self.defauts = defauts


@dataclass(frozen=True, slots=True)
class SaisieFin:
    """What is noted. `fichier`: the signed act."""

    motif: MotifFin
    auteur: Partie | None
    acte: str
    acte_le: date
    notifie_le: date
    effet_le: date
    fichier: Envoi
    mise_en_demeure_le: date | None = None
    explication: str = ""


def delai_de(contrat: Contrat) -> int | None:
    """Months that a formal notice leaves, by the dispositif; None when it sets none."""
    bloc = contrat.demarche.processus.dispositif.parametres.get("fin_anticipee") or {}
    mois = bloc.get("mise_en_demeure_mois")
    return int(mois) if mois is not None else None


def fin_en_cours(contrat: Contrat) -> FinContrat | None:
    """The end noted and not given up, with its party and its file. One query."""
    fins = FinContrat.objects.filter(contrat_id=contrat.pk or 0, abandonnee_le=None)
    return fins.select_related("auteur__organisation", "document").first()


@transaction.atomic
def noter_fin(contrat: Contrat, saisie: SaisieFin, *, par: Agent | None, le: date) -> FinContrat:
    """Notes the act; the parties are told. FinRefusee by field, ContratRefuse."""
    contrat = verrouiller(contrat)
    if contrat.etat not in FINISSABLES:
        raise ContratRefuse("Seul un contrat signé, ou à la signature, prend fin avant son terme.")
    if fin_en_cours(contrat) is not None:
        raise ContratRefuse("La fin de ce contrat est déjà notée : abandonnez-la d’abord pour la changer.")
    _controler(contrat, saisie, le)
    try:
        lu = lire_fichier(saisie.fichier.contenu)
    except FichierRefuse as refus:
        raise FinRefusee([Defaut("fichier", str(refus))]) from refus
    if lu.extension != "pdf":
        raise FinRefusee([Defaut("fichier", "L’acte signé se joint en PDF : numérisez-le, ou exportez-le.")])
    nom = par.nom_complet if par else "Arpent"
    document = emettre(
        lu.contenu, nom=f"fin-du-contrat-{contrat.demarche.slug}.pdf",
        titre=f"Fin du contrat, acte {saisie.acte} du {saisie.acte_le:%d/%m/%Y}"[:200], genre=GENRE_ACTE,
        gabarit="hors d’Arpent", sur=contrat, demarche_id=contrat.demarche_id,
        donnees={"acte": saisie.acte, "acte_le": saisie.acte_le.isoformat()},
        par_id=par.pk if par else None, par_nom=nom,
    )  # fmt: skip
    fin = FinContrat.objects.create(
        contrat=contrat, motif=saisie.motif.value, auteur=saisie.auteur,
        explication=saisie.explication.strip(),
        mise_en_demeure_le=saisie.mise_en_demeure_le, acte=saisie.acte.strip(), acte_le=saisie.acte_le,
        notifie_le=saisie.notifie_le, effet_le=saisie.effet_le, document=document, par_nom=nom,
    )  # fmt: skip
    consigner(
        "noter_fin_contrat", sur=contrat, par=par, demarche_id=contrat.demarche_id, motif=fin.explication,
        apres={
            "motif": fin.motif, "auteur": str(fin.auteur or ""), "acte": fin.acte, "acte_le": fin.acte_le,
            "effet_le": fin.effet_le, "sha256": document.sha256,
        },
    )  # fmt: skip
    _prevenir(contrat, fin, par)
    noter_contrat(contrat)
    return fin


def _controler(contrat: Contrat, saisie: SaisieFin, le: date) -> None:
    debut = contrat.date_effet if contrat.etat == EtatContrat.EN_VIGUEUR else None
    terme = terme_de(contrat)
    demandee = FinDemandee(
        saisie.motif, saisie.auteur is not None, saisie.acte_le, saisie.notifie_le, saisie.effet_le,
        saisie.mise_en_demeure_le,
    )  # fmt: skip
    defauts = controler(demandee, debut=debut, terme=terme, delai_mois=delai_de(contrat), le=le)
    if not saisie.acte.strip():
        defauts.append(Defaut("acte", "Écrivez le numéro de l’acte."))
    if saisie.auteur is not None and saisie.auteur.contrat_id != contrat.pk:
        defauts.append(Defaut("auteur", "Cette organisation n’est pas partie à ce contrat."))
    if saisie.motif is not MotifFin.ACCORD and not saisie.explication.strip():
        defauts.append(Defaut("explication", "Dites pourquoi : les autres parties le liront."))
    if defauts:
        raise FinRefusee(defauts)


def _prevenir(contrat: Contrat, fin: FinContrat, par: Agent | None) -> None:
    for partie in contrat.parties.en_cours().select_related("organisation"):
        notifier(
            [pk for pk in responsables(partie, contrat) if par is None or pk != par.pk],
            rubrique="contrat",
            sujet="Le contrat prend fin avant son terme",
            texte=f"{fin.get_motif_display()}, effet au {fin.effet_le:%d/%m/%Y}.",
            url=reverse("contrats:contrat", args=[contrat.demarche.slug]),
        )


@transaction.atomic
def abandonner_fin(contrat: Contrat, motif: str, *, par: Agent | None) -> FinContrat:
    """The parties give it up before its day: the contract goes on, the act stays in the file."""
    contrat = verrouiller(contrat)
    fin = fin_en_cours(contrat)
    if fin is None or contrat.etat not in FINISSABLES:
        raise ContratRefuse("Aucune fin anticipée n’est en cours sur ce contrat.")
    if not motif.strip():
        raise ContratRefuse("Dites pourquoi la fin est abandonnée, et par quel acte.")
    fin.abandonnee_le, fin.abandon_motif = timezone.now(), motif.strip()[:500]
    fin.save(update_fields=["abandonnee_le", "abandon_motif"])
    consigner(
        "abandonner_fin_contrat", sur=contrat, par=par, demarche_id=contrat.demarche_id,
        motif=fin.abandon_motif, avant={"acte": fin.acte, "effet_le": fin.effet_le},
    )  # fmt: skip
    noter_contrat(contrat)
    return fin
