"""The acts on deadlines, as PDF/A-2a and PDF/UA-1: lapses pronounced together, an extension granted."""

from __future__ import annotations

from ..catalogue import gabarit
from ..donnees_echeances import ArreteEcheancesDoc, LigneDecisionDoc
from .pdf import compiler
from .texte import INSECABLE, TIRET, euros, jour
from .vue import Vue, nettoyer, vue_charte
from .vue_attribution import typographier


def rendre_arrete_echeances_pdf(doc: ArreteEcheancesDoc) -> bytes:
    """RenduImpossible, GabaritInconnu."""
    return compiler(gabarit(doc.gabarit), nettoyer(_vue(doc), typographier), charte=doc.charte)


def _vue(doc: ArreteEcheancesDoc) -> Vue:
    numero = f"Arrêté n°{INSECABLE}{doc.numero}" if doc.numero else "Projet d’arrêté"
    return {
        "titre": f"{numero} : {doc.objet}",
        "entete": doc.objet,
        "surtitre": numero + (f" du {jour(doc.pris_le)}" if doc.pris_le else ""),
        "brouillon": not doc.numero,
        "nom": doc.autorite.nom,
        "siren": doc.autorite.siren,
        "auteur": _majuscule(f"{doc.autorite.executif} {_de(doc.autorite.nom)},"),
        "date_iso": doc.etabli_le.isoformat(),
        "etabli_le": jour(doc.etabli_le),
        "visas": [f"Vu {x} ;" for x in doc.visas],
        "considerants": [f"Considérant {x} ;" for x in doc.considerants],
        "articles": [
            {"titre": f"Article {rang}" if rang > 1 else "Article 1er", "texte": texte}
            for rang, texte in enumerate(doc.articles, 1)
        ],
        "lignes": [_ligne(x) for x in doc.lignes],
        "total_rendu": euros(doc.total_rendu),
        "rend": bool(doc.total_rendu),
        "recours": doc.recours,
        "demonstration": doc.demonstration,
        "signature": {"nom": doc.autorite.nom, "signature": doc.charte.bloc if doc.charte else ""},
        "charte": vue_charte(doc.charte),
    }


def _ligne(x: LigneDecisionDoc) -> Vue:
    return {
        "dossier": x.dossier,
        "qui": f"{x.beneficiaire}, {x.territoire}",
        "projet": x.projet + (f" ({x.decision})" if x.decision else ""),
        "motif": x.motif,
        "attribue": euros(x.montant_attribue),
        "verse": euros(x.montant_verse) if x.montant_verse else TIRET,
        "rendu": euros(x.montant_rendu) if x.montant_rendu else TIRET,
        "demonstration": x.demonstration,
    }


def _majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]


def _de(nom: str) -> str:
    """« du Département… », « de la Région… », « de l’… »."""
    if nom.lower().startswith(("département", "conseil")):
        return f"du {nom}"
    if nom.lower().startswith(("région", "communauté", "métropole")):
        return f"de la {nom}"
    return f"de {nom}"
