"""What the template « maquette/v2 » reads: the table by axis then theme, its totals, the schedule."""

from __future__ import annotations

from typing import Literal

from ..donnees import LigneMaquetteDoc, MaquetteDoc
from ..groupes_maquette import (
    Groupe,
    annees_de_paiement,
    axes_de,
    echeances_de,
    financeurs_de,
    phrase_echeancier,
)
from .texte import TIRET, euros, pluriel, taux
from .vue import Vue, nettoyer, vue_maquette

Papier = Literal["a3", "a4"]


def vue_maquette_detaillee(doc: MaquetteDoc, papier: Papier) -> Vue:
    """A3 has one column per funder; A4 adds the other funders up and leaves out what would not be legible."""
    financeurs = tuple(nom for nom, _ in financeurs_de(doc)) if papier == "a3" else ()
    tout = Groupe("", doc.lignes)
    return vue_maquette(doc) | nettoyer(
        {
            "papier": papier,
            "financeurs": list(financeurs),
            "avec_fonds": bool(doc.credits),
            "axes": [
                {
                    "titre": axe.total.libelle,
                    "total": _totaux(axe.total, financeurs),
                    "themes": [
                        {
                            "titre": theme.libelle,
                            "total": _totaux(theme, financeurs),
                            "lignes": [_ligne(x, financeurs) for x in theme.lignes],
                        }
                        for theme in axe.themes
                    ],
                }
                for axe in axes_de(doc)
            ],
            "total": _totaux(tout, financeurs),
            **_echeancier(doc),
        }
    )


def _montants(x: Groupe, financeurs: tuple[str, ...]) -> Vue:
    return {
        "cout_ht": euros(x.cout_ht),
        "cout_ttc": euros(x.cout_ttc),
        "assiette": euros(x.assiette),
        "aide": euros(x.aide),
        "taux": taux(x.taux),
        "autres_aides": euros(x.autres_aides),
        "recus": [euros(x.recu_de(nom)) if x.recu_de(nom) else TIRET for nom in financeurs],
        "reste": euros(x.reste_a_charge),
        "part": taux(x.part_maitre_ouvrage),
        "public": taux(x.taux_public),
    }


def _totaux(groupe: Groupe, financeurs: tuple[str, ...]) -> Vue:
    return _montants(groupe, financeurs) | {"nombre": pluriel(len(groupe.lignes), "projet")}


def _ligne(x: LigneMaquetteDoc, financeurs: tuple[str, ...]) -> Vue:
    return _montants(Groupe("", (x,)), financeurs) | {
        "numero": x.numero,
        "titre": x.titre,
        "maitre_ouvrage": x.maitre_ouvrage or TIRET,
        "maturite": x.maturite or TIRET,
        "calendrier": x.calendrier or TIRET,
        "annee": TIRET if x.annee is None else str(x.annee),
        "statut": x.statut or TIRET,
        "priorite": x.priorite or TIRET,
        "fonds": x.fonds or TIRET,
        "demonstration": x.demonstration or any(f.demonstration for f in x.financements),
    }


def _echeancier(doc: MaquetteDoc) -> Vue:
    echeances = echeances_de(doc)
    annees = annees_de_paiement(echeances)
    lignes: list[Vue] = []
    for e in echeances:
        cp = dict(e.cp)
        lignes.append(
            {
                "annee": "Année à préciser" if e.annee is None else str(e.annee),
                "ap": euros(e.ap),
                "cp": [euros(cp[a]) if a in cp else TIRET for a in annees],
                "a_programmer": euros(e.ap) if e.annee is None else TIRET,
            }
        )
    payes = Groupe("", doc.lignes).aide
    return {
        "echeancier": phrase_echeancier(doc),
        "hypothese": not doc.echeancier_source,
        "annees_cp": [str(a) for a in annees],
        "echeances": lignes,
        "total_ap": euros(payes),
        "totaux_cp": [
            euros(sum((dict(e.cp).get(a, payes * 0) for e in echeances), payes * 0)) for a in annees
        ],
        "total_a_programmer": euros(sum((e.ap for e in echeances if e.annee is None), payes * 0)),
    }
