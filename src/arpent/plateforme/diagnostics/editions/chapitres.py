"""Chapters of the portrait: income flows, vulnerability; and what a chart becomes in a document."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from arpent.metier.argent import formater_nombre
from arpent.metier.flux_revenus import Base
from arpent.metier.vulnerabilite import MEMBRES, ModeleInvalide, eprouver
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees_portrait import (
    BarreDoc,
    BaseDoc,
    EssaiDoc,
    FluxDoc,
    GraphiqueDoc,
    PartenaireDoc,
    VulnerabiliteDoc,
)
from arpent.plateforme.observatoire.navettes import Partenaires
from arpent.plateforme.socle.graphiques.base import Figure

from ..flux.calcul import nom_epci
from ..flux.page import analyser, figures_de, phrase_evasion
from ..lecture import Lecture
from ..vulnerabilites import presentation

PARTENAIRES = 8
ESSAIS = 6
EN_COLONNE = ("carte", "echelles")
"""Charts that share a line of the page."""
ESTIMATION = "Estimation Arpent, flux de revenus"
BARRES_MAX = 12
_NOMBRE = re.compile(r"^([+−-]?[\d\s\u202f\u00a0]+(?:,\d+)?)")


COLONNE = 430
"""Pixels of a drawing laid in half a page: drawn narrower, not shrunk, so that its text stays legible."""


def graphique(figure: Figure, source: str, largeur: int = 720) -> GraphiqueDoc:
    return GraphiqueDoc(
        titre=figure.titre,
        description=figure.description,
        svg=figure.svg_autonome(largeur),
        largeur=largeur,
        entetes=figure.entetes,
        lignes=figure.lignes,
        source=source,
        barres=_barres(figure),
    )


def _barres(figure: Figure) -> tuple[BarreDoc, ...]:
    """The numbers of a table of two columns, read back; empty when one is not a number."""
    if not figure.lignes or len(figure.lignes) > BARRES_MAX or any(len(x) != 2 for x in figure.lignes):
        return ()
    barres = []
    for libelle, ecrit in figure.lignes:
        trouve = _NOMBRE.match(ecrit)
        if trouve is None:
            return ()
        brut = re.sub(r"\s", "", trouve[1]).replace(",", ".").replace("−", "-")
        barres.append(BarreDoc(libelle, Decimal(brut), ecrit))
    return tuple(barres)


# --- Income flows ---------------------------------------------------------------------------------


def flux_doc(demarche: Demarche, lecture: Lecture, le: date) -> FluxDoc:
    analyse = analyser(demarche, le)
    evasion = phrase_evasion(analyse.lieu)
    note = (
        ""
        if analyse.navettes.complete
        else (
            "Seuls les flux de 100 actifs et plus sont connus : chargez le fichier des "
            "mobilités domicile-travail."
        )
    )
    return FluxDoc(
        titre=analyse.titre,
        paragraphes=tuple(x for x in (analyse.texte, evasion[:1].upper() + evasion[1:]) if x),
        bases=tuple(_base(b) for b in lecture.flux.bases),
        partenaires=_partenaires(analyse.partenaires),
        partenaires_note=note,
        graphiques=tuple(
            graphique(f, ESTIMATION, COLONNE if nom in EN_COLONNE else 720)
            for nom, f in figures_de(analyse).items()
            if f is not None and (nom != "navettes" or analyse.navettes.complete)
        ),
        avertissements=tuple(lecture.flux.avertissements),
    )


def _base(base: Base) -> BaseDoc:
    m = base.montant
    notes = [t.confiance.value for t in base.termes if t.montant is not None]
    return BaseDoc(
        libelle=base.libelle,
        bas=m.bas if m else None,
        central=m.central if m else None,
        haut=m.haut if m else None,
        part=base.part,
        part_nationale=base.part_nationale,
        par_habitant=base.par_habitant,
        confiance=max(notes, default=""),
    )


def _partenaires(partenaires: Partenaires) -> tuple[PartenaireDoc, ...]:
    """The places most exchanged with, both ways together; an unknown way is not 0."""
    viennent = {p.code: p.actifs for p in partenaires.depuis}
    partent = {p.code: p.actifs for p in partenaires.vers}
    codes = sorted({*viennent, *partent}, key=lambda c: (-(viennent.get(c, 0) + partent.get(c, 0)), c))
    return tuple(
        PartenaireDoc(nom_epci(c), _actifs(viennent.get(c)), _actifs(partent.get(c)))
        for c in codes[:PARTENAIRES]
    )


def _actifs(nombre: float | None) -> str:
    return "non disponible" if nombre is None else formater_nombre(round(nombre))


# --- Vulnerability --------------------------------------------------------------------------------


def vulnerabilite_doc(lecture: Lecture) -> VulnerabiliteDoc | None:
    """None when the policy has no model that can be applied here."""
    v = lecture.vulnerabilite
    if v is None:
        return None
    classe = v.composee.classe
    try:
        essais = eprouver(v.modele, v.valeurs, v.populations)
    except ModeleInvalide:
        essais = None
    stabilite = ""
    if essais is not None:
        part = formater_nombre(round(essais.part_stable * 100))
        stabilite = (
            f"{part}\u00a0% des {MEMBRES[v.modele.echelle]} comparées gardent leur classe quand chaque poids "
            "varie de 20\u00a0% en plus ou en moins. "
            + (
                "La classe du territoire change dans au moins un essai."
                if essais.defaites
                else "La classe du territoire ne change dans aucun essai."
            )
        )
    dessins = (presentation.raisons(v), presentation.carte(v))
    return VulnerabiliteDoc(
        classe=classe.libelle if classe else "pas de classe",
        modele=v.modele.libelle,
        pourquoi=v.pourquoi.phrase,
        comparaison=v.comparaison,
        membres=tuple(_membre(m.nom, m.classe, m.score, m.rang, v.sur) for m in v.membres),
        effets=tuple(
            f"{e.libelle} : {e.valeur}" for e in presentation.effets(classe, v.types_contrat, v.type_contrat)
        ),
        stabilite=stabilite,
        essais=tuple(
            EssaiDoc(x.libelle, x.hausse, x.baisse)
            for x in (presentation.essais(essais, v.modele)[:ESSAIS] if essais else ())
        ),
        graphiques=tuple(graphique(f, v.modele.libelle, COLONNE) for f in dessins if f is not None),
        avertissements=v.avertissements,
        demonstration=v.modele.demonstration,
    )


def _membre(nom: str, classe: str, score: float | None, rang: int | None, sur: int) -> tuple[str, ...]:
    ecrit = "non disponible" if score is None else f"{score:.2f}".replace(".", ",").replace("-", "−")
    return (nom, classe, ecrit, f"{rang}\u00a0sur\u00a0{sur}" if rang else "–")
