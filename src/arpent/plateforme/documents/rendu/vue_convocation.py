"""The text of a convocation: the PDF and the Word file say the same words.

A blank is never silent: it is written « à compléter : … » where it stands, and listed for whoever sends it.
"""

from __future__ import annotations

from ..donnees_seance import ConvocationDoc, ReunionDoc
from .blancs import blanc
from .texte import jour
from .vue import Vue, nettoyer, vue_charte


def vue_convocation(doc: ConvocationDoc) -> Vue:
    c = doc.collectivite
    seance = date_de(doc.reunion)
    return nettoyer(
        {
            "titre": f"Convocation {du(c.assemblee)} : {doc.titre_contrat}",
            "entete": f"Convocation {du(c.assemblee)}",
            "nom": c.nom,
            "siren": c.siren,
            "executif": (doc.charte.bloc if doc.charte else "") or c.executif[:1].upper() + c.executif[1:],
            "etabli_le": jour(doc.etabli_le),
            "date_iso": doc.etabli_le.isoformat(),
            "envoyee": f"Le {jour(doc.envoyee_le) if doc.envoyee_le else blanc('date d’envoi')}",
            "appel": f"Mesdames et Messieurs {doc.destinataires},",
            "invitation": f"J’ai l’honneur de vous convoquer à la réunion {du(c.assemblee)} qui se tiendra :",
            "reunion": rangees_de_la_reunion(doc.reunion),
            "ordre_du_jour": [doc.objet, blanc("autres points de l’ordre du jour")],
            "regles": list(doc.regles),
            "pieces": list(doc.pieces),
            "formule": "Je vous prie d’agréer, Mesdames et Messieurs, l’expression de mes salutations "
            "distinguées.",
            "pouvoir": _pouvoir(doc, seance),
            "regle_pouvoir": doc.pouvoir,
            "limite": _limite(doc),
            "message": _message(doc, seance),
            "a_completer": list(doc.a_completer),
            "rappels": list(doc.rappels),
            "demonstration": doc.demonstration,
            "charte": vue_charte(doc.charte),
        }
    )


def du(assemblee: str) -> str:
    """« du conseil municipal », « de la commission permanente… », « de l’organe délibérant »."""
    if assemblee[:1].lower() in "aeiouhéè":
        return f"de l’{assemblee}"
    return f"de la {assemblee}" if assemblee.startswith("commission") else f"du {assemblee}"


def _le(titre: str) -> str:
    """« le « Contrat… » », « l’« Avenant n° 2… » »."""
    return f"l’« {titre} »" if titre.startswith("Avenant") else f"le « {titre} »"


def date_de(reunion: ReunionDoc) -> str:
    return jour(reunion.tenue_le) if reunion.tenue_le else blanc("date de la séance")


def rangees_de_la_reunion(reunion: ReunionDoc) -> list[Vue]:
    return [
        {"cle": "Date", "valeur": date_de(reunion)},
        {"cle": "Heure", "valeur": reunion.heure or blanc("heure")},
        {"cle": "Lieu", "valeur": reunion.lieu or blanc("lieu")},
    ]


def _limite(doc: ConvocationDoc) -> str:
    if doc.limite_le is not None:
        return f"À envoyer le {jour(doc.limite_le)} au plus tard : {doc.delai}."
    if doc.delai:
        return f"Délai d’envoi : {doc.delai}. La date limite sera connue avec celle de la séance."
    return "Délai d’envoi : celui des statuts ou du règlement intérieur de l’assemblée, à vérifier."


def _message(doc: ConvocationDoc, seance: str) -> list[str]:
    """The message that goes with the letter, ready to be copied."""
    assemblee = doc.collectivite.assemblee
    lignes = [
        f"Objet : convocation {du(assemblee)}, séance du {seance}",
        f"Mesdames et Messieurs {doc.destinataires},",
        f"Vous trouverez ci-joint la convocation à la réunion {du(assemblee)} du {seance}, où sera soumis au "
        f"vote {_le(doc.titre_contrat)}, et les documents qui s’y rapportent.",
    ]
    if doc.limite_le is not None:
        lignes.append(
            f"Cet envoi respecte le délai légal s’il part le {jour(doc.limite_le)} au plus tard "
            f"({doc.delai})."
        )
    lignes.append("Si vous ne pouvez pas venir, le pouvoir joint est à rendre signé avant la séance.")
    return lignes


def _pouvoir(doc: ConvocationDoc, seance: str) -> list[str]:
    assemblee = doc.collectivite.assemblee
    return [
        "Je soussigné(e) (nom et prénom) : ……………………………………………………………",
        f"membre {du(assemblee)} ({doc.collectivite.nom}),",
        "donne pouvoir à (nom et prénom) : ……………………………………………………………",
        f"pour voter en mon nom à la séance du {seance}, notamment sur le point « {doc.objet} ».",
        "Fait à …………………………, le …………………………          Signature :",
    ]
