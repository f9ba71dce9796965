"""The articles of an arrêté or of a convention that award an aid. No article of law that was not checked."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from arpent.metier.argent import en_lettres

from ..donnees_attribution import AttributionDoc
from .blancs import blanc
from .texte import INSECABLE, euros, taux
from .vue import Vue

PLAN_AFFICHE = (
    "Le bénéficiaire publie le plan de financement de l’opération et l’affiche pendant sa réalisation et à "
    "son issue (CGCT, art. L1111-11 et D1111-8)."
)


def articles(doc: AttributionDoc) -> list[Vue]:
    """Numbered, each with its paragraphs."""
    if doc.genre == "lettre":
        return []
    arrete = doc.genre == "arrete"
    corps: list[tuple[str, list[str]]] = [
        ("Objet", _objet(doc)),
        ("Montant, assiette et taux", _montant(doc)),
        ("Versement", _versement(doc)),
        ("Délais et validité", _validite(doc)),
        ("Communication", _communication(doc)),
        ("Obligations du bénéficiaire", _obligations(doc)),
        ("Réduction, retrait et reversement", _reversement(doc)),
        *([("Exécution", _execution(doc))] if arrete else _fin_de_convention()),
    ]
    return [
        {"numero": str(n), "titre": titre, "paragraphes": paragraphes}
        for n, (titre, paragraphes) in enumerate(corps, 1)
    ]


def majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]


def de_la(designation: str) -> str:
    """« du Département », « de la Région », « de l’association »."""
    return f"du {designation[3:]}" if designation.startswith("le ") else f"de {designation}"


def a_qui(nom: str) -> str:
    """« à la Commune de Mende », « au Syndicat… », « à l’Association… », else « à Mende »."""
    bas = nom.lower()
    if bas.startswith(("commun", "cc ", "ca ", "métropole", "région", "ville")):
        return f"à la {nom}"
    if bas.startswith(("département", "syndicat", "pôle", "petr")):
        return f"au {nom}"
    return f"à l’{nom}" if bas.startswith("association") else f"à {nom}"


def taux_exact(doc: AttributionDoc) -> bool:
    """True when the rate, as it is shown, gives the aid back to the cent."""
    if doc.taux is None or doc.assiette is None:
        return False
    montre = doc.taux.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)
    return (doc.assiette * montre).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) == doc.aide


def _objet(doc: AttributionDoc) -> list[str]:
    b = doc.beneficiaire
    siren = f" (SIREN {b.siren})" if b.siren else ""
    projet = (
        f"« {doc.titre_projet} », projet n°{INSECABLE}{doc.numero_projet} du contrat « {doc.titre_contrat} » "
        f"(dispositif « {doc.dispositif} »)"
    )
    if doc.genre == "arrete":
        return [f"Une subvention est attribuée {a_qui(b.nom)}{siren}, maître d’ouvrage, pour {projet}."]
    return [
        f"La présente convention fixe l’objet, le montant, les modalités de versement et les conditions "
        f"d’utilisation de la subvention attribuée {a_qui(b.nom)}{siren}, maître d’ouvrage, pour {projet}."
    ]


def _montant(doc: AttributionDoc) -> list[str]:
    cout = euros(doc.cout_ht) if doc.cout_ht else blanc("coût hors taxes")
    textes = [f"Le montant de la subvention est fixé à {euros(doc.aide)} ({en_lettres(doc.aide)})."]
    if doc.taux is None or doc.assiette is None:
        textes.append(
            f"Elle est calculée sur une dépense subventionnable de {blanc('assiette hors taxes')}, au taux "
            f"de {blanc('taux')}. Le coût prévisionnel de l’opération est de {cout} hors taxes."
        )
    else:
        arrondi = "" if taux_exact(doc) else " Ce taux est arrondi : le montant en euros fait foi."
        textes.append(
            f"Elle est calculée sur une dépense subventionnable de {euros(doc.assiette)} hors taxes, au taux "
            f"de {taux(doc.taux)}. Le coût prévisionnel de l’opération est de {cout} hors taxes.{arrondi}"
        )
    annee = f" Année de programmation : {doc.annee}." if doc.annee else ""
    fonds = f" Fonds : {doc.fonds}." if doc.fonds else ""
    textes.append(f"Imputation budgétaire : {blanc('imputation budgétaire')}.{fonds}{annee}")
    return textes


def _versement(doc: AttributionDoc) -> list[str]:
    textes = list(doc.versement) or [
        f"La subvention est versée selon les modalités suivantes : {blanc('avance, acomptes et solde')}."
    ]
    pieces = " ; ".join(doc.pieces) or blanc("pièces à joindre à chaque demande de versement")
    textes.append(f"Pièces de la demande de versement : {pieces}.")
    if doc.pieces_dossier:
        textes.append(f"Pièces du dossier de subvention : {' ; '.join(doc.pieces_dossier)}.")
    if doc.article_versement:
        textes.append(f"La subvention suit au surplus {doc.article_versement}.")
    return textes


def _validite(doc: AttributionDoc) -> list[str]:
    if doc.delais:
        return list(doc.delais)
    return [
        f"L’opération commence au plus tard le {blanc('délai de commencement')} et s’achève au plus tard le "
        f"{blanc('délai d’achèvement')}. Passé ces délais : {blanc('effet du dépassement, prorogation')}."
    ]


def _communication(doc: AttributionDoc) -> list[str]:
    comment = (
        f", comme le prévoit {doc.article_communication}"
        if doc.article_communication
        else " sur les supports de l’opération"
    )
    textes = [f"Le bénéficiaire fait connaître l’aide {de_la(doc.autorite.designation)}{comment}."]
    if doc.prive is False and doc.investissement:
        textes.append(PLAN_AFFICHE)
    return textes


def _obligations(doc: AttributionDoc) -> list[str]:
    textes = [
        "Le bénéficiaire emploie la subvention à l’opération décrite à l’article 1er. Il signale sans "
        "attendre toute modification de son contenu, de son coût, de son plan de financement ou de son "
        "calendrier, ainsi que son abandon."
    ]
    if doc.prive:
        textes += [
            "Il fournit une copie certifiée de son budget et de ses comptes de l’exercice écoulé et "
            "n’emploie pas la subvention en subventions à d’autres organismes (CGCT, art. L1611-4).",
            "Il dépose un compte rendu financier, qui atteste que les dépenses sont conformes à l’objet de "
            "la subvention, dans les six mois qui suivent la fin de l’exercice pour lequel elle a été "
            "attribuée (loi n° 2000-321 du 12 avril 2000, art. 10).",
        ]
    return textes


def _reversement(doc: AttributionDoc) -> list[str]:
    return [
        "Lorsque les conditions de son octroi ne sont pas respectées, la subvention peut être retirée sans "
        "condition de délai (CRPA, art. L242-2, 2°) ; les sommes versées sont alors reversées.",
        "Réduction si la dépense réelle est inférieure à la dépense subventionnable : "
        f"{blanc('règle de réduction')}.",
    ]


def _execution(doc: AttributionDoc) -> list[str]:
    preuve = f" ({doc.transmission})" if doc.transmission else ""
    executif = majuscule(doc.autorite.executif)
    return [
        f"{executif} est chargé de l’exécution du présent arrêté, qui est publié, transmis au représentant "
        f"de l’État{preuve} et notifié au bénéficiaire.",
        f"Voies et délais de recours : {blanc('tribunal compétent et délai')}.",
    ]


def _fin_de_convention() -> list[tuple[str, list[str]]]:
    return [
        (
            "Durée",
            [
                f"La convention prend effet à sa dernière signature et prend fin au versement du solde, au "
                f"plus tard le {blanc('terme de la convention')}."
            ],
        ),
        ("Modification", ["Toute modification fait l’objet d’un avenant signé des deux parties."]),
        (
            "Différends",
            [
                "Les parties recherchent un accord amiable ; à défaut, le différend est porté devant "
                f"{blanc('tribunal compétent')}."
            ],
        ),
    ]
