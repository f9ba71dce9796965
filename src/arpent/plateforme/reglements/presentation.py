"""A dispositif told to a reader: its règlement in plain French, its funds, its process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from arpent.metier.reglement import GENRES, Regle, Reglement, ReglementInvalide, Sorte, lire_reglement, nommer
from arpent.metier.reglement.bareme import Bareme, Parametre
from arpent.metier.reglement.parametres import LignesLegales
from arpent.metier.reglement.regles.base import euros, taux
from arpent.metier.repartition import lire_formule
from arpent.plateforme.socle.pieces import Etape

from .controles import Anomalie, Controle, articles_de, lire_regle, nom_regle, regles_de
from .models import Dispositif, Fonds, VersionReglement

LIGNES_EN_TABLE = 3

REUNIONS = {
    "copil": "comité de pilotage",
    "atelier": "atelier",
    "concertation": "Concertation territoriale",
    "rdv": "Rendez-vous de Territoire",
}


@dataclass(frozen=True, slots=True)
class ValeurLue:
    """One line of a scale: the case, its value in words, where it comes from."""

    cas: str
    valeur: str
    source: str
    demonstration: bool
    est_vide: bool


@dataclass(frozen=True, slots=True)
class TableLue:
    """A scale of several lines, easier to read as a table than in a sentence."""

    libelle: str
    lignes: tuple[ValeurLue, ...]


@dataclass(frozen=True, slots=True)
class RegleLue:
    """One rule as the page prints it. `enonce` is empty when `tables` say it all."""

    intitule: str
    enonce: str
    demonstration: bool
    incomplete: bool
    sources: tuple[str, ...]
    tables: tuple[TableLue, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleLu:
    numero: str
    titre: str
    prose: str
    regles: tuple[RegleLue, ...]


@dataclass(frozen=True, slots=True)
class RegleEcrite:
    """One rule of a draft. `lue` is None while it cannot be read; `anomalies` then say why."""

    nom: str
    genre: str
    lue: RegleLue | None
    anomalies: tuple[Anomalie, ...]


@dataclass(frozen=True, slots=True)
class ArticleEcrit:
    """One article of a draft, whatever is wrong in it."""

    numero: str
    titre: str
    prose: str
    regles: tuple[RegleEcrite, ...]
    anomalies: tuple[Anomalie, ...]


@dataclass(frozen=True, slots=True)
class FondsPresente:
    """A fund and its key in words."""

    fonds: Fonds
    cle: str


@dataclass(frozen=True, slots=True)
class Phase:
    libelle: str
    etapes: tuple[Etape, ...]


def lire_version(version: VersionReglement) -> Reglement:
    """The règlement of a version, with the values in use that day."""
    return lire_reglement(version.contenu, version.demonstration)


def articles(reglement: Reglement, lignes: LignesLegales) -> tuple[ArticleLu, ...]:
    """The règlement in sentences; its legal rules quote `lignes`."""
    return tuple(
        ArticleLu(
            a.numero, a.titre, a.prose, tuple(regle_lue(r, reglement.libelles, lignes) for r in a.regles)
        )
        for a in reglement.articles
    )


def regle_lue(regle: Regle, libelles: Mapping[str, str], lignes: LignesLegales) -> RegleLue:
    """A rule as one reads it: its sentence, or its tables when a scale has several lines."""
    parametres = regle.parametres()
    tables = tuple(_tables(regle, libelles))
    si = f"Si {regle.si.enonce(libelles)} :" if regle.si is not None else ""
    return RegleLue(
        intitule=regle.intitule,
        enonce=si if tables else regle.enonce_complet(libelles, lignes),
        demonstration=any(p.demonstration for p in parametres),
        incomplete=any(p.valeur is None for p in parametres),
        sources=() if tables else tuple(dict.fromkeys(p.source for p in parametres if p.source)),
        tables=tables,
    )


def _tables(regle: Regle, libelles: Mapping[str, str]) -> Iterator[TableLue]:
    """The long scales of a rule; none when the rule has other keys that only its sentence says."""
    autres = [c for c in regle.CHAMPS if c.sorte not in _BAREMES and getattr(regle, c.cle)]
    baremes = [(c, b) for c in regle.CHAMPS if isinstance(b := getattr(regle, c.cle), Bareme)]
    if autres or not any(len(b.parametres()) >= LIGNES_EN_TABLE for _, b in baremes):
        return
    for champ, bareme in baremes:
        ecrire = taux if champ.sorte is Sorte.BAREME_TAUX else euros
        cas = list(_cas(bareme, libelles))
        yield TableLue(champ.libelle, tuple(_valeur(nom, p, ecrire(p.valeur)) for nom, p in cas))


_BAREMES = (Sorte.BAREME_TAUX, Sorte.BAREME_MONTANT)


def _cas(bareme: Bareme, libelles: Mapping[str, str]) -> Iterator[tuple[str, Parametre]]:
    """(case in words, value) of each line, in order."""
    for code, parametre in bareme.valeurs.items():
        yield nommer(code, libelles), parametre
    for tranche in bareme.tranches:
        assert bareme.par is not None
        yield tranche.enonce(bareme.par), tranche.parametre
    for ligne in bareme.lignes:
        yield ligne.enonce(libelles), ligne.parametre
    if bareme.par is None and not bareme.lignes:
        yield "tous les cas", bareme.uniforme


def _valeur(cas: str, parametre: Parametre, ecrite: str) -> ValeurLue:
    vide = parametre.valeur is None
    valeur = "non renseigné" if vide else ecrite
    return ValeurLue(cas[:1].upper() + cas[1:], valeur, parametre.source, parametre.demonstration, vide)


def articles_ecrits(
    contenu: Mapping[str, Any], controle: Controle, demonstration: bool, lignes: LignesLegales
) -> list[ArticleEcrit]:
    """The articles of a draft with what is wrong in each."""
    brut = contenu.get("libelles")
    libelles = brut if isinstance(brut, dict) else {}
    ecrits = []
    for a, article in enumerate(articles_de(contenu)):
        siennes = [x for x in controle.anomalies if x.article == a]
        regles = tuple(
            _regle_ecrite(regle, [x for x in siennes if x.regle == r], demonstration, libelles, lignes)
            for r, regle in enumerate(regles_de(article))
        )
        textes = [str(article.get(cle) or "") for cle in ("numero", "titre", "prose")]
        propres = tuple(x for x in siennes if x.regle is None)
        ecrits.append(ArticleEcrit(textes[0], textes[1], textes[2], regles, propres))
    return ecrits


def _regle_ecrite(
    brute: Mapping[str, Any],
    anomalies: list[Anomalie],
    demonstration: bool,
    libelles: Mapping[str, str],
    lignes: LignesLegales,
) -> RegleEcrite:
    classe = GENRES.get(str(brute.get("genre")))
    genre = classe.INTITULE if classe else str(brute.get("genre") or "Règle sans genre")
    try:
        lue = regle_lue(lire_regle(brute, demonstration, libelles), libelles, lignes)
    except ReglementInvalide:
        lue = None
    return RegleEcrite(nom_regle(brute), genre, lue, tuple(anomalies))


def fonds_presentes(dispositif: Dispositif) -> list[FondsPresente]:
    """The funds with their keys: one query."""
    libelles = {c["code"]: c["libelle"] for c in dispositif.parametres.get("criteres", [])}
    return [FondsPresente(f, _cle_en_mots(f.cle_repartition, libelles)) for f in dispositif.fonds.all()]


def _cle_en_mots(cle: object, libelles: dict[str, str]) -> str:
    """« part égale 50 %, longueur de voirie 25 % »; empty when no key is published."""
    return lire_formule(cle).en_mots(libelles)


def phases(definition: dict[str, Any]) -> tuple[Phase, ...]:
    """The process as timelines, one per phase; nothing is done yet: it is the model."""
    return tuple(
        Phase(phase["libelle"], tuple(_etape(e) for e in phase["etapes"])) for phase in definition["phases"]
    )


def _etape(etape: dict[str, Any]) -> Etape:
    quand = f"M{etape['mois']}" if etape.get("mois") else ""
    morceaux = [
        etape.get("acteur") or "",
        REUNIONS.get(etape.get("reunion") or "", ""),
        "facultative" if etape.get("facultative") else "",
    ]
    return Etape(etape["libelle"], "a_venir", quand, " · ".join(m for m in morceaux if m))
