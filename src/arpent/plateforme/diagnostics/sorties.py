"""The diagnostic as plain data, for the command line and the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from arpent.metier.flux_revenus import Flux, Fourchette, paragraphe
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.portrait import LignePortrait

from .lecture import lire
from .phrases import ecrire, titre
from .vulnerabilites.evaluation import Vulnerabilite


def diagnostic_json(demarche: Demarche) -> dict[str, Any]:
    """Families and values, income flows, vulnerability, findings, enjeux; ready for json.dumps.

    Statistics are numbers (None: not available, never 0); amounts are texts in whole euros. Raises
    ObservatoireVide when no data was loaded, ValueError when the perimeter is empty.
    """
    lecture = lire(demarche, date.today())
    return {
        "territoire": {"slug": demarche.slug, "nom": lecture.nom},
        "titre": titre(lecture),
        "perimetre": {"communes": list(lecture.perimetre.communes), "epci": list(lecture.perimetre.epci)},
        "departement": lecture.departement,
        "familles": [
            {"code": f.code, "libelle": f.libelle, "indicateurs": [_indicateur(x) for x in f.lignes]}
            for f in lecture.familles
        ],
        "flux_de_revenus": _flux(lecture.flux, lecture.nom),
        "vulnerabilite": _vulnerabilite(lecture.vulnerabilite),
        "constats": [
            {
                "nature": c.nature,
                "texte": c.texte,
                "indicateur": c.indicateur or None,
                "valeur_citee": c.valeur_citee,
                "millesime_cite": c.millesime_cite,
                "demonstration": c.demonstration,
            }
            for c in demarche.constats.all()
        ],
        "enjeux": [
            {
                "priorite": e.priorite,
                "libelle": e.libelle,
                "constats": [c.texte for c in e.constats.all()],
                "demonstration": e.demonstration,
            }
            for e in demarche.enjeux.prefetch_related("constats")
        ],
    }


def _indicateur(x: LignePortrait) -> dict[str, Any]:
    v = x.valeur
    return {
        "code": v.code,
        "libelle": v.libelle,
        "valeur": v.valeur,
        "unite": v.unite,
        "affichage": ecrire(v.valeur, x.indicateur),
        "evolution": v.evolution,
        "evolution_libelle": v.evolution_libelle,
        "departement": x.departement,
        "region": x.region,
        "france": x.france,
        "rang": {"rang": x.rang.rang, "sur": x.rang.sur} if x.rang else None,
        "source": v.source,
        "millesime": v.millesime,
        "couverture": v.couverture,
        "secret": v.secret,
        "note": v.note,
    }


def _fourchette(f: Fourchette | None) -> dict[str, str] | None:
    return None if f is None else {"bas": str(f.bas), "central": str(f.central), "haut": str(f.haut)}


def _texte(x: Decimal | None) -> str | None:
    return None if x is None else str(x)


def _flux(flux: Flux, nom: str) -> dict[str, Any]:
    r = flux.redistribution
    return {
        "total": _fourchette(flux.total),
        "par_habitant": _texte(flux.par_habitant),
        "bases": [
            {
                "code": b.code,
                "libelle": b.libelle,
                "montant": _fourchette(b.montant),
                "part": _texte(b.part),
                "part_nationale": _texte(b.part_nationale),
                "par_habitant": _texte(b.par_habitant),
                "termes": [
                    {
                        "code": t.code,
                        "libelle": t.libelle,
                        "montant": _fourchette(t.montant),
                        "formule": t.formule,
                        "calcul": t.calcul,
                        "confiance": t.confiance.value,
                        "source": t.source,
                        "millesime": t.millesime,
                        "motif": t.motif,
                        "demonstration": t.demonstration,
                    }
                    for t in b.termes
                ],
            }
            for b in flux.bases
        ],
        "redistribution": {
            "postes_presentiels": _fourchette(r.postes_presentiels),
            "par_million_capte": _texte(r.par_million_capte),
            "pour_1000_habitants": _texte(r.pour_1000_habitants),
            "pour_1000_presents": _texte(r.pour_1000_presents),
        },
        "avertissements": list(flux.avertissements),
        "texte": paragraphe(flux, nom),
    }


def _vulnerabilite(v: Vulnerabilite | None) -> dict[str, Any] | None:
    if v is None:
        return None
    return {
        "modele": v.modele.libelle,
        "demonstration": v.modele.demonstration,
        "classe": v.composee.classe.code if v.composee.classe else None,
        "libelle": v.composee.classe.libelle if v.composee.classe else None,
        "score": v.composee.score,
        "rang": v.rang,
        "sur": v.sur,
        "type_contrat": v.composee.type_contrat,
        "ingenierie": v.composee.ingenierie,
        "explication": v.composee.explication,
        "comparaison": v.comparaison,
        "apports": [{"libelle": a.libelle, "poids": a.poids, "apport": a.apport} for a in v.apports],
    }
