"""Demonstration of the grant files: one in each state, on the territory whose contract is in force.

Real costs, files, dates and votes below are invented and say so.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arpent.metier.argent import arrondir
from arpent.metier.cycles import EtatReserve
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.models import DemandeReserve
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.subventions.attribution import Octroi
from arpent.plateforme.subventions.dossiers import (
    actions,
    calcul,
    completude,
    decisions,
    instruction,
    pieces,
    rapports,
)
from arpent.plateforme.subventions.models import Dossier, RapportCommission

from .comptes import agent

DEPOT_LE, COMPLET_LE, PROPOSE_LE = date(2026, 11, 17), date(2026, 11, 19), date(2026, 11, 20)
SEANCE_LE, NOTIFIE_LE, PROCHAINE_LE = date(2026, 11, 23), date(2026, 11, 25), date(2026, 12, 14)
OBJET = "Contrats territoriaux : attribution d’aides aux projets prêts (exemple de démonstration)"
MOTIF = "Exemple de démonstration"


@dataclass(frozen=True, slots=True)
class Cas:
    """How far a file goes, and what its real cost is beside the cost of the contract."""

    jusqu_a: str
    part: Decimal
    stade: str = "marches"


CAS = (
    Cas("notifie", Decimal("0.92")),
    Cas("vote", Decimal(1)),
    Cas("propose", Decimal("0.95")),
    Cas("complet", Decimal(1), "devis"),
    Cas("a_completer", Decimal("1.08"), "devis"),
    Cas("depose", Decimal("0.97"), "devis"),
    Cas("brouillon", Decimal(1)),
    Cas("rejete", Decimal(1), "devis"),
)
ORDRE = ("brouillon", "depose", "a_completer", "complet", "propose", "vote", "notifie")


def deposer_des_dossiers(demarche: Demarche) -> None:
    """On the lines of the contract, the largest aids first: those that the credits already commit."""
    if Dossier.objects.filter(demarche=demarche).exists():
        return
    instructrice = agent("instructeur")
    reserve = set(
        DemandeReserve.objects.filter(demarche=demarche, etat=EtatReserve.TIREE.value).values_list(
            "fiche", flat=True
        )
    )
    octrois = [
        o
        for o in calcul.octrois_du(demarche, DEPOT_LE)
        if o.fiche is not None
        and o.beneficiaire is not None
        and o.fiche.pk not in reserve
        and o.ligne.cout_ht
    ]
    octrois.sort(key=lambda o: (-o.ligne.aide, int(o.ligne.numero)))
    poses = {
        cas.jusqu_a: _poser(demarche, o, cas, instructrice) for o, cas in zip(octrois, CAS, strict=False)
    }
    votes = [poses[x] for x in ("notifie", "vote") if x in poses]
    if votes:
        _faire_voter(votes, instructrice)
    if "notifie" in poses:
        decisions.notifier_l_aide(_relire(poses["notifie"]), par=instructrice, le=NOTIFIE_LE)
    if "propose" in poses:
        _porter([poses["propose"]], "CP-26-141 (démonstration)", PROCHAINE_LE, instructrice)


def _relire(dossier: Dossier) -> Dossier:
    return Dossier.objects.avec_contexte().get(pk=dossier.pk)


def _poser(demarche: Demarche, octroi: Octroi, cas: Cas, par: Agent) -> Dossier:
    assert octroi.fiche is not None
    dossier = actions.ouvrir_dossier(demarche, octroi.fiche.pk, par=None, le=DEPOT_LE)
    Dossier.objects.filter(pk=dossier.pk).update(demonstration=True)
    cout = arrondir(octroi.ligne.cout_ht * cas.part)
    assiette = arrondir((octroi.assiette or octroi.ligne.cout_ht) * min(cas.part, Decimal(1)))
    valeurs = {
        "stade": cas.stade, "cout_reel_ht": cout, "assiette_reelle": assiette,
        "montant_demande": octroi.ligne.aide, "observations": f"{MOTIF} : coûts et pièces inventés.",
    }  # fmt: skip
    plan = calcul.en_financements(dossier.financements.all())
    dossier = actions.modifier_dossier(dossier, valeurs, plan, version_lue=dossier.version, par=None)
    pieces.reprendre_de_la_fiche(dossier, par=None)
    if cas.jusqu_a == "brouillon":
        return dossier
    _joindre_ce_qui_manque(dossier)
    dossier = actions.deposer(_relire(dossier), par=None, le=DEPOT_LE)
    if cas.jusqu_a == "rejete":
        return instruction.rejeter(dossier, f"{MOTIF} : dépense hors règlement.", par=par, le=COMPLET_LE)
    if cas.jusqu_a == "a_completer":
        piece = dossier.pieces.order_by("-pk").first()
        assert piece is not None
        pieces.refuser_piece(
            piece, f"{MOTIF} : la pièce n’est pas signée.", echeance=PROCHAINE_LE, par=par, le=COMPLET_LE
        )
        return _relire(dossier)
    if cas.jusqu_a == "depose":
        return dossier
    pieces.accepter_tout(dossier, par=par)
    dossier = instruction.accuser(_relire(dossier), par=par, le=COMPLET_LE)
    if cas.jusqu_a == "complet":
        return dossier
    aide = calcul.aide_de(dossier, PROPOSE_LE)
    assert aide is not None
    return instruction.proposer(dossier, aide.montant, "", par=par, le=PROPOSE_LE)


def _joindre_ce_qui_manque(dossier: Dossier) -> None:
    """A blank page, named as an example, for each piece that is missing."""
    dossier = _relire(dossier)
    gardees = list(dossier.pieces.all())
    for attendu, etat, _ in completude.completude_de(dossier, gardees).etats:
        if etat == "a_fournir":
            envoi = Envoi(f"{attendu.code}-exemple.pdf", page_d_exemple())
            pieces.joindre(dossier, attendu.code, envoi, par=None)


def page_d_exemple() -> bytes:
    """One blank page of PDF."""
    import pypdfium2

    document, tampon = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(595, 842)
    document.save(tampon)
    return tampon.getvalue()


def _porter(dossiers: list[Dossier], numero: str, seance: date, par: Agent) -> RapportCommission:
    autorite = dossiers[0].demarche.autorite
    valeurs = {"numero": numero, "objet": OBJET, "assemblee": "Commission permanente", "seance_le": seance}
    rapport = rapports.creer_rapport(autorite, valeurs, par=par)
    rapports.ajouter(rapport, [d.pk for d in dossiers], par=par)
    rapport.refresh_from_db()
    return rapports.inscrire(rapport, par=par, le=PROPOSE_LE)


def _faire_voter(dossiers: list[Dossier], par: Agent) -> None:
    rapport = _porter(dossiers, "CP-26-118 (démonstration)", SEANCE_LE, par)
    rapports.noter_vote(rapport, "DEMO-CP-26-301", SEANCE_LE, {}, pour=24, contre=0, abstentions=2, par=par)
