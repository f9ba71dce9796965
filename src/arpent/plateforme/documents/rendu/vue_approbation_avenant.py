"""The text of the draft délibération that approves an avenant: the PDF and the Word file say the same words.

What is missing never becomes a blank inside a sentence, as in ``vue_approbation``.
"""

from __future__ import annotations

from arpent.metier.argent import en_lettres

from ..donnees_approbation import ApprobationAvenantDoc
from .texte import euros, jour, pluriel
from .vue import Vue, nettoyer
from .vue_approbation import vue_de_l_acte
from .vue_avenant import vue_ligne


def vue_approbation_avenant(doc: ApprobationAvenantDoc) -> Vue:
    return nettoyer(
        {
            **vue_de_l_acte(doc),
            "titre": f"Projet de délibération : {_nom(doc)}",
            "objet": f"Approbation de l’{_nom(doc)} et autorisation de le signer",
            "expose": _expose(doc),
            "mouvements": [
                {"numero": str(n), "phrase": m.phrase, "motif": m.motif}
                for n, m in enumerate(doc.mouvements, 1)
            ],
            "annonce": f"Les projets que porte {doc.collectivite.designation} sont touchés comme suit."
            if doc.lignes_de_la_partie
            else "Les projets touchés sont les suivants.",
            "lignes": [vue_ligne(x) for x in doc.lignes],
            "articles": [{"numero": str(n), "texte": texte} for n, texte in enumerate(_articles(doc), 1)],
        }
    )


def _nom(doc: ApprobationAvenantDoc) -> str:
    """« avenant n° 2 au « Contrat de Gévaudan » »."""
    return f"{doc.avenant[:1].lower()}{doc.avenant[1:]} au « {doc.contrat} »"


def _expose(doc: ApprobationAvenantDoc) -> list[str]:
    reference = f" ({doc.reference})" if doc.reference else ""
    phrases = [
        f"Le « {doc.contrat} »{reference} est conclu au titre du dispositif « {doc.dispositif} ». Un avenant "
        f"y est proposé, dont l’objet est : {doc.objet}.",
        f"Il est approuvé par {' ; '.join(doc.parties)}.",
        "Il apporte au contrat "
        + ("la modification suivante." if len(doc.mouvements) == 1 else "les modifications suivantes."),
    ]
    return phrases


def _articles(doc: ApprobationAvenantDoc) -> list[str]:
    enveloppe = f", dans une enveloppe de {euros(doc.enveloppe)}" if doc.enveloppe is not None else ""
    effet = f", avec effet au {jour(doc.date_effet)}" if doc.date_effet else ""
    sens = "porté" if doc.aide_apres > doc.aide_avant else "ramené"
    if doc.aide_avant == doc.aide_apres:
        montants = (
            f"prend acte que le total des aides du contrat reste de {euros(doc.aide_apres)} "
            f"({en_lettres(doc.aide_apres)}){enveloppe} ;"
        )
    else:
        montants = (
            f"approuve le total des aides du contrat, {sens} de {euros(doc.aide_avant)} à "
            f"{euros(doc.aide_apres)} ({en_lettres(doc.aide_apres)}), pour "
            f"{pluriel(doc.nombre_apres, 'projet')}{enveloppe} ;"
        )
    qui = ", ".join(x for x in (doc.signataire, doc.qualite) if x)
    designe = f"{doc.collectivite.executif}{f' ({qui})' if qui else ''}"
    return [
        f"approuve l’{_nom(doc)}, dans sa version {doc.version} annexée à la présente délibération{effet} ;",
        montants,
        f"autorise {designe} à signer l’avenant et tout document nécessaire à son exécution.",
    ]
