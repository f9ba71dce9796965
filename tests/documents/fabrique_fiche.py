"""Documents of a fiche projet made up for the tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from arpent.plateforme.documents.donnees import LignePlanDoc, VisaDoc
from arpent.plateforme.documents.donnees_fiche import (
    ActeDoc,
    CollectiviteDoc,
    ContactFinanceurDoc,
    DeliberationDoc,
    DepenseDoc,
    FicheProjetDoc,
    FichesDoc,
    ImageDoc,
    PieceDoc,
    PiecesDoc,
    RepereDoc,
    SeanceDoc,
    TexteDoc,
)
from arpent.plateforme.documents.donnees_rapport import (
    ConstatExamenDoc,
    DerogationDoc,
    EntreeDoc,
    ExamenDoc,
    RapportDoc,
)
from arpent.plateforme.documents.rendu.texte import euros

from .fabrique import LE_JOUR, LIPSUM, OWNERS, THEMES, TITRES

AUTORITE = "Département de l’Exemple"
TERRITOIRE = "Causses et Haut-Pays"
DISPOSITIF = "Contrats territoriaux"
EMPREINTE = "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea"
CARTE = ImageDoc(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 80" width="120" height="80">'
    '<path d="M5 5L60 8L58 70L8 72z" fill="#e6f0ea" stroke="#8fb7a2"/>'
    '<path d="M60 8L114 12L110 74L58 70z" fill="#17573c"/>'
    '<circle cx="86" cy="40" r="5" fill="#8a5a00"/></svg>',
    "Saint-Exemple dans le territoire Causses et Haut-Pays",
    120,
    80,
)


def examen(rang: int = 1, **champs: object) -> ExamenDoc:
    cout = Decimal("48250.37") * rang
    aide = (cout / 5).quantize(Decimal("0.01"))
    verdict = ("conforme", "non conforme", "à vérifier")[rang % 3]
    gardes = {"conforme": {0, 2, 4}, "non conforme": {0, 1, 2, 3, 4}, "à vérifier": {0, 2, 3, 4}}[verdict]
    tous = (
        ConstatExamenDoc(
            "Thème éligible", "1", "conforme", "Le thème « Voirie » fait partie des thèmes soutenus."
        ),
        ConstatExamenDoc(
            "Taux d’intervention", "4", "non conforme", "L’aide demandée dépasse de 1 250,00 € le maximum.",
            f"{euros(cout)} × 20 % = {euros(aide)}", aide, "Taux non publié", True,
        ),
        ConstatExamenDoc(
            "Participation minimale du maître d’ouvrage", "CGCT L1111-10, III", "conforme",
            "Le maître d’ouvrage garde au moins 20 % des financements publics.",
            f"{euros(cout)} × 20 % = {euros(aide)}", cout - aide, "Code général des collectivités",
        ),
        ConstatExamenDoc(
            "Délibération transmise", "6", "à vérifier", "Aucune délibération n’est notée sur la fiche."
        ),
        ConstatExamenDoc(
            "Cumul avec l’aide de l’État", "CGCT R2334-27", "sans objet", "L’État ne cofinance pas."
        ),
    )  # fmt: skip
    constats = tuple(x for n, x in enumerate(tous) if n in gardes)
    defaut: dict[str, object] = {
        "numero": str(rang),
        "titre": TITRES[rang % 6],
        "maitre_ouvrage": OWNERS[rang % 3],
        "theme": THEMES[rang % 6],
        "cout_ht": cout,
        "aide_demandee": aide + Decimal("1250.00"),
        "reglement": "Règlement des contrats territoriaux, version 1",
        "empreinte": EMPREINTE,
        "verdict": verdict,
        "aide_calculee": aide,
        "aide_maximale": aide,
        "plafond_liant": "Taux d’intervention",
        "article_liant": "4",
        "entrees": (
            EntreeDoc("Thème", "Voirie"),
            EntreeDoc("Nature du bénéficiaire", "commune"),
            EntreeDoc("Population", "512 habitants"),
            EntreeDoc("Dépense éligible", "48 250,37 €"),
        ),
        "constats": constats,
        "derogations": (
            DerogationDoc(
                "Délibération transmise", "6", "Conseil réuni le 12 juin : acte attendu.", "Anne Roux",
                date(2026, 5, 20), None, date(2026, 5, 28), "Anne Roux", "L’acte est arrivé.",
            ),
        ) if rang % 2 else (),
        "conclue_le": date(2026, 5, 29),
        "conclue_par": "Anne Roux",
        "demonstration": True,
    }  # fmt: skip
    return ExamenDoc(**{**defaut, **champs})  # type: ignore[arg-type]


def plan(cout: Decimal) -> tuple[LignePlanDoc, ...]:
    etat, aide = (cout * 3 / 10).quantize(Decimal("0.01")), (cout / 5).quantize(Decimal("0.01"))
    return (
        LignePlanDoc("État", "DETR 2026", "acquis", etat),
        LignePlanDoc(AUTORITE, "Contrat territorial", "sollicité", aide, demonstration=True),
        LignePlanDoc("Autofinancement", "Fonds propres", "", cout - etat - aide, est_autofinancement=True),
    )


def fiche_projet(rang: int = 1, **champs: object) -> FicheProjetDoc:
    cout = Decimal("48250.37") * rang
    defaut: dict[str, object] = {
        "numero": str(rang),
        "titre": TITRES[rang % 6],
        "maitre_ouvrage": OWNERS[rang % 3],
        "lieu": "Saint-Exemple",
        "etat": "Proposée",
        "reperes": (
            RepereDoc("Thème", THEMES[rang % 6]),
            RepereDoc("Axe", "1. Accueillir et bien vivre"),
            RepereDoc("Enjeu", "Maintenir les services de proximité"),
            RepereDoc("Maturité", "projet structurant"),
            RepereDoc("Calendrier", "mars 2027 à octobre 2028"),
            RepereDoc("Personne à joindre", "Jeanne Martin, secrétaire de mairie"),
        ),
        "textes": (TexteDoc("Le projet", LIPSUM), TexteDoc("Effets attendus", f"{LIPSUM}\n{LIPSUM}")),
        "cout_ht": cout,
        "cout_ttc": (cout * Decimal("1.2")).quantize(Decimal("0.01")),
        "assiette": cout,
        "aide_demandee": (cout / 5).quantize(Decimal("0.01")),
        "depenses": (
            DepenseDoc("Travaux de gros œuvre", "travaux", cout - 8000),
            DepenseDoc("Maîtrise d’œuvre", "études", Decimal("8000.00"), False),
        ),
        "plan": plan(cout),
        "refuses": (LignePlanDoc("Région", "Fonds vert régional", "refusé", Decimal("5000.00")),),
        "contacts": (
            ContactFinanceurDoc(
                "Agence de l’eau", "piste", "appel à projets", "réponse attendue", "rappeler en juin",
                Decimal("12000.00"), date(2026, 4, 2),
            ),
        ),
        "examen": examen(rang),
        "actes": (ActeDoc("Conseil municipal", "2026-12", date(2026, 3, 1), "adoptée"),),
        "carte": CARTE,
        "source": "Plan d’actions du territoire",
        "demonstration": True,
    }  # fmt: skip
    return FicheProjetDoc(**{**defaut, **champs})  # type: ignore[arg-type]


def fiches(nombre: int = 1, **champs: object) -> FichesDoc:
    liste = tuple(fiche_projet(rang, **champs) for rang in range(1, nombre + 1))
    titre = f"Fiche {liste[0].numero} : {liste[0].titre}" if nombre == 1 else "Les fiches projets"
    return FichesDoc(titre, AUTORITE, TERRITOIRE, LE_JOUR, liste, DISPOSITIF)


def rapport(nombre: int = 1) -> RapportDoc:
    return RapportDoc(
        "Rapport de pré-instruction",
        AUTORITE,
        TERRITOIRE,
        DISPOSITIF,
        LE_JOUR,
        "Anne Roux",
        tuple(examen(rang) for rang in range(1, nombre + 1)),
        plan_entier=nombre != 1,
    )


def deliberation(**champs: object) -> DeliberationDoc:
    cout = Decimal("96500.74")
    defaut: dict[str, object] = {
        "collectivite": CollectiviteDoc(
            "Commune de Saint-Exemple", "conseil municipal", "la commune", "le maire", "214800922"
        ),
        "autorite": AUTORITE,
        "dispositif": DISPOSITIF,
        "territoire": TERRITOIRE,
        "numero_fiche": "3",
        "titre_projet": TITRES[2],
        "etabli_le": LE_JOUR,
        "visas": (
            VisaDoc("le code général des collectivités territoriales, notamment ses articles L2121-17"),
            VisaDoc("le règlement des contrats territoriaux, version 1"),
        ),
        "expose": (LIPSUM,),
        "calendrier": "mars 2027 à octobre 2028",
        "cout_ht": cout,
        "assiette": cout,
        "plan": plan(cout),
        "aide_demandee": Decimal("19300.15"),
        "rappels": ("Faites vérifier le quorum.",),
    }
    return DeliberationDoc(**{**defaut, **champs})  # type: ignore[arg-type]


SEANCE = SeanceDoc(
    "2026-31", date(2026, 6, 12), date(2026, 6, 5), en_exercice=11, presents=8, representes=2, pour=9,
    contre=1, abstentions=0,
)  # fmt: skip


def pieces(**champs: object) -> PiecesDoc:
    liste = (
        PieceDoc("Délibération de l’assemblée", "Pour proposer", "donnée", "n° 2026-12 du 1er mars 2026"),
        PieceDoc("Photo ou plan de situation", "Pour proposer", "manquante", "", demonstration=True),
        PieceDoc("Marchés ou devis", "Pour le dossier de subvention", "plus tard"),
    )
    doc = PiecesDoc("3", TITRES[2], OWNERS[2], AUTORITE, TERRITOIRE, DISPOSITIF, LE_JOUR, liste)
    return replace(doc, **champs)  # type: ignore[arg-type]
