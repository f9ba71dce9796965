"""What the templates of the fiche projet and of its pieces read: displayed texts, and the drawings apart."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ..donnees import LignePlanDoc
from ..donnees_fiche import ActeDoc, ContactFinanceurDoc, FicheProjetDoc, FichesDoc, ImageDoc, PiecesDoc
from .texte import TIRET, euros, jour, pluriel, taux
from .vue import Vue, nettoyer
from .vue_rapport import vue_examen

Dessins = list[str]
_ETATS_PIECES = {"donnée": "Donnée", "manquante": "Manquante", "plus tard": "À joindre plus tard"}


def vue_fiches(doc: FichesDoc) -> tuple[Vue, Dessins]:
    dessins: Dessins = []
    return (
        nettoyer(
            {
                "titre": doc.titre,
                "autorite": doc.autorite,
                "territoire": doc.territoire,
                "dispositif": doc.dispositif,
                "etabli_le": jour(doc.etabli_le),
                "date_iso": doc.etabli_le.isoformat(),
                "nombre": pluriel(len(doc.fiches), "fiche projet", "fiches projets"),
                "cout_total": euros(doc.cout_total),
                "aide_totale": euros(doc.aide_demandee_totale),
                "fiches": [_fiche(x, dessins) for x in doc.fiches],
            }
        ),
        dessins,
    )


def _fiche(doc: FicheProjetDoc, dessins: Dessins) -> Vue:
    return {
        "numero": doc.numero,
        "titre": doc.titre,
        "maitre_ouvrage": doc.maitre_ouvrage,
        "lieu": doc.lieu,
        "etat": doc.etat,
        "chiffres": [
            {"cle": "Coût total HT", "valeur": euros(doc.cout_ht), "vert": False},
            {"cle": "Autres aides acquises", "valeur": euros(doc.montant_acquis), "vert": False},
            {"cle": "Part du maître d’ouvrage", "valeur": euros(doc.autofinancement), "vert": False},
            {"cle": "Aide demandée", "valeur": euros(doc.aide_demandee), "vert": True},
        ],
        "reperes": [{"cle": x.cle, "valeur": x.valeur} for x in doc.reperes],
        "textes": [{"titre": x.titre, "texte": x.texte} for x in doc.textes],
        "couts": _couts(doc),
        "depenses": [
            {
                "libelle": x.libelle,
                "nature": x.nature or TIRET,
                "eligible": "oui" if x.eligible else "non",
                "montant": euros(x.montant),
            }
            for x in doc.depenses
        ],
        "total_depenses": euros(doc.total_depenses),
        "plan": vue_plan(doc.plan, doc.total_plan),
        "total_plan": euros(doc.total_plan),
        "cout_ht": euros(doc.cout_ht),
        "ecart": phrase_ecart(doc.ecart_plan),
        "ecart_montant": euros(doc.ecart_plan),
        "barre": _barre(doc),
        "barre_dite": _barre_dite(doc),
        "refuses": [f"{x.financeur} ({x.libelle or x.statut}), {euros(x.montant)}" for x in doc.refuses],
        "contacts": [_contact(x) for x in doc.contacts],
        "examen": vue_examen(doc.examen) if doc.examen else None,
        "actes": [_acte(x) for x in doc.actes],
        "carte": _image(doc.carte, dessins),
        "photo": _image(doc.photo, dessins),
        "source": doc.source,
        "demonstration": doc.demonstration,
    }


def _couts(doc: FicheProjetDoc) -> str:
    """What the four figures do not say."""
    morceaux = [f"Coût TTC : {euros(doc.cout_ttc)}"] if doc.cout_ttc is not None else []
    if doc.assiette is not None:
        morceaux.append(f"Dépense éligible : {euros(doc.assiette)}")
    return " · ".join(morceaux)


def vue_plan(plan: Sequence[LignePlanDoc], total: Decimal) -> list[Vue]:
    return [
        {
            "financeur": x.financeur,
            "libelle": x.libelle or TIRET,
            "statut": x.statut or TIRET,
            "montant": euros(x.montant),
            "part": taux(x.montant / total if total else None),
            "demonstration": x.demonstration,
        }
        for x in plan
    ]


def phrase_ecart(ecart: Decimal | None) -> str:
    """The gap in words; empty when the plan is balanced or has no cost to compare with."""
    if not ecart:
        return ""
    if ecart > 0:
        return f"Il manque {euros(ecart)} pour couvrir le coût du projet."
    return f"Les financements dépassent le coût du projet de {euros(-ecart)}."


def _barre(doc: FicheProjetDoc) -> list[Vue]:
    """The plan as a strip: thousandths of the larger of cost and plan. A drawing, not amounts."""
    entier = max(doc.total_plan, doc.cout_ht or Decimal(0))
    if not entier:
        return []
    parts = [
        {
            "genre": "propre" if x.est_autofinancement else x.statut,
            "milliemes": int(x.montant / entier * 1000),
        }
        for x in doc.plan
        if x.montant
    ]
    manque = (doc.ecart_plan or Decimal(0)) / entier
    return [*parts, {"genre": "manque", "milliemes": int(manque * 1000)}] if manque > 0 else parts


def _barre_dite(doc: FicheProjetDoc) -> str:
    parts = [f"{x.financeur} {euros(x.montant)} ({x.statut or 'part propre'})" for x in doc.plan if x.montant]
    return f"Plan de financement. {' ; '.join(parts)}. {phrase_ecart(doc.ecart_plan)}".strip()


def _contact(doc: ContactFinanceurDoc) -> Vue:
    quand = jour(doc.le) if doc.le else ""
    montant = euros(doc.montant) if doc.montant is not None else ""
    return {
        "financeur": doc.financeur,
        "quoi": ", ".join(x for x in (doc.genre, doc.quoi, quand, montant) if x),
        "reponse": doc.reponse or TIRET,
        "suite": doc.suite or TIRET,
    }


def _acte(doc: ActeDoc) -> Vue:
    if doc.prise_le is None:
        pour = f" (attendue pour le {jour(doc.attendue_le)})" if doc.attendue_le else ""
        return {"prise": False, "texte": f"{doc.assemblee} : délibération à prendre{pour}."}
    recue = f", reçue en préfecture le {jour(doc.recue_le)}" if doc.recue_le else ""
    sens = doc.sens or "adoptée"
    return {
        "prise": True,
        "texte": f"{doc.assemblee} : délibération n° {doc.numero or TIRET}, {sens} le "
        f"{jour(doc.prise_le)}{recue}.",
    }


def _image(doc: ImageDoc | None, dessins: Dessins) -> Vue | None:
    """The drawing by its rank; the same drawing twice is sent once."""
    if doc is None:
        return None
    if doc.svg not in dessins:
        dessins.append(doc.svg)
    return {"dessin": dessins.index(doc.svg), "alternative": doc.alternative, "rapport": doc.rapport}


def vue_pieces(doc: PiecesDoc) -> Vue:
    etapes = list(dict.fromkeys(x.etape for x in doc.pieces))
    return nettoyer(
        {
            "numero": doc.numero,
            "titre": doc.titre,
            "maitre_ouvrage": doc.maitre_ouvrage,
            "autorite": doc.autorite,
            "territoire": doc.territoire,
            "dispositif": doc.dispositif,
            "etabli_le": jour(doc.etabli_le),
            "date_iso": doc.etabli_le.isoformat(),
            "chiffres": [
                {"cle": "Pièces données", "valeur": str(doc.nombre("donnée"))},
                {"cle": "Pièces manquantes", "valeur": str(doc.nombre("manquante"))},
                {"cle": "À joindre plus tard", "valeur": str(doc.nombre("plus tard"))},
            ],
            "etapes": [
                {
                    "titre": etape,
                    "pieces": [
                        {
                            "libelle": x.libelle,
                            "etat": _ETATS_PIECES[x.etat],
                            "donnee": x.etat == "donnée",
                            "manquante": x.etat == "manquante",
                            "detail": x.detail or TIRET,
                            "demonstration": x.demonstration,
                        }
                        for x in doc.pieces
                        if x.etape == etape
                    ],
                }
                for etape in etapes
            ],
            "autres": list(doc.autres),
        }
    )
