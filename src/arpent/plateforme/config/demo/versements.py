"""Demonstration of what follows an award: payments, a withholding, an aid beyond its deadline, credits voted.

An export of the finance software too. Files awarded in 2024, amounts, dates and mandates are invented.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from arpent.metier.argent import ZERO, arrondir
from arpent.metier.cycles import EtatDossier
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.echanges.finances import actions as finances
from arpent.plateforme.negociations.credits.engagements import Operation, attribuer
from arpent.plateforme.negociations.credits.registre import Piece, soldes_propres
from arpent.plateforme.negociations.models import Enveloppe
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.models import Dispositif, Fonds
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.subventions.apcp.actions import saisir_vote
from arpent.plateforme.subventions.echeances import actions as echeances
from arpent.plateforme.subventions.echeances.documents import accorder_et_emettre
from arpent.plateforme.subventions.models import (
    DemandeVersement,
    Dossier,
    DossierQuerySet,
    NumeroEngagement,
    VoteCredits,
)
from arpent.plateforme.subventions.versements import actions, pieces
from arpent.plateforme.subventions.versements.actions import Certification
from arpent.plateforme.subventions.versements.compte import lire_compte

from .comptes import agent
from .dossiers import MOTIF, NOTIFIE_LE, page_d_exemple

VOTE_LE, ACTE = date(2024, 10, 14), "DEMO-CP-24-118"
TAUX, AIDE_MAX = Decimal("0.30"), Decimal("12000.00")
VILLAGE = "48070"
"""The commune of the secretary whom the demonstration offers on that territory."""
DEBUT_LE = date(2025, 3, 3)
DEPENSES = (Decimal("0.55"), Decimal("0.75"))
"""Shares of the eligible expense justified by each instalment."""
RETARDS = (12, 34, -6, 48, 21, 75, 5, 62, 30)
"""Days between the planned and the real day of each payment, one after the other."""


@dataclass(slots=True)
class _Mandats:
    """Numbers and delays, one payment after the other."""

    rang: int = 0

    def suivant(self) -> tuple[str, int]:
        self.rang += 1
        return f"DEMO-{4500 + self.rang}", RETARDS[(self.rang - 1) % len(RETARDS)]


def suivre_les_aides(demarche: Demarche) -> None:
    """Payments on the file notified, and files awarded in 2024: under way, extended, beyond its deadline."""
    if DemandeVersement.objects.filter(dossier__demarche=demarche).exists():
        return
    instructrice, mandats = agent("instructeur"), _Mandats()
    passes = [_attribuer(f, rang, instructrice) for rang, f in enumerate(_fiches_passees(demarche)[:5], 1)]
    for rang, dossier in enumerate([d for d in passes if d is not None]):
        if rang == 1:
            _proroger(dossier, instructrice)
        elif rang != 2:
            _verser(dossier, instructrice, mandats)
    notifie = (
        _contexte().filter(demarche=demarche, etat=EtatDossier.NOTIFIE.value, vote_le__gt=VOTE_LE).first()
    )
    if notifie is not None:
        _demander_l_avance(notifie, instructrice)
    _voter_les_credits(demarche.processus.dispositif, instructrice)
    _importer(demarche.processus.dispositif, instructrice)


def _contexte() -> DossierQuerySet:
    return Dossier.objects.avec_contexte()


def _fiches_passees(demarche: Demarche) -> list[Fiche]:
    """Projects out of this contract, the village of the demonstration first, then one of each owner."""
    hors = Fiche.objects.filter(demarche=demarche, aide_accordee=None, cout_ht__gt=0, dossiers=None)
    fiches = hors.select_related("maitre_ouvrage__commune", "theme").order_by("numero")
    vus: dict[int, Fiche] = {}
    for fiche in fiches:
        vus.setdefault(fiche.maitre_ouvrage_id, fiche)
    return sorted(vus.values(), key=lambda f: (_code(f) != VILLAGE, f.numero))


def _code(fiche: Fiche) -> str:
    commune = fiche.maitre_ouvrage.commune
    return commune.code if commune else ""


def _attribuer(fiche: Fiche, rang: int, par: Agent) -> Dossier | None:
    """A file awarded two years ago, outside this contract; None when no envelope has room for it."""
    aide = min(arrondir(fiche.cout_ht * TAUX), AIDE_MAX)
    noeud = next((n for n in _noeuds(fiche.demarche) if soldes_propres(n).reste_a_engager >= aide), None)
    if noeud is None:
        return None
    piece = Piece(MOTIF, ACTE, VOTE_LE, demonstration=True)
    attribuer(noeud, Operation(aide, fiche, VOTE_LE.year, piece), par=par)
    dossier = Dossier.objects.create(
        demarche=fiche.demarche, annee=2024, numero=rang, fiche=fiche, ligne=str(fiche.pk),
        acte_ligne="contrat précédent", maitre_ouvrage=fiche.maitre_ouvrage, fonds=noeud.fonds,
        etat=EtatDossier.NOTIFIE.value, stade="marches", annee_programmation=2024,
        cout_prevu_ht=fiche.cout_ht,
        assiette_prevue=fiche.cout_ht, cout_reel_ht=fiche.cout_ht, assiette_reelle=fiche.cout_ht,
        montant_contractualise=aide, montant_demande=aide, montant_propose=aide, montant_attribue=aide,
        decision=ACTE, depose_le=date(2024, 9, 2), complet_le=date(2024, 9, 10), vote_le=VOTE_LE,
        notifie_le=VOTE_LE, cree_par_nom=par.nom_complet, demonstration=True,
        observations=f"{MOTIF} : aide attribuée en 2024, sous le contrat précédent.",
    )  # fmt: skip
    NumeroEngagement.objects.create(
        dossier=dossier, numero=f"DEMO-E{dossier.pk:04d}", montant=aide, le=VOTE_LE, par_nom=par.nom_complet
    )
    return _contexte().get(pk=dossier.pk)


def _noeuds(demarche: Demarche) -> list[Enveloppe]:
    """The open nodes of the territory."""
    noeuds = Enveloppe.objects.filter(demarche=demarche, ouverte=True).select_related("fonds").order_by("pk")
    return [n for n in noeuds if n.fonds.code != "reserve"]


def _proroger(dossier: Dossier, par: Agent) -> None:
    """Its deadline of start was extended: it does not lapse."""
    prorogation = echeances.demander_prorogation(
        dossier, "commencement", 6, f"{MOTIF} : fouilles préventives.", par=None, le=date(2026, 9, 1),
        demonstration=True,
    )  # fmt: skip
    decision = echeances.Decision(6, "", "DEMO-CP-26-212", date(2026, 10, 5))
    accorder_et_emettre(prorogation, decision, par=par, le=date(2026, 10, 5))


def _verser(dossier: Dossier, par: Agent, mandats: _Mandats) -> None:
    """Works under way: an advance and two instalments, the last one with a withholding."""
    dossier = echeances.declarer(dossier, debut_le=DEBUT_LE, acheve_le=None, par=None, le=date(2025, 3, 10))
    _payer(dossier, "avance", None, date(2025, 3, 20), par, mandats)
    for rang, part in enumerate(DEPENSES):
        depenses = arrondir((dossier.assiette_reelle or ZERO) * part)
        retenue = Decimal("150.00") if rang == len(DEPENSES) - 1 else ZERO
        _payer(dossier, "acompte", depenses, date(2025, 8 + 3 * rang, 12), par, mandats, retenue)


def _payer(
    dossier: Dossier,
    genre: str,
    depenses: Decimal | None,
    le: date,
    par: Agent,
    mandats: _Mandats,
    retenue: Decimal = ZERO,
) -> None:
    dossier = _contexte().get(pk=dossier.pk)
    calcule = lire_compte(dossier).payable(genre, depenses)
    if calcule.refus or calcule.montant <= retenue:
        return
    demande = _deposer(dossier, genre, calcule.montant, depenses, le)
    lu = Certification(
        calcule.montant, depenses, "", retenue, "Panneau de chantier absent" if retenue else ""
    )
    demande = actions.certifier(demande, lu, par=par, le=le)
    numero, retard = mandats.suivant()
    mandat_le = date.fromordinal(le.toordinal() + 15)
    actions.payer(demande, numero, mandat_le, par=par, le=mandat_le)
    prevu = date.fromordinal(mandat_le.toordinal() - retard)
    DemandeVersement.objects.filter(pk=demande.pk).update(prevu_le=prevu)


def _deposer(
    dossier: Dossier, genre: str, montant: Decimal, depenses: Decimal | None, le: date
) -> DemandeVersement:
    valeurs = {
        "genre": genre, "montant_demande": montant, "depenses": depenses,
        "precisions": f"{MOTIF} : montants inventés.",
    }  # fmt: skip
    demande = actions.ouvrir_demande(dossier, valeurs, par=None, demonstration=True)
    pieces.joindre(
        demande, Envoi("etat-des-depenses-exemple.pdf", page_d_exemple()), "État des dépenses", par=None
    )
    return actions.deposer(demande, par=None, le=le)


def _demander_l_avance(dossier: Dossier, par: Agent) -> None:
    """Asked and certified: it waits for its mandate."""
    calcule = lire_compte(dossier).payable("avance")
    if not calcule.refus:
        demande = _deposer(dossier, "avance", calcule.montant, None, NOTIFIE_LE)
        actions.certifier(demande, Certification(calcule.montant), par=par, le=NOTIFIE_LE)


def _voter_les_credits(dispositif: Dispositif, par: Agent) -> None:
    """AP and CP of the first fund, invented: its payments of next year do not all fit."""
    fonds = Fonds.objects.filter(dispositif=dispositif, montant__isnull=False).order_by("ordre", "pk").first()
    if fonds is None or VoteCredits.objects.filter(fonds=fonds).exists():
        return
    for annee, ap, cp in ((2024, 400, 60), (2025, 500, 50), (2026, 1000, 150), (2027, 1000, 60)):
        saisir_vote(
            fonds, annee, ap=Decimal(ap) * 1000, cp=Decimal(cp) * 1000, acte=f"DEMO-CD-{annee % 100}-1003",
            acte_le=date(annee, 2, 12), version_lue=0, par=par, demonstration=True,
        )  # fmt: skip


def _importer(dispositif: Dispositif, par: Agent) -> None:
    """An export with a line to apply and two that wait for somebody."""
    demande = (
        DemandeVersement.objects.filter(etat="certifiee", dossier__demonstration=True)
        .select_related("dossier__maitre_ouvrage")
        .first()
    )
    if demande is None:
        return
    siren = demande.dossier.maitre_ouvrage.siren
    lignes = [
        "N° engagement;SIRET tiers;Nom tiers;Montant mandaté;Date mandat;N° mandat",
        f";{siren}00012;{demande.dossier.maitre_ouvrage.nom};{demande.montant_certifie};27/11/2026;DEMO-4601",
        f";{siren}00012;{demande.dossier.maitre_ouvrage.nom};1234,50;27/11/2026;DEMO-4602",
        ";21480000000011;Commune inconnue (exemple);8000,00;27/11/2026;DEMO-4603",
    ]
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier) / "export-exemple.csv"
        chemin.write_text("\n".join(lignes), encoding="utf-8")
        lecture = finances.recevoir(dispositif, chemin, chemin.name, "paiement", par=par, demonstration=True)
        finances.confirmer(lecture, lecture.correspondance, par=par)
