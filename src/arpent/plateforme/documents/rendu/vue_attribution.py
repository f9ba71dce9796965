"""The text of the acts that award an aid: the PDF and the Word file say the same words.

A blank is never silent: « à compléter : … » where it stands, and the list on the sheet to be taken out. The
letter leaves the delays out when the policy sets none: it promises nothing.
"""

from __future__ import annotations

import re

from arpent.metier.argent import en_lettres

from ..donnees_attribution import AttributionDoc, DecisionDoc
from .blancs import blanc, blancs_de, completer
from .texte import INSECABLE, euros, jour, propre, taux
from .vue import Vue, nettoyer, vue_charte
from .vue_attribution_articles import articles, de_la, majuscule, taux_exact
from .vue_convocation import du
from .vue_deliberation import visa

_AVANT = re.compile(r" ([»:;?!])")
NOMS = {
    "lettre": "Lettre de notification",
    "arrete": "Arrêté attributif de subvention",
    "convention": "Convention d’attribution de subvention",
}


IMPRIMES = {
    "lettre": ("adresse", "lieu", "references", "corps", "montants", "suites", "a_envoyer"),
    "arrete": ("entete", "visas", "articles", "lieu"),
    "convention": ("parties", "visas", "articles", "lieu"),
}
"""Of what each act prints, what may hold a blank."""
SIGNATURE = ("signataire",)


def vue_attribution(doc: AttributionDoc) -> Vue:
    """Everything the three templates read."""
    return nettoyer(_completee(doc), typographier)


def blancs(doc: AttributionDoc) -> tuple[str, ...]:
    """What is still to be filled in where the shipped templates of that act print it, in their order."""
    vue = _completee(doc)
    return blancs_de({cle: vue[cle] for cle in (*IMPRIMES[doc.genre], *SIGNATURE)})


def _completee(doc: AttributionDoc) -> Vue:
    valeurs = {x.quoi: _par_lignes(x.valeur) for x in doc.completions}
    return completer(nettoyer(_vue(doc)), valeurs)


def _par_lignes(texte: str) -> str:
    """Its lines, an address has several, without the spaces too many."""
    return "\n".join(ligne for x in propre(texte).splitlines() if (ligne := " ".join(x.split())))


def typographier(texte: str) -> str:
    """No line starts or ends on a lone mark: no-break spaces inside quotes and before two-part marks."""
    texte = texte.replace("« ", f"«{INSECABLE}").replace("n° ", f"n°{INSECABLE}")
    return _AVANT.sub(f"{INSECABLE}\\1", texte)


def _vue(doc: AttributionDoc) -> Vue:
    a, b = doc.autorite, doc.beneficiaire
    executif = f"{a.executif} {du(a.assemblee)}"
    bloc = doc.charte.bloc if doc.charte else ""
    return {
        "titre": f"{NOMS[doc.genre]} : {doc.titre_projet}, {b.nom}",
        "nom": a.nom,
        "siren": a.siren,
        "etabli_le": jour(doc.etabli_le),
        "date_iso": doc.etabli_le.isoformat(),
        "mention": _mention(doc),
        "emis": doc.version > 0,
        "entete": _entete(doc),
        "objet": _objet(doc),
        "autorite_executif": majuscule(executif),
        "pour_l_autorite": bloc or majuscule(doc.qualite or executif),
        "role_autorite": bloc or "Pour l’autorité",
        "beneficiaire": b.nom,
        "beneficiaire_siren": b.siren,
        "beneficiaire_executif": majuscule(b.executif),
        "lieu": _lieu(doc),
        "signataire": doc.signataire or blanc("nom du signataire"),
        "qualite": doc.qualite,
        "parties": _parties(doc, executif),
        "references": _references(doc),
        "adresse": blanc("adresse du bénéficiaire"),
        "corps": _corps(doc),
        "montants": _montants(doc),
        "suites": _suites(doc),
        "a_envoyer": _a_envoyer(doc),
        "delais": list(doc.delais),
        "formule": "Je vous prie d’agréer, Madame, Monsieur, l’expression de mes salutations distinguées.",
        "visas": [visa(x) for x in _visas(doc)],
        "articles": articles(doc),
        "constat": doc.convention,
        "a_completer": list(doc.a_completer),
        "rappels": list(doc.rappels),
        "demonstration": doc.demonstration,
        "charte": vue_charte(doc.charte),
    }


def _lieu(doc: AttributionDoc) -> str:
    ville = doc.charte.fait_a if doc.charte else ""
    return f"Fait à {ville or blanc('lieu')}, le {blanc('date de l’acte')}"


def _mention(doc: AttributionDoc) -> str:
    if doc.version:
        return f"Version {doc.version}, émise le {jour(doc.etabli_le)}"
    return "Projet à compléter et à signer"


def _entete(doc: AttributionDoc) -> str:
    if doc.genre == "arrete":
        return f"Arrêté n°{INSECABLE}{blanc('numéro de l’arrêté')} portant attribution d’une subvention"
    return NOMS[doc.genre] + (" d’une subvention" if doc.genre == "lettre" else "")


def _objet(doc: AttributionDoc) -> str:
    return f"subvention pour le projet « {doc.titre_projet} », territoire {doc.territoire}"


def _references(doc: AttributionDoc) -> str:
    return (
        f"{doc.titre_contrat}, référence {doc.reference or blanc('référence du contrat')}, projet "
        f"n°{INSECABLE}{doc.numero_projet}"
    )


def acte(decision: DecisionDoc, nom: str) -> str:
    """« n° CD-12 du 2 février 2026 »; each part that is missing is marked."""
    numero = decision.numero or blanc(f"numéro {nom}")
    quand = jour(decision.prise_le) if decision.prise_le else blanc(f"date {nom}")
    return f"n°{INSECABLE}{numero} du {quand}"


def _visas(doc: AttributionDoc) -> list[str]:
    a = doc.autorite
    suite = f", modifié par l’{doc.avenant}" if doc.avenant else ""
    effet = f", en vigueur depuis le {jour(doc.date_effet)}" if doc.date_effet else ""
    return [
        *(x.texte for x in doc.visas),
        f"la délibération {acte(doc.contrat_approuve, 'de la délibération')} {de_la(a.designation)} qui "
        f"approuve le contrat ;",
        f"le contrat « {doc.titre_contrat} », référence {doc.reference or blanc('référence du contrat')}"
        f"{effet}{suite} ;",
        f"la décision {acte(doc.decision, 'de la décision d’attribution')} qui attribue la subvention ;",
        f"la demande présentée par {doc.beneficiaire.nom} et son dossier{_numero(doc)}, reçus le "
        f"{jour(doc.dossier_recu_le) if doc.dossier_recu_le else blanc('date de réception du dossier')} ;",
    ]


def _numero(doc: AttributionDoc) -> str:
    return f" n°{INSECABLE}{doc.dossier}" if doc.dossier else ""


def _parties(doc: AttributionDoc, executif: str) -> list[str]:
    a, b = doc.autorite, doc.beneficiaire
    qualite = doc.qualite or executif
    siren = f", SIREN {b.siren}" if b.siren else ""
    return [
        f"{a.nom}{f', SIREN {a.siren}' if a.siren else ''}, agissant par "
        f"{doc.signataire or blanc('nom du signataire')}, {qualite}, en vertu de la décision "
        f"{acte(doc.decision, 'de la décision d’attribution')}, ci-après « l’autorité »,",
        f"{b.nom}{siren}, agissant par {blanc('nom et qualité du représentant du bénéficiaire')}, en vertu "
        f"de {blanc('acte qui autorise le bénéficiaire à signer')}, ci-après « le bénéficiaire »,",
    ]


def _montants(doc: AttributionDoc) -> list[Vue]:
    rangees = [
        ("Coût prévisionnel hors taxes", euros(doc.cout_ht) if doc.cout_ht else blanc("coût hors taxes")),
        (
            "Dépense subventionnable hors taxes",
            euros(doc.assiette) if doc.taux is not None else blanc("assiette hors taxes"),
        ),
        ("Taux", taux_dit(doc)),
        ("Subvention attribuée", euros(doc.aide)),
    ]
    if doc.annee:
        rangees.append(("Année de programmation", str(doc.annee)))
    return [{"cle": cle, "valeur": valeur} for cle, valeur in rangees]


def taux_dit(doc: AttributionDoc) -> str:
    """« 40,0 % », « 17,9 % (arrondi) » when the rate shown does not give the aid back."""
    if doc.taux is None:
        return blanc("taux")
    return taux(doc.taux) + ("" if taux_exact(doc) else " (arrondi : le montant en euros fait foi)")


def _corps(doc: AttributionDoc) -> list[str]:
    a = doc.autorite
    designation = majuscule(a.designation)
    suite = f", modifié par l’{doc.avenant}," if doc.avenant else ""
    return [
        f"{designation} vous attribue une subvention de {euros(doc.aide)} ({en_lettres(doc.aide)}) pour le "
        f"projet « {doc.titre_projet} », par la décision "
        f"{acte(doc.decision, 'de la décision d’attribution')}.",
        f"Ce projet porte le n°{INSECABLE}{doc.numero_projet} du contrat « {doc.titre_contrat} »{suite} "
        f"approuvé par la délibération {acte(doc.contrat_approuve, 'de la délibération')}.",
    ]


def _a_envoyer(doc: AttributionDoc) -> list[str]:
    """What the beneficiary sends to be paid."""
    pieces = list(doc.pieces) or [blanc("pièces à joindre à chaque demande de versement")]
    dossier = [f"{x} (dossier de subvention), si ce n’est déjà fait" for x in doc.pieces_dossier]
    return [*pieces, *dossier]


def _suites(doc: AttributionDoc) -> list[str]:
    versement = list(doc.versement) or [f"Versement : {blanc('avance, acomptes et solde')}."]
    if doc.article_versement:
        versement.append(f"La subvention suit {doc.article_versement}.")
    if doc.article_communication:
        versement.append(f"Vous faites connaître cette aide : voir {doc.article_communication}.")
    return [*versement, *([doc.convention] if doc.convention else [])]
