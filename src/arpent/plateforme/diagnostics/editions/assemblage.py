"""The portrait de territoire as a frozen dataclass: figures, drawings, findings, sources; all written.

Read once from the store and the database; the renderers of `documents` only lay it out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256

from arpent.metier.argent import formater_nombre
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees import ConstatDoc, EnjeuDoc, TypeConstat
from arpent.plateforme.documents.donnees_portrait import (
    ChiffreDoc,
    FamilleDoc,
    GraphiqueDoc,
    LigneFamilleDoc,
    PortraitDoc,
    SourceDoc,
)
from arpent.plateforme.observatoire.portrait import Famille, LignePortrait
from arpent.plateforme.territoires.models import Commune

from .. import phrases
from ..constats.tableau import constats_de, preuve_ecrite
from ..lecture import Lecture, lire, noms_des_epci
from ..portraits.dessins import dessiner, evolutions_de_famille, positions_de_famille, sources
from .chapitres import COLONNE, flux_doc, graphique, vulnerabilite_doc

GABARIT = "portrait/v1"
ENSEMBLE = ("population", "pyramide", "ages", "activite", "singularites")
EN_COLONNE = ("population", "pyramide", "singularites")
CARTE_LARGEUR = 560
LIGNES_PAR_FAMILLE = 5
CARTES = ("croissance_population", "densite", "population")
"""The indicator of the map of the perimeter: the first that is drawn."""
TYPES: dict[str, TypeConstat] = {
    "force": "force",
    "faiblesse": "faiblesse",
    "opportunite": "opportunité",
    "menace": "menace",
}
METHODE = (
    "Chaque indicateur est recalculé sur les communes du périmètre, à partir de son numérateur et de son "
    "dénominateur. Une médiane n’est jamais additionnée ni moyennée.",
    "Une valeur absente est écrite « non disponible », une valeur couverte par le secret statistique est "
    "écrite comme telle ; aucune des deux n’est comptée pour zéro.",
    "La couverture est la part de la population du périmètre pour laquelle la donnée est connue.",
    "Les jumeaux sont les intercommunalités les plus proches par leurs caractères ; leur repère est la "
    "médiane de leurs valeurs.",
    "Les flux de revenus sont des estimations : lire l’intervalle autant que la valeur centrale.",
)


def assembler(demarche: Demarche, le: date) -> PortraitDoc:
    """Raises ObservatoireVide when no store is loaded, ValueError when the perimeter is empty."""
    lecture = lire(demarche, le)
    constats = list(constats_de(demarche))
    enjeux = list(demarche.enjeux.all())
    vulnerabilite = vulnerabilite_doc(lecture)
    return PortraitDoc(
        gabarit=GABARIT,
        titre=phrases.titre(lecture),
        territoire=lecture.nom,
        autorite=demarche.autorite.nom,
        dispositif=demarche.processus.dispositif.nom,
        perimetre=_perimetre(lecture),
        intercommunalites=tuple(noms_des_epci().get(s, s) for s in lecture.perimetre.epci),
        communes=tuple(
            Commune.objects.filter(pk__in=lecture.perimetre.communes)
            .order_by("nom")
            .values_list("nom", flat=True)
        ),
        fige_le=le,
        donnees_sha256=sha256(json.dumps(lecture.magasin.manifeste, sort_keys=True).encode()).hexdigest(),
        chiffres=tuple(
            ChiffreDoc(c.libelle, c.valeur, c.detail, c.source) for c in phrases.chiffres(lecture)
        ),
        carte=next(_cartes(lecture), None),
        ensemble=tuple(_ensemble(lecture)),
        familles=tuple(_famille(lecture, f) for f in lecture.familles),
        flux=flux_doc(demarche, lecture, le),
        vulnerabilite=vulnerabilite,
        constats=tuple(
            ConstatDoc(TYPES[c.nature], c.texte, preuve_ecrite(c))
            for c in constats
            if c.accord != c.Accord.CONTESTE
        ),
        enjeux=tuple(
            EnjeuDoc(str(n), e.libelle, str(e.priorite), e.description) for n, e in enumerate(enjeux, 1)
        ),
        sources=_sources(lecture.familles),
        methode=METHODE,
        mentions_demonstration=_mentions(
            constats, enjeux, vulnerabilite is not None and vulnerabilite.demonstration
        ),
    )


def _perimetre(lecture: Lecture) -> str:
    ici = lecture.perimetre
    population = lecture.ligne("population")
    morceaux = [_compte(len(ici.epci), "intercommunalité"), _compte(len(ici.communes), "commune")]
    if population and population.valeur.valeur is not None:
        morceaux.append(f"{formater_nombre(round(population.valeur.valeur))}\u00a0habitants")
    return ", ".join(morceaux)


def _compte(nombre: int, mot: str) -> str:
    return f"{nombre}\u00a0{mot}{'s' if nombre > 1 else ''}"


def _cartes(lecture: Lecture) -> Iterator[GraphiqueDoc]:
    for code in CARTES:
        if dessin := dessiner(lecture, f"carte-{code}"):
            yield graphique(dessin.figure, dessin.source, CARTE_LARGEUR)


def _ensemble(lecture: Lecture) -> Iterator[GraphiqueDoc]:
    for nom in ENSEMBLE:
        if dessin := dessiner(lecture, nom):
            yield graphique(dessin.figure, dessin.source, COLONNE if nom in EN_COLONNE else 720)


def _famille(lecture: Lecture, famille: Famille) -> FamilleDoc:
    connues = [x for x in famille.lignes if x.valeur.valeur is not None]
    # Those that compare with France say more; the order of the catalogue is kept among them.
    choisies = tuple(sorted(connues, key=lambda x: x.france is None)[:LIGNES_PAR_FAMILLE])
    retenue = replace(famille, lignes=tuple(x for x in famille.lignes if x in choisies))
    dessins = (positions_de_famille(lecture, retenue), evolutions_de_famille(lecture, retenue))
    return FamilleDoc(
        titre=famille.libelle,
        resume=phrases.resume_famille(famille.lignes),
        lignes=tuple(_ligne(x) for x in retenue.lignes),
        absentes=tuple(
            x.indicateur.libelle + (" (secret statistique)" if x.valeur.secret else "")
            for x in famille.lignes
            if x.valeur.valeur is None
        ),
        graphiques=tuple(graphique(f, sources(choisies), COLONNE) for f in dessins if f is not None),
    )


def _ligne(x: LignePortrait) -> LigneFamilleDoc:
    quoi = x.indicateur

    def dit(valeur: float | None) -> str:
        return "" if valeur is None else phrases.ecrire(valeur, quoi)

    return LigneFamilleDoc(
        libelle=quoi.libelle,
        valeur=phrases.ecrire(x.valeur.valeur, quoi),
        evolution=x.valeur.evolution_libelle,
        departement=dit(x.departement),
        jumeaux=dit(x.jumeaux),
        france=dit(x.france),
        millesime=x.valeur.millesime,
    )


def _sources(familles: Iterable[Famille]) -> tuple[SourceDoc, ...]:
    """Each producer once: its vintages, the lowest coverage met, what secrecy hides."""
    par_source: dict[str, list[LignePortrait]] = {}
    for famille in familles:
        for x in famille.lignes:
            par_source.setdefault(x.indicateur.source, []).append(x)
    return tuple(_source(titre, lignes) for titre, lignes in sorted(par_source.items()))


def _source(titre: str, lignes: list[LignePortrait]) -> SourceDoc:
    connues = [x for x in lignes if x.valeur.valeur is not None]
    secretes = sum(bool(x.valeur.secret) for x in lignes)
    millesimes = dict.fromkeys(x.valeur.millesime for x in connues)
    basse = min((x.valeur.couverture for x in connues), default=0.0)
    return SourceDoc(
        titre=titre,
        millesime=", ".join(millesimes) or "non disponible",
        couverture=f"{formater_nombre(round(basse * 100))}\u00a0%" if connues else "non disponible",
        secret=_compte(secretes, "indicateur") if secretes else "aucun",
    )


def _mentions(constats: list, enjeux: list, modele: bool) -> tuple[str, ...]:  # type: ignore[type-arg]
    dits = []
    if any(x.demonstration for x in (*constats, *enjeux)):
        dits.append("Constats et enjeux : exemples de démonstration, à remplacer par ceux du territoire.")
    if modele:
        dits.append("Modèle de vulnérabilité : pondérations de démonstration.")
    return tuple(dits)
