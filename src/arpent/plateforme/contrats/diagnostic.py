"""The summary of the diagnostic that a contract carries as an annex."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.conf import settings

from arpent.metier.argent import formater_nombre
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import ConstatTerritorial, Enjeu
from arpent.plateforme.documents.donnees import (
    ConstatDoc,
    DiagnosticDoc,
    EnjeuDoc,
    IndicateurDoc,
    TypeConstat,
)
from arpent.plateforme.observatoire.magasin import Magasin, ObservatoireVide, ouvrir
from arpent.plateforme.observatoire.portrait import LignePortrait, portrait
from arpent.plateforme.territoires.models import Appartenance
from arpent.plateforme.territoires.perimetres import appartenances_en_cours


def _ecrire(valeur: float | None, decimales: int, unite: str) -> str:
    if valeur is None:
        return ""
    return f"{formater_nombre(Decimal(repr(valeur)), decimales)}\u00a0{unite}".rstrip("\u00a0 ")


def _indicateur(famille: str, ligne: LignePortrait) -> IndicateurDoc:
    valeur = ligne.valeur

    def repere(x: float | None) -> str:
        return _ecrire(x, valeur.decimales, valeur.unite)

    return IndicateurDoc(
        famille=famille,
        libelle=valeur.libelle,
        valeur="secret statistique" if valeur.secret and valeur.valeur is None else repere(valeur.valeur),
        evolution=valeur.evolution_libelle,
        departement=repere(ligne.departement),
        france=repere(ligne.france),
        source=valeur.source,
        millesime=valeur.millesime,
    )


def _magasin() -> Magasin | None:
    """The observatory, or None when it was never loaded (the annex then has no figure)."""
    try:
        return ouvrir(settings.ARPENT_DONNEES)
    except ObservatoireVide:
        return None


def _indicateurs(demarche: Demarche) -> tuple[IndicateurDoc, ...]:
    """Every indicator that has a value on the territory. One query."""
    magasin = _magasin()
    if magasin is None:
        return ()
    membres = Appartenance.objects.filter(
        appartenances_en_cours(date.today()), groupement__compositions__territoire=demarche.territoire_id
    ).values_list("commune_id", "groupement_id")
    paires = sorted(set(membres))
    if not paires:
        return ()
    familles = portrait(magasin, sorted({c for c, _ in paires}), sorted({g for _, g in paires}))
    return tuple(
        _indicateur(famille.libelle, ligne)
        for famille in familles
        for ligne in famille.lignes
        if ligne.valeur.valeur is not None
    )


_TYPES: dict[str, TypeConstat] = {
    "force": "force",
    "faiblesse": "faiblesse",
    "opportunite": "opportunité",
    "menace": "menace",
}


def _preuve(constat: ConstatTerritorial) -> str:
    return ", ".join(x for x in (constat.valeur_citee, constat.millesime_cite) if x)


def _resume(
    demarche: Demarche,
    indicateurs: Sequence[IndicateurDoc],
    constats: Sequence[ConstatTerritorial],
    enjeux: Sequence[Enjeu],
) -> tuple[str, ...]:
    if not (indicateurs or constats or enjeux):
        return ()
    return (
        f"Le diagnostic partagé de {demarche.territoire.nom} réunit {len(indicateurs)} indicateurs, "
        f"{len(constats)} constats et {len(enjeux)} enjeux. Chaque constat cite la valeur lue le jour où il "
        "a été écrit.",
    )


def diagnostic_doc(demarche: Demarche, enjeux: Sequence[Enjeu]) -> DiagnosticDoc:
    """Indicators, findings and stakes of the démarche. Two queries."""
    constats = list(ConstatTerritorial.objects.filter(demarche=demarche))
    indicateurs = _indicateurs(demarche)
    return DiagnosticDoc(
        resume=_resume(demarche, indicateurs, constats, enjeux),
        indicateurs=indicateurs,
        constats=tuple(
            ConstatDoc(_TYPES[c.nature], c.texte, _preuve(c)) for c in constats if c.nature in _TYPES
        ),
        enjeux=tuple(
            EnjeuDoc(str(n), e.libelle, f"priorité {e.priorite}", e.description)
            for n, e in enumerate(enjeux, 1)
        ),
    )
