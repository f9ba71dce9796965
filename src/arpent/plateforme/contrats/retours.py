"""What a contract that came back from Word proposes to the drafting, and its adoption."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from arpent.metier.clauses.retour import (
    ArticleEcrit,
    ArticleRevenu,
    EtatRetour,
    comparer_retour,
    remettre_champs,
)
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.reglements.differences import Passage, mot_a_mot

from .assemblage import Assemblage
from .exigences import ContratRefuse
from .models import ArticleRedige, Contrat, VersionContrat
from .redaction import CHAMPS_ARTICLE, ArticleRefuse, ajouter_article, enregistrer_article
from .retour_word import Retour

GENRES: dict[EtatRetour, tuple[str, str]] = {
    EtatRetour.INCHANGE: ("neutre", "inchangé"),
    EtatRetour.MODIFIE: ("info", "modifié"),
    EtatRetour.CONFLIT: ("alerte", "modifié des deux côtés"),
    EtatRetour.AJOUTE: ("info", "ajouté"),
    EtatRetour.ABSENT: ("non", "absent du document"),
}


@dataclass(frozen=True, slots=True)
class Ligne:
    """One article that differs, ready to be shown and adopted. `brut`: its text with the merge fields."""

    revenu: ArticleRevenu
    passages: tuple[Passage, ...]
    brut: str
    version_lue: int
    verrouille: bool

    @property
    def genre(self) -> str:
        return GENRES[self.revenu.etat][0]

    @property
    def libelle(self) -> str:
        return GENRES[self.revenu.etat][1]

    @property
    def reprenable(self) -> bool:
        """Whether it can be adopted here: the article is known, or new."""
        if self.verrouille or self.revenu.etat is EtatRetour.ABSENT:
            return False
        return bool(self.revenu.code) or self.revenu.etat is EtatRetour.AJOUTE


@dataclass(frozen=True, slots=True)
class Reprise:
    """An article to adopt. `code` empty: a new one, placed last."""

    code: str
    titre: str
    texte: str
    version_lue: int


def version_de(contrat: Contrat, numero: int | None) -> VersionContrat:
    """The version the file says it is, else the last one. ContratRefuse when there is none."""
    versions = contrat.versions.order_by("-numero")
    trouvee = versions.filter(numero=numero).first() if numero else versions.first()
    if trouvee is None:
        raise ContratRefuse(
            f"Le document dit venir de la version {numero}, qui n’existe pas dans ce contrat."
            if numero
            else "Ce contrat n’a aucune version émise : générez-le avant de l’envoyer en relecture."
        )
    return trouvee


def _envoyes(version: VersionContrat) -> list[ArticleEcrit]:
    return [
        ArticleEcrit(a["titre"], "\n\n".join(a["paragraphes"]), str(a["numero"]))
        for a in version.donnees.get("articles") or ()
    ]


def _actuels(assemblage: Assemblage) -> list[ArticleEcrit]:
    """The articles as a new version would print them: the conclusion closes the last one."""
    texte = assemblage.texte
    dernier = len(texte.articles) - 1
    return [
        ArticleEcrit(
            a.titre,
            "\n\n".join((*a.paragraphes, *(texte.conclusion if i == dernier else ()))),
            a.numero,
            a.code,
        )
        for i, a in enumerate(texte.articles)
    ]


def lire_propositions(assemblage: Assemblage, version: VersionContrat, retour: Retour) -> list[Ligne]:
    """The articles that differ. Two queries."""
    contrat = assemblage.matiere.contrat
    clauses = {c.code: c for c in assemblage.clauses}
    lues = dict(ArticleRedige.objects.filter(contrat=contrat).values_list("code", "version"))
    lignes = []
    for revenu in comparer_retour(_envoyes(version), retour.articles, _actuels(assemblage)):
        if revenu.etat is EtatRetour.INCHANGE:
            continue
        clause = clauses.get(revenu.code)
        brut = remettre_champs(revenu.propose, clause.texte if clause else "", assemblage.champs)
        verrouille = bool(clause and clause.modele and clause.modele.verrouille)
        lignes.append(
            Ligne(
                revenu, mot_a_mot(revenu.actuel or revenu.envoye, revenu.propose), brut,
                lues.get(revenu.code, 0), verrouille,
            )
        )  # fmt: skip
    return lignes


@transaction.atomic
def reprendre_retour(contrat: Contrat, reprises: Iterable[Reprise], *, par: Agent) -> int:
    """Adopts these articles, all or none; returns how many. ArticleRefuse names the article."""
    faites = 0
    for reprise in reprises:
        valeurs = _valeurs(contrat, reprise)
        try:
            if reprise.code:
                enregistrer_article(contrat, reprise.code, valeurs, version_lue=reprise.version_lue, par=par)
            else:
                ajouter_article(contrat, valeurs, par=par)
        except ArticleRefuse as refus:
            raise ArticleRefuse(refus.champ, f"« {reprise.titre or reprise.code} » : {refus}") from None
        faites += 1
    return faites


def _valeurs(contrat: Contrat, reprise: Reprise) -> dict[str, object]:
    stocke = ArticleRedige.objects.filter(contrat=contrat, code=reprise.code).first()
    valeurs: dict[str, object] = {nom: getattr(stocke, nom) for nom in CHAMPS_ARTICLE} if stocke else {}
    valeurs |= {"texte": reprise.texte, "retire": False}
    if reprise.titre:
        valeurs["titre"] = reprise.titre
    return valeurs


def resume(lignes: Sequence[Ligne]) -> list[tuple[str, int]]:
    """How many articles of each kind differ, those that exist only."""
    return [(GENRES[etat][1], n) for etat in GENRES if (n := sum(x.revenu.etat is etat for x in lignes))]
