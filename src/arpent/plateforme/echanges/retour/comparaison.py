"""What came back against the plan of today: changes, conflicts, new projects, rejects."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from arpent.plateforme.acteurs.droits import ACCORDE, Avis
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.actions import LigneSaisie, lignes_de
from arpent.plateforme.plans.droits import peut_proposer_pour, peut_rediger, priorites_ouvertes
from arpent.plateforme.plans.models import Fiche

from ..annuaire import Annuaire
from ..reperes import Rejet, cle
from ..valeurs import ValeurIllisible
from .cellules import affiche, affiche_plan, incoherence, lignes_lues, valeur_de
from .colonnes import (
    COLONNES,
    FINANCEMENTS,
    LIBELLES,
    PAR_CODE,
    RANGS,
    CellulesLigne,
    Choix,
    choix_de,
    textes_de,
    textes_du_plan,
)

RELATIONS = ("maitre_ouvrage", "theme", "axe", "enjeu", "commune")


@dataclass(frozen=True, slots=True)
class Changement:
    """One cell: as it went out, as it is today, as it came back. In conflict when the last two both moved."""

    code: str
    depart: str
    actuel: str
    retour: str
    valeur: Any
    conflit: bool
    retrait: bool = False

    @property
    def libelle(self) -> str:
        return LIBELLES[self.code]


@dataclass(slots=True)
class FicheChangee:
    """The changes of one fiche."""

    fiche: Fiche
    ligne: int
    changements: list[Changement] = field(default_factory=list)

    def cle(self, changement: Changement) -> str:
        """Names a cell in the answers of the person."""
        return f"{self.fiche.pk}:{changement.code}"

    @property
    def choses(self) -> list[tuple[str, Changement]]:
        return [(self.cle(c), c) for c in self.changements]


@dataclass(frozen=True, slots=True)
class FicheNouvelle:
    ligne: int
    champs: dict[str, Any]
    plan: tuple[LigneSaisie, ...]


@dataclass(slots=True)
class Bilan:
    """All that the workbook would do today."""

    changees: list[FicheChangee] = field(default_factory=list)
    nouvelles: list[FicheNouvelle] = field(default_factory=list)
    absentes: list[Fiche] = field(default_factory=list)
    rejets: list[Rejet] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def conflits(self) -> int:
        return sum(c.conflit or c.retrait for f in self.changees for c in f.changements)

    @property
    def cellules(self) -> int:
        return sum(len(f.changements) for f in self.changees)

    @property
    def empreinte(self) -> str:
        """What the person agrees to: another one means that the plan has moved since."""
        vus = [
            [f.fiche.pk, f.fiche.version, [[c.code, c.depart, c.actuel, c.retour] for c in f.changements]]
            for f in self.changees
        ]
        tout = [vus, [n.ligne for n in self.nouvelles], [list(map(str, r.cause)) for r in self.rejets]]
        return hashlib.sha256(json.dumps(tout).encode()).hexdigest()[:32]


@dataclass(slots=True)
class _Comparaison:
    demarche: Demarche
    par: Agent | None
    choix: dict[str, Choix]
    annuaire: Annuaire
    fiches: dict[int, Fiche]
    projets: set[tuple[str, int]]
    bilan: Bilan

    def rejeter(self, ligne: int, colonne: str, cause: str, conseil: str = "", valeur: str = "") -> None:
        self.bilan.rejets.append(Rejet(ligne, colonne, cause, conseil, valeur))

    def peut_ecrire(self, fiche: Fiche, code: str) -> Avis:
        """A rank belongs to whoever it is the rank of; the rest to those who write the fiche. No query."""
        if self.par is None:
            return ACCORDE
        if code not in RANGS:
            return peut_rediger(self.par, fiche)
        if code in priorites_ouvertes(self.par, fiche):
            return ACCORDE
        return Avis(False, f"Vous ne pouvez pas fixer ce rang : {RANGS[code]}.")


def comparer_au_plan(demarche: Demarche, ecarts: Mapping[str, Any], par: Agent | None) -> Bilan:
    """The whole account. Nine queries whatever the workbook holds."""
    touchees = {c[1] for c in ecarts["cellules"]} | {p[1] for p in ecarts["plans"]} | set(ecarts["absentes"])
    fiches = Fiche.objects.filter(demarche=demarche, pk__in=touchees)
    lues = {f.pk: f for f in fiches.select_related(*RELATIONS).prefetch_related("financements")}
    for fiche in lues.values():
        fiche.demarche = demarche
    bilan = Bilan(rejets=[Rejet(*r) for r in ecarts["rejets"]], notes=list(ecarts["notes"]))
    projets = Fiche.objects.filter(demarche=demarche).order_by().values_list("titre", "maitre_ouvrage_id")
    comparaison = _Comparaison(
        demarche,
        par,
        choix_de(demarche),
        Annuaire.lire(demarche),
        lues,
        {(cle(titre), mo) for titre, mo in projets} if ecarts["nouvelles"] else set(),
        bilan,
    )
    _changees(comparaison, ecarts)
    _nouvelles(comparaison, ecarts["nouvelles"])
    bilan.absentes = sorted((lues[pk] for pk in ecarts["absentes"] if pk in lues), key=lambda f: f.numero)
    return bilan


def _changees(c: _Comparaison, ecarts: Mapping[str, Any]) -> None:
    par_fiche: dict[int, FicheChangee | None] = {}

    def ouvrir(ligne: int, pk: int, code: str, retour: str) -> FicheChangee | None:
        """The fiche when that cell may be written; a reject keeps what was typed else."""
        if pk not in par_fiche:
            fiche = c.fiches.get(pk)
            par_fiche[pk] = None if fiche is None else FicheChangee(fiche, ligne)
        if (changee := par_fiche[pk]) is None:
            c.rejeter(ligne, LIBELLES[code], "Cette fiche n’est plus dans le plan.", valeur=retour)
        elif avis := c.peut_ecrire(changee.fiche, code):
            return changee
        else:
            c.rejeter(ligne, LIBELLES[code], avis.raison, valeur=retour)
        return None

    for ligne, pk, code, depart, retour in ecarts["cellules"]:
        if code in PAR_CODE and (changee := ouvrir(ligne, pk, code, retour)):
            _cellule(c, changee, ligne, code, depart, retour)
    for ligne, pk, depart, retour in ecarts["plans"]:
        lignes = " ; ".join(" / ".join(x for x in row if x) for row in retour)
        if changee := ouvrir(ligne, pk, FINANCEMENTS, lignes):
            _plan(c, changee, ligne, depart, retour)
    c.bilan.changees = [f for f in par_fiche.values() if f is not None and f.changements]
    for changee in list(c.bilan.changees):
        _verifier(c, changee)


def _cellule(c: _Comparaison, changee: FicheChangee, ligne: int, code: str, depart: str, retour: str) -> None:
    actuel = textes_de(changee.fiche, c.choix)[code]
    if actuel == retour:
        return
    try:
        valeur = valeur_de(PAR_CODE[code], retour, c.choix, c.annuaire)
    except ValeurIllisible as refus:
        c.rejeter(ligne, LIBELLES[code], refus.cause, refus.conseil, retour)
        return
    changee.changements.append(
        Changement(
            code,
            affiche(code, depart),
            affiche(code, actuel),
            affiche(code, retour),
            valeur,
            conflit=actuel != depart,
        )
    )


def _plan(
    c: _Comparaison,
    changee: FicheChangee,
    ligne: int,
    depart: Sequence[Sequence[str]],
    retour: Sequence[Sequence[str]],
) -> None:
    actuel = textes_du_plan(lignes_de(changee.fiche), c.choix)
    if actuel == [tuple(x) for x in retour]:
        return
    try:
        lues = lignes_lues(retour, c.choix)
    except ValeurIllisible as refus:
        c.rejeter(ligne, LIBELLES[FINANCEMENTS], refus.cause, refus.conseil)
        return
    restantes: list[CellulesLigne] = [(a, b, s, d, m) for a, b, s, d, m in retour]
    changee.changements.append(
        Changement(
            FINANCEMENTS,
            affiche_plan(depart) or "(vide)",
            affiche_plan(actuel) or "(vide)",
            affiche_plan(retour) or "(vide)",
            lues,
            conflit=actuel != [tuple(x) for x in depart],
            retrait=len(restantes) < len(depart),
        )
    )


def _verifier(c: _Comparaison, changee: FicheChangee) -> None:
    """Takes out a fiche whose accepted cells contradict each other."""
    essai = Fiche(
        **{code: getattr(changee.fiche, code) for code in ("debut_le", "fin_le", "cout_ht", "assiette")},
        aide_demandee=changee.fiche.aide_demandee,
    )
    for changement in changee.changements:
        if not changement.conflit and changement.code in {
            "debut_le", "fin_le", "cout_ht", "assiette", "aide_demandee",
        }:  # fmt: skip
            setattr(essai, changement.code, changement.valeur)
    # What was already incoherent before is not the doing of this workbook.
    if (trouvee := incoherence(essai)) and trouvee != incoherence(changee.fiche):
        c.bilan.changees.remove(changee)
        c.rejeter(changee.ligne, trouvee[0], trouvee[1], "Corrigez l’une des deux cellules.")


def _nouvelles(c: _Comparaison, nouvelles: Iterable[Sequence[Any]]) -> None:
    permises = None if c.par is None else peut_proposer_pour(c.par, c.demarche)
    for ligne, textes, plan in nouvelles:
        champs: dict[str, Any] = {}
        avant = len(c.bilan.rejets)
        for colonne in COLONNES:
            texte = textes.get(colonne.code, "")
            if not texte and colonne.genre == "choix" and colonne.code not in {"maitre_ouvrage"}:
                continue  # the usual value of a draft
            try:
                champs[colonne.code] = valeur_de(colonne, texte, c.choix, c.annuaire)
            except ValeurIllisible as refus:
                c.rejeter(ligne, colonne.libelle, refus.cause, refus.conseil, texte)
        try:
            lignes = lignes_lues(plan, c.choix)
        except ValeurIllisible as refus:
            c.rejeter(ligne, LIBELLES[FINANCEMENTS], refus.cause, refus.conseil)
        if len(c.bilan.rejets) > avant:
            continue
        _retirer_les_rangs_d_autrui(c, ligne, champs)
        _ajouter(c, FicheNouvelle(ligne, champs, lignes), permises)


def _retirer_les_rangs_d_autrui(c: _Comparaison, ligne: int, champs: dict[str, Any]) -> None:
    """A new project enters without the ranks that are not the person's to give."""
    essai = Fiche(demarche=c.demarche, maitre_ouvrage=champs["maitre_ouvrage"])
    for code in RANGS:
        if champs[code] is not None and not (avis := c.peut_ecrire(essai, code)):
            c.rejeter(ligne, LIBELLES[code], avis.raison, "Le projet entre sans ce rang.", str(champs[code]))
            champs[code] = None


def _ajouter(c: _Comparaison, nouvelle: FicheNouvelle, permises: set[int] | None) -> None:
    champs, proprietaire = nouvelle.champs, nouvelle.champs["maitre_ouvrage"]
    projet = (cle(champs["titre"]), proprietaire.pk)
    if permises is not None and proprietaire.pk not in permises:
        cause = f"Vous ne pouvez pas ouvrir de fiche pour {proprietaire.nom}."
        c.rejeter(nouvelle.ligne, LIBELLES["maitre_ouvrage"], cause, "Adressez-vous à cette structure.")
    elif projet in c.projets:
        c.rejeter(
            nouvelle.ligne,
            LIBELLES["titre"],
            "Ce projet du même maître d’ouvrage est déjà dans le plan, ou plus haut dans le fichier.",
            "Retirez la ligne, ou renommez-la.",
            champs["titre"],
        )
    elif trouvee := incoherence(Fiche(demarche=c.demarche, **champs)):
        c.rejeter(nouvelle.ligne, trouvee[0], trouvee[1], "Corrigez l’une des deux cellules.")
    else:
        c.projets.add(projet)
        c.bilan.nouvelles.append(nouvelle)
