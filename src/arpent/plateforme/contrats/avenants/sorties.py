"""The consolidated contract and a comparison as plain values, for the command line and the exports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from arpent.metier.avenants import Changement, Comparaison, Consolide, LigneContrat, TotalCompare

from .reperes import Lecture


def _texte(valeur: object) -> Any:
    """Amounts as text to the cent, days in ISO 8601, the rest as it is."""
    if isinstance(valeur, Decimal):
        return f"{valeur:.2f}"
    return valeur.isoformat() if isinstance(valeur, date) else valeur


def _ligne(x: LigneContrat) -> dict[str, Any]:
    noms = (
        "numero", "titre", "maitre_ouvrage", "theme", "axe", "annee", "cout_ht", "aide", "fonds",
        "hors_enveloppe",
    )  # fmt: skip
    return {nom: _texte(getattr(x, nom)) for nom in noms}


def _changement(c: Changement) -> dict[str, Any]:
    return {
        "acte": c.acte,
        "champ": c.champ,
        "ancien": _texte(c.ancien),
        "nouveau": _texte(c.nouveau),
        "motif": c.motif,
    }


def _tracee(x: LigneContrat, lu: Consolide) -> dict[str, Any]:
    trace = lu.traces[x.cle]
    return _ligne(x) | {
        "origine": trace.origine,
        "changements": [_changement(c) for c in trace.changements],
        "sortie": trace.sortie,
    }


def consolide_json(lecture: Lecture, le: date) -> dict[str, Any]:
    """The contract on that day. No query."""
    lu = lecture.au(le)
    etat = lu.etat
    appliques = {code: rang for rang, code in enumerate(lu.appliques)}
    actes = sorted((a for a in lecture.actes if a.code in appliques), key=lambda a: appliques[a.code])
    return {
        "territoire": lecture.contrat.demarche.slug,
        "reference": lecture.contrat.reference,
        "au": le.isoformat(),
        "date_effet": _texte(etat.date_effet),
        "date_fin": _texte(etat.date_fin),
        "enveloppe": _texte(etat.enveloppe),
        "solde": _texte(etat.solde),
        "nombre": len(etat.lignes),
        "total_aides": _texte(etat.total_aides),
        "parties": list(etat.parties),
        "actes": [{"code": a.code, "libelle": a.libelle, "effet": a.effet.isoformat()} for a in actes],
        "projets": [_tracee(x, lu) for x in etat.lignes],
        "sortis": [_tracee(x, lu) for x in lu.sorties],
        "articles": [{"numero": a.numero, "titre": a.titre, "texte": a.texte} for a in etat.articles],
        "changements": [_changement(c) for c in lu.generaux],
        "refus": [{"acte": r.acte, "raison": r.raison} for r in lu.refus],
    }


def _totaux(totaux: Sequence[TotalCompare]) -> list[dict[str, Any]]:
    return [
        {
            "libelle": t.libelle,
            "nombre_avant": t.nombre_avant,
            "nombre_apres": t.nombre_apres,
            "aide_avant": _texte(t.aide_avant),
            "aide_apres": _texte(t.aide_apres),
            "ecart": _texte(t.ecart),
        }
        for t in totaux
    ]


def comparaison_json(vu: Comparaison, avant: str, apres: str) -> dict[str, Any]:
    """What differs from one state to the other, named as they were asked."""
    return {
        "de": avant,
        "a": apres,
        "identiques": vu.identiques,
        "total": _totaux([vu.total])[0],
        "entres": [_ligne(x) for x in vu.entrees],
        "sortis": [_ligne(x) for x in vu.sorties],
        "changes": [
            {
                "numero": c.apres.numero,
                "titre": c.apres.titre,
                "champs": {
                    nom: [_texte(getattr(c.avant, nom)), _texte(getattr(c.apres, nom))] for nom in c.champs
                },
            }
            for c in vu.changees
        ],
        "parties_entrees": list(vu.parties_entrees),
        "parties_sorties": list(vu.parties_sorties),
        "articles": list(vu.articles),
        "fin": [_texte(x) for x in vu.fin] if vu.fin else None,
        "enveloppe": [_texte(x) for x in vu.enveloppe] if vu.enveloppe else None,
        "par_theme": _totaux(vu.par_theme),
        "par_maitre_ouvrage": _totaux(vu.par_maitre_ouvrage),
        "par_annee": _totaux(vu.par_annee),
    }
