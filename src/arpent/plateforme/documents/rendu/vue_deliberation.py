"""The text of a draft délibération: the PDF and the Word file say it with the same words.

A blank is never silent: it is written « à compléter : … » where it stands, and listed by
``DeliberationDoc.a_completer``.
"""

from __future__ import annotations

from arpent.metier.argent import en_lettres

from ..donnees_fiche import DeliberationDoc
from .blancs import blanc
from .texte import INSECABLE, euros, jour
from .vue import Vue, nettoyer
from .vue_fiche import phrase_ecart, vue_plan


def vue_deliberation(doc: DeliberationDoc) -> Vue:
    c, s = doc.collectivite, doc.seance
    return nettoyer(
        {
            "titre": f"Projet de délibération : {doc.titre_projet}",
            "nom": c.nom,
            "siren": c.siren,
            "assemblee": c.assemblee,
            "assemblee_titre": c.assemblee[:1].upper() + c.assemblee[1:],
            "executif": c.executif[:1].upper() + c.executif[1:],
            "autorite": doc.autorite,
            "territoire": doc.territoire,
            "etabli_le": jour(doc.etabli_le),
            "date_iso": doc.etabli_le.isoformat(),
            "numero": s.numero or blanc("numéro"),
            "seance": jour(s.tenue_le) if s.tenue_le else blanc("date de la séance"),
            "objet": objet(doc),
            "membres": [
                {
                    "cle": "Date de la convocation",
                    "valeur": jour(s.convoquee_le) if s.convoquee_le else A_COMPLETER,
                },
                {"cle": "Membres en exercice", "valeur": compte(s.en_exercice)},
                {"cle": "Membres présents", "valeur": compte(s.presents)},
                {"cle": "Membres représentés (pouvoirs)", "valeur": compte(s.representes)},
                {"cle": "Secrétaire de séance", "valeur": A_COMPLETER},
            ],
            "visas": [visa(x.texte) for x in doc.visas],
            "expose": list(doc.expose) or [blanc("exposé du projet")],
            "financement": _phrase_financement(doc),
            "plan": vue_plan(doc.plan, doc.total_plan),
            "total_plan": euros(doc.total_plan),
            "cout_ht": euros(doc.cout_ht),
            "ecart": phrase_ecart(doc.ecart_plan),
            "ecart_montant": euros(doc.ecart_plan),
            "articles": [
                {"numero": str(rang), "texte": texte} for rang, texte in enumerate(_articles(doc), 1)
            ],
            "votes": [
                {"cle": "Pour", "valeur": compte(s.pour)},
                {"cle": "Contre", "valeur": compte(s.contre)},
                {"cle": "Abstentions", "valeur": compte(s.abstentions)},
            ],
            "a_completer": list(doc.a_completer),
            "rappels": list(doc.rappels),
            "demonstration": doc.demonstration or any(x.demonstration for x in doc.plan),
        }
    )


A_COMPLETER = f"«{INSECABLE}à compléter{INSECABLE}»"


def objet(doc: DeliberationDoc) -> str:
    return (
        f"Adoption de la fiche projet « {doc.titre_projet} », de son plan de financement, et demande d’aide "
        f"{_de(doc.autorite)}"
    )


def _de(nom: str) -> str:
    """« au Département de la Lozère », « à la Région Nouvelle-Aquitaine »."""
    if nom.lower().startswith("région"):
        return f"à la {nom}"
    return f"au {nom}" if nom.lower().startswith(("département", "conseil")) else f"auprès de : {nom}"


def _le(nom: str) -> str:
    """« le Département de la Lozère », « la Région Nouvelle-Aquitaine »."""
    if nom.lower().startswith("région"):
        return f"la {nom}"
    return f"le {nom}" if nom.lower().startswith(("département", "conseil")) else nom


def visa(texte: str) -> str:
    return texte if texte.endswith((";", ".")) else f"{texte} ;"


def compte(nombre: int | None) -> str:
    return A_COMPLETER if nombre is None else str(nombre)


def _phrase_financement(doc: DeliberationDoc) -> str:
    if not doc.cout_ht:
        return f"Le coût du projet est de {blanc('coût hors taxes')}."
    texte = f"Le coût du projet est estimé à {euros(doc.cout_ht)} hors taxes"
    if doc.assiette is not None and doc.assiette != doc.cout_ht:
        texte += f", dont {euros(doc.assiette)} de dépense éligible"
    return texte + ". Le plan de financement proposé est le suivant."


def _articles(doc: DeliberationDoc) -> list[str]:
    c = doc.collectivite
    cout = (
        f"{euros(doc.cout_ht)} hors taxes ({en_lettres(doc.cout_ht)})"
        if doc.cout_ht
        else blanc("coût hors taxes")
    )
    aide = (
        f"{euros(doc.aide_demandee)} ({en_lettres(doc.aide_demandee)})"
        if doc.aide_demandee
        else blanc("montant de l’aide")
    )
    propre = doc.autofinancement
    part = f"{euros(propre)} ({en_lettres(propre)})" if propre else blanc("part propre")
    articles = [
        f"adopte la fiche projet n° {doc.numero_fiche}, « {doc.titre_projet} », présentée dans le plan "
        f"d’actions du territoire {doc.territoire} au titre du dispositif « {doc.dispositif} » ;",
        f"arrête le coût prévisionnel du projet à {cout} et approuve le plan de financement ci-dessus"
        + (
            f", sous réserve de lever l’écart constaté ({A_COMPLETER}) ;"
            if phrase_ecart(doc.ecart_plan)
            else " ;"
        ),
        f"sollicite {_le(doc.autorite)} pour une aide de {aide} ;",
        f"s’engage à financer la part qui reste à la charge de {c.designation}, soit {part}, et à l’inscrire "
        "au budget ;",
    ]
    if doc.calendrier:
        articles.append(f"prend acte du calendrier prévisionnel : {doc.calendrier} ;")
    else:
        articles.append(f"prend acte du calendrier prévisionnel : {blanc('calendrier')} ;")
    return [
        *articles,
        f"autorise {c.executif} à signer tout document nécessaire à l’exécution de la présente délibération.",
    ]
