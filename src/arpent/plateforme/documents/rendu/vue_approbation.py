"""The text of the draft délibération that approves a contract: the PDF and the Word file say the same words.

What is missing never becomes a blank inside a sentence: a sentence that needs it is left out, and
``ApprobationDoc.a_completer`` lists it. The heading and the table of the sitting mark it « à compléter ».
"""

from __future__ import annotations

from arpent.metier.argent import en_lettres

from ..donnees_approbation import ApprobationAvenantDoc, ApprobationDoc
from .blancs import blanc
from .texte import euros, jour, pluriel
from .vue import Vue, nettoyer
from .vue_deliberation import A_COMPLETER, compte, visa


def vue_approbation(doc: ApprobationDoc) -> Vue:
    return nettoyer(
        {
            **vue_de_l_acte(doc),
            "titre": f"Projet de délibération : {doc.titre_contrat}",
            "objet": f"Approbation du {_nom(doc)} et autorisation de le signer",
            "expose": _expose(doc),
            "annonce": f"Les projets que porte {doc.collectivite.designation} sont les suivants."
            if doc.projets_de_la_partie
            else "Les projets inscrits au contrat sont les suivants.",
            "projets": [
                {
                    "numero": p.numero,
                    "titre": p.titre,
                    "maitre_ouvrage": p.maitre_ouvrage,
                    "cout_ht": euros(p.cout_ht),
                    "aide": euros(p.aide),
                }
                for p in doc.projets
            ],
            "total_projets": euros(doc.total_projets),
            "articles": [{"numero": str(n), "texte": texte} for n, texte in enumerate(_articles(doc), 1)],
        }
    )


def vue_de_l_acte(doc: ApprobationDoc | ApprobationAvenantDoc) -> Vue:
    """Heading, sitting, visas, votes, what is left to do: the same whatever is approved."""
    c, s = doc.collectivite, doc.seance
    return {
        "nom": c.nom,
        "siren": c.siren,
        "assemblee": c.assemblee,
        "assemblee_titre": c.assemblee[:1].upper() + c.assemblee[1:],
        "executif": c.executif[:1].upper() + c.executif[1:],
        "etabli_le": jour(doc.etabli_le),
        "date_iso": doc.etabli_le.isoformat(),
        "numero": s.numero or blanc("numéro"),
        "seance": jour(s.tenue_le) if s.tenue_le else blanc("date de la séance"),
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
        "votes": [
            {"cle": "Pour", "valeur": compte(s.pour)},
            {"cle": "Contre", "valeur": compte(s.contre)},
            {"cle": "Abstentions", "valeur": compte(s.abstentions)},
        ],
        "ecartes": doc.ecartes,
        "a_completer": list(doc.a_completer),
        "rappels": list(doc.rappels),
        "demonstration": doc.demonstration,
    }


def _nom(doc: ApprobationDoc) -> str:
    """« « Contrat territorial » du territoire Gévaudan »; the territory is not said twice."""
    lieu = "" if doc.territoire in doc.titre_contrat else f" du territoire {doc.territoire}"
    return f"« {doc.titre_contrat} »{lieu}"


def _expose(doc: ApprobationDoc) -> list[str]:
    phrases = [
        f"Le {_nom(doc)} est conclu au titre du dispositif « {doc.dispositif} » entre "
        f"{' ; '.join(doc.parties)}.",
        f"Il inscrit {pluriel(doc.nombre_projets, 'projet')} pour {euros(doc.total_aides)} d’aides"
        + (f", dans une enveloppe de {euros(doc.enveloppe)}" if doc.enveloppe is not None else "")
        + ".",
    ]
    if doc.duree_annees:
        debut = f" à compter du {doc.date_effet}" if doc.date_effet else ""
        phrases.append(f"Il est conclu pour {pluriel(doc.duree_annees, 'année')}{debut}.")
    return phrases


def _articles(doc: ApprobationDoc) -> list[str]:
    articles = [
        f"approuve le {_nom(doc)}, dans sa version {doc.version} annexée à la présente délibération ;",
        f"approuve la programmation de {pluriel(doc.nombre_projets, 'projet')}, pour un total d’aides de "
        f"{euros(doc.total_aides)} ({en_lettres(doc.total_aides)}) ;",
    ]
    if doc.projets_de_la_partie:
        articles.append(
            f"prend acte de l’aide de {euros(doc.total_projets)} ({en_lettres(doc.total_projets)}) inscrite "
            f"pour les projets que porte {doc.collectivite.designation} ;"
        )
    qui = ", ".join(x for x in (doc.signataire, doc.qualite) if x)
    designe = f"{doc.collectivite.executif}{f' ({qui})' if qui else ''}"
    articles.append(f"autorise {designe} à signer le contrat et tout document nécessaire à son exécution.")
    return articles
