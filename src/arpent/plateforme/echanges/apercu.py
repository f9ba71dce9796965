"""What an import would do, line by line, before anything is written.

Order of the checks and their reasons: docs/algorithmes/import-plan.md. A line with one error is rejected
whole; every error of the line is said at once. A plan that does not add up is accepted, with a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.plan_financement import Financeur
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.actions import FicheSaisie, LigneSaisie
from arpent.plateforme.plans.models import Axe, Fiche
from arpent.plateforme.plans.structures import structures_du_territoire
from arpent.plateforme.reglements.models import Theme
from arpent.plateforme.socle.recherche import plier

from . import cellules
from .cellules import Illisible, cle_de_structure
from .correspondance import CHAMPS, OBLIGATOIRES, PAR_CODE, Correspondance, statut_de
from .lecture import FichierIllisible, LigneLue, Tableau

_AUTORITES = {"departement": Financeur.DEPARTEMENT, "region": Financeur.REGION, "etat": Financeur.ETAT}


@dataclass(frozen=True, slots=True)
class Rejet:
    """One thing wrong (or, for a warning, to be looked at) in one cell, and what to do."""

    ligne: int
    colonne: str
    cause: str
    conseil: str


@dataclass(frozen=True, slots=True)
class LigneValide:
    ligne: int
    saisie: FicheSaisie


@dataclass(frozen=True, slots=True)
class Apercu:
    """Lines that would become drafts, errors of the others, warnings on the first."""

    valides: tuple[LigneValide, ...]
    rejets: tuple[Rejet, ...]
    avertissements: tuple[Rejet, ...]
    source: str

    @property
    def lignes_rejetees(self) -> int:
        return len({r.ligne for r in self.rejets})


class _Referentiel:
    """What the lines refer to: five queries, whatever their number."""

    def __init__(self, demarche: Demarche) -> None:
        dispositif = {"dispositif__processus": demarche.version_processus.processus_id}
        self.themes: dict[str, Theme] = {}
        for theme in Theme.objects.filter(**dispositif):
            self.themes |= {plier(theme.libelle): theme, plier(theme.code): theme}
        self.libelles_themes = [t.libelle for t in Theme.objects.filter(**dispositif).order_by("ordre")]
        self.axes: dict[str, Axe] = {}
        for axe in Axe.objects.filter(demarche=demarche):
            self.axes |= {str(axe.numero): axe, plier(axe.libelle): axe}
        self.structures: dict[str, list[Organisation]] = {}
        for structure in structures_du_territoire(demarche):
            for cle in {structure.siren, structure.commune_id or "", cle_de_structure(structure.nom)} - {""}:
                self.structures.setdefault(cle, []).append(structure)
        connues = Fiche.objects.filter(demarche=demarche).values_list("numero", "titre", "maitre_ouvrage_id")
        self.numeros: dict[int, str] = {}
        self.projets: dict[tuple[str, int], str] = {}
        for numero, titre, mo in connues:
            self.numeros[numero] = "déjà dans le plan"
            self.projets[(plier(titre), mo)] = f"déjà dans le plan (fiche n° {numero})"

    def structure(self, texte: str) -> Organisation:
        """The body named by its SIREN, INSEE code or name. Raises Illisible."""
        brut = "".join(texte.split())
        cles = [brut, brut.zfill(5)] if brut.isdigit() else [cle_de_structure(texte)]
        trouvees = next((self.structures[c] for c in cles if c in self.structures), [])
        if not trouvees:
            raise Illisible(
                f"« {texte} » n’est pas une structure connue du territoire",
                "Écrivez le nom d’une commune, d’un EPCI ou d’un syndicat du territoire, son SIREN "
                "ou son code INSEE.",
            )
        if len(trouvees) > 1:
            noms = " ; ".join(s.nom for s in trouvees)
            raise Illisible(f"« {texte} » désigne plusieurs structures ({noms})", "Écrivez plutôt le SIREN.")
        return trouvees[0]


class _Ligne:
    """The reading of one line: each cell is read once, each error kept."""

    def __init__(self, lue: LigneLue, tableau: Tableau, ou: Correspondance, ref: _Referentiel) -> None:
        self.lue, self.tableau, self.ou, self.ref = lue, tableau, ou, ref
        self.rejets: list[Rejet] = []
        self.avertissements: list[Rejet] = []

    def entete(self, code: str) -> str:
        return self.tableau.entetes[self.ou[code]] if code in self.ou else PAR_CODE[code].libelle

    def texte(self, code: str) -> str:
        return self.lue.cellules[self.ou[code]] if code in self.ou else ""

    def refuser(self, code: str, cause: str, conseil: str) -> None:
        self.rejets.append(Rejet(self.lue.numero, self.entete(code), cause, conseil))

    def avertir(self, code: str, cause: str, conseil: str) -> None:
        self.avertissements.append(Rejet(self.lue.numero, self.entete(code), cause, conseil))

    def lire(self, code: str, lecteur: Any) -> Any:
        """The value of a cell, None when it is empty or wrong (the error is kept)."""
        texte = self.texte(code)
        if not texte:
            if PAR_CODE[code].obligatoire:
                self.refuser(code, "la case est vide", "Remplissez-la : elle est nécessaire à une fiche.")
            return None
        try:
            return lecteur(texte)
        except Illisible as erreur:
            self.refuser(code, erreur.cause, erreur.conseil)
            return None

    def theme(self, texte: str) -> Theme:
        if (theme := self.ref.themes.get(plier(texte))) is None:
            raise Illisible(
                f"le thème « {texte} » est inconnu", f"Thèmes : {' ; '.join(self.ref.libelles_themes)}."
            )
        return theme

    def axe(self, texte: str) -> Axe:
        axe = self.ref.axes.get(plier(texte)) or self.ref.axes.get(texte.split(".")[0].strip())
        if axe is None:
            raise Illisible(f"l’axe « {texte} » n’existe pas", "Créez-le dans le plan, ou videz la case.")
        return axe

    def champs(self) -> dict[str, Any]:
        """The model fields of the fiche, absent cells left out."""
        lus = {
            "numero": self.lire("numero", cellules.lire_numero),
            "titre": self.lire("titre", lambda t: cellules.lire_texte(t, 300)),
            "description": self.lire("description", str),
            "maitre_ouvrage": self.lire("mo", self.ref.structure),
            "theme": self.lire("theme", self.theme),
            "axe": self.lire("axe", self.axe),
            "maturite": self.lire("maturite", cellules.lire_maturite),
            "cout_ht": self.lire("cout_ht", cellules.lire_euros),
            "cout_ttc": self.lire("cout_ttc", cellules.lire_euros),
            "assiette": self.lire("assiette", cellules.lire_euros),
            "aide_demandee": self.lire("aide_demandee", cellules.lire_euros),
            "annee": self.lire("annee", cellules.lire_annee),
            "debut_le": self.lire("debut", cellules.lire_jour),
            "fin_le": self.lire("fin", cellules.lire_jour),
            "priorite_maitre_ouvrage": self.lire("priorite", cellules.lire_rang),
        }
        return {nom: valeur for nom, valeur in lus.items() if valeur is not None}

    def financements(self, autorite: Financeur | None, champs: dict[str, Any]) -> list[LigneSaisie]:
        """The money columns. That of the authority itself is the aid asked, not a row of the plan."""
        lignes = []
        for champ in CHAMPS:
            if champ.financeur is None or not (montant := self.lire(champ.code, cellules.lire_euros)):
                continue
            statut = statut_de(self.entete(champ.code))
            if champ.financeur is autorite and statut.value != "acquis":
                self._aide_de_l_autorite(champ.code, montant, champs)
                continue
            lignes.append(LigneSaisie(champ.financeur, montant, statut, self.entete(champ.code)[:150]))
        return lignes

    def _aide_de_l_autorite(self, code: str, montant: Decimal, champs: dict[str, Any]) -> None:
        demandee = champs.setdefault("aide_demandee", montant)
        if demandee != montant:
            self.avertir(
                code,
                f"{formater_euros(montant)} diffère de l’aide demandée, {formater_euros(demandee)}",
                "L’aide demandée est retenue ; corrigez la fiche s’il le faut.",
            )

    def coherence(self, champs: dict[str, Any], lignes: list[LigneSaisie]) -> None:
        """What only two cells together can say."""
        cout = champs.get("cout_ht")
        if cout is None:
            return
        for code, quoi in (("assiette", "la dépense éligible"), ("aide_demandee", "l’aide demandée")):
            if champs.get(code, ZERO) > cout:
                self.refuser(code, f"{quoi} dépasse le coût", "Corrigez l’un des deux montants.")
        debut, fin = champs.get("debut_le"), champs.get("fin_le")
        if debut and fin and fin < debut:
            self.refuser("fin", "la fin précède le début", "Corrigez l’une des deux dates.")
        if not cout:
            self.avertir("cout_ht", "le coût est nul", "La fiche ne pourra pas être proposée sans coût.")
        ecart = cout - champs.get("aide_demandee", ZERO) - sum((x.montant for x in lignes), ZERO)
        if lignes and ecart:
            sens = (
                f"il manque {formater_euros(ecart)}"
                if ecart > 0
                else f"il y a {formater_euros(-ecart)} de trop"
            )
            self.avertir(
                "cout_ht", f"le plan ne somme pas au coût : {sens}", "Complétez le plan sur la fiche."
            )

    def doublons(self, champs: dict[str, Any], vus: _Vus) -> None:
        """Twice the same number or the same project, in the file or against the plan."""
        numero = champs.get("numero")
        if numero and (deja := vus.numeros.get(numero)):
            self.refuser("numero", f"le numéro {numero} est {deja}", "Changez-le, ou videz la case.")
        if "titre" not in champs or "maitre_ouvrage" not in champs:
            return
        cle = (plier(champs["titre"]), champs["maitre_ouvrage"].pk)
        if deja := vus.projets.get(cle):
            self.refuser("titre", f"ce projet est {deja}", "Retirez la ligne, ou précisez l’intitulé.")
        if not self.rejets:
            vus.projets[cle] = f"déjà à la ligne {self.lue.numero} du fichier"
            if numero:
                vus.numeros[numero] = f"déjà à la ligne {self.lue.numero} du fichier"


@dataclass(frozen=True, slots=True)
class _Vus:
    numeros: dict[int, str]
    projets: dict[tuple[str, int], str]


def colonnes_manquantes(ou: Mapping[str, int]) -> list[str]:
    """Labels of the necessary fields that no column feeds."""
    return [champ.libelle for champ in OBLIGATOIRES if champ.code not in ou]


def verifier(demarche: Demarche, tableau: Tableau, correspondance: Correspondance) -> Apercu:
    """Reads every line against the territory. Writes nothing. Six queries whatever the number of lines.

    Raises FichierIllisible when a necessary column is missing.
    """
    ou = {c: i for c, i in correspondance.items() if c in PAR_CODE and 0 <= i < len(tableau.entetes)}
    if manquantes := colonnes_manquantes(ou):
        raise FichierIllisible(
            f"Colonne absente : {', '.join(manquantes)}. "
            f"Colonnes lues : {', '.join(filter(None, tableau.entetes))}."
        )
    ref = _Referentiel(demarche)
    vus = _Vus(ref.numeros, ref.projets)
    autorite = _AUTORITES.get(demarche.autorite.nature)
    valides: list[LigneValide] = []
    rejets: list[Rejet] = []
    avertissements: list[Rejet] = []
    for lue in tableau.lignes:
        ligne = _Ligne(lue, tableau, ou, ref)
        champs = ligne.champs()
        financements = ligne.financements(autorite, champs)
        ligne.coherence(champs, financements)
        ligne.doublons(champs, vus)
        if ligne.rejets:
            rejets += ligne.rejets
            continue
        avertissements += ligne.avertissements
        valides.append(LigneValide(lue.numero, FicheSaisie(champs, tuple(financements))))
    source = f"Import de {tableau.nom}" if tableau.nom else "Import d’un plan"
    return Apercu(tuple(valides), tuple(rejets), tuple(avertissements), source)
