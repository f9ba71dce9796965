"""The texts of the papers of a meeting: the PDF and the Word minutes say the same words."""

from __future__ import annotations

from collections.abc import Iterable

from ..donnees_reunion import (
    CompteRenduDoc,
    ConvocationReunionDoc,
    FeuillePresenceDoc,
    PersonneReunionDoc,
    PointReunionDoc,
    SeanceReunionDoc,
)
from .texte import TIRET, jour, pluriel
from .vue import Vue, nettoyer, vue_charte

PRESENTS = ("présent", "représenté")


def vue_convocation_reunion(doc: ConvocationReunionDoc) -> Vue:
    s, pour = doc.seance, doc.destinataire
    return nettoyer(
        {
            **_commun(doc),
            "entete": s.titre,
            "titre": f"Convocation : {s.titre}",
            "date_lettre": f"Le {jour(doc.etabli_le)}",
            "pour": [pour.nom, pour.qualite] if pour else [],
            "appel": f"{doc.appel},",
            "avis": doc.avis,
            "invitation": "J’ai le plaisir de vous convier à la réunion suivante : "
            f"{_minuscule(s.genre)}, {' ; '.join(s.territoires)}.",
            "seance": _seance(s),
            "message": _paragraphes(doc.message),
            "points": [_point(p) for p in doc.points],
            "pieces": list(doc.pieces),
            "formules": [
                "Si vous ne pouvez pas venir, dites qui vous représente en répondant à cet envoi.",
                f"Je vous prie d’agréer, {doc.appel}, l’expression de ma considération distinguée.",
            ],
            "signataire": (doc.charte.bloc if doc.charte else "") or doc.signataire or doc.autorite,
            "convies": [] if pour else _convies(doc.convies),
        }
    )


def vue_feuille_presence(doc: FeuillePresenceDoc) -> Vue:
    return nettoyer(
        {
            **_commun(doc),
            "titre": f"Feuille de présence : {doc.seance.titre}",
            "entete": "Feuille de présence",
            "sous_titre": doc.seance.titre,
            "seance": _seance(doc.seance),
            "convies": _convies(doc.convies),
            "lignes_libres": doc.lignes_libres,
            "adresse": doc.adresse,
            "mode_d_emploi": "Pour noter les présences à l’écran, scannez ce code avec un "
            "appareil connecté à votre compte.",
        }
    )


def vue_compte_rendu(doc: CompteRenduDoc) -> Vue:
    venus = [p for p in doc.convies if p.presence.startswith(PRESENTS)]
    autres = [p for p in doc.convies if not p.presence.startswith(PRESENTS)]
    return nettoyer(
        {
            **_commun(doc),
            "titre": f"Compte rendu : {doc.seance.titre}",
            "entete": doc.seance.titre,
            "nom": doc.autorite,
            "surtitre": "Projet de compte rendu" if doc.brouillon else "Compte rendu",
            "seance": [*_seance(doc.seance), *_si("Présidence", doc.presidence)],
            "brouillon": doc.brouillon,
            "presents": _convies(venus),
            "compte": f"{pluriel(len(venus), 'présent ou représenté', 'présents ou représentés')} "
            f"sur {pluriel(len(doc.convies), 'personne')}",
            "absents": _convies(autres),
            "synthese": _paragraphes(doc.synthese),
            "points": [_point(p) for p in doc.points],
            "decisions": [
                {
                    "numero": str(d.numero),
                    "texte": d.texte + (f" ({d.objet})" if d.objet else ""),
                    "responsable": d.responsable or TIRET,
                    "echeance": jour(d.echeance) if d.echeance else TIRET,
                }
                for d in doc.decisions
            ],
            "questions": [{"question": q, "reponse": r or TIRET} for q, r in doc.questions],
            "validation": f"Validé par {doc.valide_par}, le {jour(doc.valide_le)}."
            if doc.valide_le
            else "Ce compte rendu n’est pas encore validé par la présidence de la réunion.",
        }
    )


def _commun(doc: ConvocationReunionDoc | FeuillePresenceDoc | CompteRenduDoc) -> Vue:
    return {
        "nom": doc.autorite,
        "siren": "",
        "etabli_le": jour(doc.etabli_le),
        "date_iso": doc.etabli_le.isoformat(),
        "demonstration": doc.demonstration,
        "charte": vue_charte(doc.charte),
    }


def _minuscule(texte: str) -> str:
    return texte[:1].lower() + texte[1:] if texte[1:2].islower() else texte


def _si(cle: str, valeur: str) -> list[Vue]:
    return [{"cle": cle, "valeur": valeur}] if valeur else []


def _seance(s: SeanceReunionDoc) -> list[Vue]:
    heure = f"{s.heure}, durée prévue {s.duree}" if s.heure and s.duree else s.heure
    return [
        {"cle": "Territoire" + "s" * (len(s.territoires) > 1), "valeur": ", ".join(s.territoires)},
        {"cle": "Date", "valeur": jour(s.jour)},
        *_si("Heure", heure),
        *_si("Lieu", s.lieu),
        *_si("À distance", s.visio),
    ]  # fmt: skip


def _point(p: PointReunionDoc) -> Vue:
    detail = " · ".join(x for x in (p.rapporteur, p.duree, p.objet) if x)
    return {
        "titre": f"{p.numero}. {p.titre}",
        "detail": detail,
        "notes": _paragraphes(p.notes),
        "decisions": list(p.decisions),
    }


def _paragraphes(texte: str) -> list[str]:
    return [x.strip() for x in texte.splitlines() if x.strip()]


def _convies(personnes: Iterable[PersonneReunionDoc]) -> list[Vue]:
    return [
        {
            "nom": p.nom,
            "qualite": p.qualite or TIRET,
            "groupe": p.groupe,
            "presence": p.presence or "non noté",
        }
        for p in personnes
    ]
