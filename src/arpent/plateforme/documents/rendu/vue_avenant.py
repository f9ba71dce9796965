"""The text of an avenant and of the consolidated contract, as the templates read it."""

from __future__ import annotations

from datetime import date

from ..donnees_avenant import AvenantDoc, ConsolideDoc, LigneConsolideeDoc, LigneRevueDoc
from .texte import euros, jour, pluriel
from .vue import Vue, nettoyer, representation_de, signature, vue_charte

A_PRECISER = "à préciser"


def _jour(le: date | None) -> str:
    return jour(le) if le else A_PRECISER


def vue_avenant(doc: AvenantDoc) -> Vue:
    return nettoyer(
        {
            "titre": doc.titre,
            "contrat": doc.contrat,
            "objet": doc.objet,
            "reference": doc.reference,
            "autorite": doc.autorite,
            "territoire": doc.territoire,
            "dispositif": doc.dispositif,
            "version": str(doc.version),
            "fait_a": doc.charte.fait_a if doc.charte else "",
            "charte": vue_charte(doc.charte),
            "etabli_le": jour(doc.etabli_le),
            "date_iso": doc.etabli_le.isoformat(),
            "demonstration": doc.demonstration or bool(doc.mentions),
            "mentions": list(doc.mentions),
            "parties": [
                {"nom": p.nom, "representation": representation_de(p), "signature": signature(p, doc)}
                for p in doc.parties
            ],
            "chapeau": _chapeau(doc),
            "mouvements": [
                {"numero": str(n), "phrase": m.phrase, "motif": m.motif}
                for n, m in enumerate(doc.mouvements, 1)
            ],
            "lignes": [vue_ligne(x) for x in doc.lignes],
            "totaux": [
                {
                    "cle": "Projets au contrat",
                    "valeur": f"{doc.nombre_avant} → {doc.nombre_apres}",
                },
                {"cle": "Aides", "valeur": f"{euros(doc.aide_avant)} → {euros(doc.aide_apres)}"},
                {"cle": "Enveloppe", "valeur": euros(doc.enveloppe)},
            ],
            "effet": f"Le présent avenant prend effet le {_jour(doc.date_effet)}.",
            "voie": doc.voie,
            "raisons": list(doc.raisons),
        }
    )


def _chapeau(doc: AvenantDoc) -> str:
    reference = f" ({doc.reference})" if doc.reference else ""
    depuis = f", en vigueur depuis le {jour(doc.date_contrat)}" if doc.date_contrat else ""
    return f"Le présent avenant modifie le « {doc.contrat} »{reference}{depuis}."


def vue_ligne(x: LigneRevueDoc) -> dict[str, str]:
    return {
        "numero": x.numero,
        "titre": x.titre,
        "maitre_ouvrage": x.maitre_ouvrage,
        "avant": "entre" if x.avant is None else euros(x.avant),
        "apres": "sort" if x.apres is None else euros(x.apres),
    }


def vue_consolide(doc: ConsolideDoc) -> Vue:
    return nettoyer(
        {
            "titre": doc.titre,
            "reference": doc.reference,
            "autorite": doc.autorite,
            "territoire": doc.territoire,
            "dispositif": doc.dispositif,
            "au": jour(doc.au),
            "charte": vue_charte(doc.charte),
            "etabli_le": jour(doc.etabli_le),
            "date_iso": doc.etabli_le.isoformat(),
            "mentions": list(doc.mentions),
            "chiffres": [
                {"cle": "Projets", "valeur": pluriel(len(doc.lignes), "projet")},
                {"cle": "Aides", "valeur": euros(doc.total_aides)},
                {"cle": "Coût des projets", "valeur": euros(doc.total_couts)},
            ],
            "reperes": [
                {"cle": "Date d’effet", "valeur": _jour(doc.date_effet)},
                {"cle": "Fin du contrat", "valeur": _jour(doc.date_fin)},
                {"cle": "Enveloppe", "valeur": euros(doc.enveloppe)},
            ],
            "parties": list(doc.parties),
            "actes": [{"libelle": a.libelle, "objet": a.objet, "effet": _jour(a.effet)} for a in doc.actes],
            "lignes": [_consolidee(x) for x in doc.lignes],
            "sorties": [_consolidee(x) for x in doc.sorties],
            "total": euros(doc.total_aides),
            "articles": [
                {"numero": a.numero, "titre": a.titre, "paragraphes": list(a.paragraphes)}
                for a in doc.articles
            ],
        }
    )


def _consolidee(x: LigneConsolideeDoc) -> dict[str, object]:
    return {
        "numero": x.numero,
        "titre": x.titre,
        "maitre_ouvrage": x.maitre_ouvrage,
        "annee": str(x.annee) if x.annee else "–",
        "aide": euros(x.aide),
        "origine": x.origine + (" (payé par la réserve)" if x.hors_enveloppe else ""),
        "changements": list(x.changements),
    }
