"""The steering table as a workbook, exactly as shown, and the brief of the elected member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.cycles import CYCLE_CONTRAT, EtatContrat
from arpent.plateforme.documents.chartes import charte_doc
from arpent.plateforme.documents.donnees import Cellule, ColonneDoc
from arpent.plateforme.documents.donnees_pilotage import ChiffreDoc, LignePilotageDoc, NotePilotageDoc
from arpent.plateforme.documents.rendu.pdf_pilotage import rendre_note_pilotage_pdf
from arpent.plateforme.documents.rendu.xlsx import rendre_tableau_xlsx
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.templatetags.formats import date_fr

from .filtres import Filtres
from .lecture import SILENCE, Territoire

COLONNES = (
    ColonneDoc("territoire", "Territoire"),
    ColonneDoc("generation", "Génération"),
    ColonneDoc("phase", "Phase"),
    ColonneDoc("faites", "Étapes faites", "entier"),
    ColonneDoc("attendues", "Étapes attendues", "entier"),
    ColonneDoc("prochaine", "Prochaine étape"),
    ColonneDoc("prevue", "Prévue le", "date"),
    ColonneDoc("retard", "Retard (jours)", "entier"),
    ColonneDoc("depart", "Signature au départ", "date"),
    ColonneDoc("prevision", "Signature prévue", "date"),
    ColonneDoc("tot", "Au plus tôt", "date"),
    ColonneDoc("tard", "Au plus tard", "date"),
    ColonneDoc("fiches", "Fiches", "entier"),
    ColonneDoc("demande", "Aide demandée", "montant"),
    ColonneDoc("propose", "Aide proposée", "montant"),
    ColonneDoc("contractualise", "Aide contractualisée", "montant"),
    ColonneDoc("contrat", "Contrat"),
    ColonneDoc("activite", "Dernier geste", "date"),
)
LIGNES_NOTE = 12
"""How many territories a list of the brief names at most; fewer when its one page does not hold them."""


def totaux_de(lignes: Sequence[Territoire]) -> dict[str, Decimal]:
    """The three amounts of the lines shown."""
    return {c: sum((getattr(x, c) for x in lignes), ZERO) for c in ("demande", "propose", "contractualise")}


def _ligne(x: Territoire) -> Mapping[str, Cellule]:
    return {
        "territoire": x.nom,
        "generation": x.demarche.generation,
        "phase": x.phase,
        "faites": x.faites,
        "attendues": x.attendues,
        "prochaine": x.prochaine.libelle if x.prochaine else "",
        "prevue": x.prochaine.prevue_le if x.prochaine else None,
        "retard": x.retard,
        "depart": x.depart,
        "prevision": x.prevision.le,
        "tot": x.prevision.tot,
        "tard": x.prevision.tard,
        "fiches": x.fiches,
        "demande": x.demande,
        "propose": x.propose,
        "contractualise": x.contractualise,
        "contrat": CYCLE_CONTRAT.libelle(x.contrat) if x.contrat else "",
        "activite": x.derniere_activite,
    }


def en_donnees(x: Territoire) -> dict[str, Cellule]:
    """One line by column code, for the console, with the method of its forecast."""
    return {**_ligne(x), "identifiant": x.demarche.slug, "methode": x.prevision.methode}


def en_xlsx(dispositif: Dispositif, lignes: Sequence[Territoire], filtres: Filtres, le: date) -> bytes:
    """The lines shown, in the order shown, with their totals."""
    mentions = [f"Filtres\u00a0: {filtres.phrase() or 'aucun'}. {len(lignes)} territoire(s)."]
    totaux: dict[str, Decimal | int] = {**totaux_de(lignes), "fiches": sum(x.fiches for x in lignes)}
    return rendre_tableau_xlsx(
        f"Pilotage\u00a0: {dispositif.nom}",
        COLONNES,
        [_ligne(x) for x in lignes],
        totaux,
        mentions,
        etabli_le=le,
    )


def note_de(
    dispositif: Dispositif, lignes: Sequence[Territoire], le: date, filtres: Filtres
) -> NotePilotageDoc:
    """What is decided, what remains, who is late, how much. One query: the charter."""
    vigueur = [x for x in lignes if x.contrat in _TENUS]
    reste = sorted((x for x in lignes if x.contrat not in _TENUS), key=lambda x: x.prevision.le or date.max)
    tardifs = [x for x in lignes if x.retard]
    muets = [x.nom for x in lignes if x.est_silencieux]
    totaux = totaux_de(lignes)
    autorite = dispositif.autorite
    return NotePilotageDoc(
        dispositif=dispositif.nom,
        autorite=autorite.nom,
        perimetre=filtres.phrase(),
        chiffres=(
            ChiffreDoc("Territoires en démarche", str(len(lignes))),
            ChiffreDoc("Contrats en vigueur", str(len(vigueur))),
            ChiffreDoc("Territoires en retard", str(len(tardifs))),
            ChiffreDoc("Aide demandée", formater_euros(totaux["demande"], centimes=False)),
            ChiffreDoc("Aide proposée", formater_euros(totaux["propose"], centimes=False)),
            ChiffreDoc("Aide contractualisée", formater_euros(totaux["contractualise"], centimes=False)),
        ),
        decide=tuple(
            LignePilotageDoc(
                x.nom,
                f"contrat {CYCLE_CONTRAT.libelle(x.contrat).lower()}",
                formater_euros(x.contractualise, centimes=False),
            )
            for x in vigueur[:LIGNES_NOTE]
        ),
        decide_en_plus=max(len(vigueur) - LIGNES_NOTE, 0),
        reste=tuple(
            LignePilotageDoc(x.nom, x.prochaine.libelle if x.prochaine else x.phase, _signature(x))
            for x in reste[:LIGNES_NOTE]
        ),
        reste_en_plus=max(len(reste) - LIGNES_NOTE, 0),
        retards=tuple(
            LignePilotageDoc(x.nom, x.prochaine.libelle if x.prochaine else x.phase, f"{x.retard} jours")
            for x in tardifs[:LIGNES_NOTE]
        ),
        retards_en_plus=max(len(tardifs) - LIGNES_NOTE, 0),
        silencieux=tuple(muets),
        silence_jours=SILENCE,
        etabli_le=le,
        charte=charte_doc(autorite.pk, autorite.nom),
    )


_TENUS = frozenset({EtatContrat.EN_VIGUEUR.value, EtatContrat.ECHU.value, EtatContrat.SOLDE.value})


def _signature(x: Territoire) -> str:
    p = x.prevision
    if p.le is None:
        return "non prévue"
    if p.tot and p.tard:
        return f"{date_fr(p.le, 'courte')} ({date_fr(p.tot, 'courte')} à {date_fr(p.tard, 'courte')})"
    return date_fr(p.le, "courte")


def en_pdf(note: NotePilotageDoc) -> bytes:
    """One page, PDF/A and PDF/UA. RenduImpossible."""
    return rendre_note_pilotage_pdf(note)
