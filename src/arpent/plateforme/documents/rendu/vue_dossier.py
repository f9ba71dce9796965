"""The texts of the papers of a grant file: its acknowledgement, the report to the commission."""

from __future__ import annotations

from arpent.metier.argent import en_lettres

from ..donnees_dossier import AccuseDossierDoc, IndividualisationDoc, RapportCommissionDoc
from .texte import INSECABLE, TIRET, euros, jour, pluriel, taux
from .vue import Vue, nettoyer, vue_charte
from .vue_attribution import typographier


def vue_accuse(doc: AccuseDossierDoc) -> Vue:
    return nettoyer(_accuse(doc), typographier)


def vue_rapport_commission(doc: RapportCommissionDoc) -> Vue:
    return nettoyer(_rapport(doc), typographier)


def _accuse(doc: AccuseDossierDoc) -> Vue:
    b = doc.beneficiaire
    reperes = [
        ("Dossier", doc.reference),
        ("Bénéficiaire", f"{b.nom}{f', SIREN {b.siren}' if b.siren else ''}"),
        ("Projet", f"n° {doc.numero_projet}, {doc.titre_projet}"),
        ("Contrat", doc.contrat),
        ("Déposé le", jour(doc.depose_le)),
        ("Reconnu complet le", jour(doc.complet_le)),
        (f"Coût hors taxes ({doc.stade})", euros(doc.cout_ht)),
        ("Dépense éligible hors taxes", euros(doc.assiette)),
        ("Aide inscrite au contrat", euros(doc.aide_du_contrat)),
        ("Aide demandée", euros(doc.aide_demandee)),
    ]
    effets = [
        "Cet accusé constate que le dossier est complet. Il ne vaut ni attribution, ni promesse d’une aide : "
        "celle-ci résulte de la seule décision de l’autorité."
    ]
    if doc.commencement:
        effets.append(_avec(doc.commencement, doc.commencement_article))
    if doc.silence_le:
        calcul = f" Calcul : {doc.silence_calcul}." if doc.silence_calcul else ""
        effets.append(
            _avec(
                f"Sans décision notifiée avant le {jour(doc.silence_le)}, le silence de l’autorité vaut "
                f"rejet de la demande.{calcul}",
                doc.silence_article,
            )
        )
    return {
        "titre": f"Accusé de dossier complet : {doc.titre_projet}, {b.nom}",
        "entete": "Accusé de dossier complet",
        "nom": doc.autorite.nom,
        "siren": doc.autorite.siren,
        "date_iso": doc.etabli_le.isoformat(),
        "etabli_le": jour(doc.etabli_le),
        "surtitre": f"{doc.dispositif} · {doc.territoire}",
        "reperes": [{"cle": c, "valeur": v} for c, v in reperes],
        "pieces": list(doc.pieces),
        "effets": effets,
        "instruit": f"Dossier instruit par {doc.instruit_par}." if doc.instruit_par else "",
        "demonstration": doc.demonstration,
        "charte": vue_charte(doc.charte),
    }


def _avec(phrase: str, article: str) -> str:
    return f"{phrase} ({article})" if article else phrase


def _rapport(doc: RapportCommissionDoc) -> Vue:
    a = doc.autorite
    nombre, total = len(doc.lignes), doc.total
    vote = bool(doc.deliberation)
    aides = pluriel(nombre, "aide", "aides")
    verbe = "L’assemblée s’est prononcée sur" if vote else "Le présent rapport propose"
    return {
        "titre": f"Rapport {doc.numero} : {doc.objet}",
        "entete": doc.objet,
        "nom": a.nom,
        "siren": a.siren,
        "date_iso": doc.etabli_le.isoformat(),
        "etabli_le": jour(doc.etabli_le),
        "surtitre": f"{doc.assemblee} · rapport n°{INSECABLE}{doc.numero}",
        "seance": [
            {"cle": c, "valeur": v}
            for c, v in (
                ("Assemblée", f"{doc.assemblee} {_de(a.nom)}"),
                ("Séance du", jour(doc.seance_le) if doc.seance_le else "à fixer"),
                ("Délibération", _deliberation(doc)),
                ("Vote", doc.vote),
            )
            if v
        ],
        "visas": list(doc.visas),
        "expose": [
            f"Les contrats territoriaux signés inscrivent une aide pour chaque projet ; l’aide est attribuée "
            f"quand le projet est prêt, au vu de ses marchés ou de ses devis. {verbe} "
            f"{aides}, pour {euros(total)} ({en_lettres(total)}).",
            "Aucune ne dépasse la ligne du contrat. Ce qu’une ligne a de plus que l’aide attribuée revient à "
            "l’enveloppe de son territoire.",
        ],
        "conclusion": "Il est décidé" if vote else "Il est proposé",
        "dispositif": [
            f"d’attribuer les aides de la liste qui suit, pour un total de {euros(total)} ;",
            "d’autoriser la signature des arrêtés et conventions qui en découlent ;",
            "de rendre aux enveloppes des territoires ce que les lignes du contrat ont de plus.",
        ],
        "fonds": [
            {
                "nom": f.fonds or "Fonds à préciser",
                "lignes": [_ligne(x, vote) for x in f.lignes],
                "couts": euros(f.total_couts),
                "total": euros(f.total),
                "compte": pluriel(len(f.lignes), "aide", "aides"),
            }
            for f in doc.par_fonds
        ],
        "recapitulatif": [
            {"fonds": f.fonds or "Fonds à préciser", "compte": str(len(f.lignes)), "total": euros(f.total)}
            for f in doc.par_fonds
        ],
        "compte": str(nombre),
        "total": euros(total),
        "vote": vote,
        "demonstration": doc.demonstration,
        "charte": vue_charte(doc.charte),
    }


def _de(nom: str) -> str:
    return f"du {nom}" if nom.startswith(("Département", "Conseil")) else f"de {nom}"


def _deliberation(doc: RapportCommissionDoc) -> str:
    if not doc.deliberation:
        return ""
    quand = f" du {jour(doc.deliberation_le)}" if doc.deliberation_le else ""
    return f"n°{INSECABLE}{doc.deliberation}{quand}"


def _ligne(x: IndividualisationDoc, vote: bool) -> Vue:
    precisions = [f"dossier {x.dossier}, {x.territoire}"]
    if x.annee:
        precisions.append(f"exercice {x.annee}")
    if x.aide_du_contrat != x.montant:
        precisions.append(f"aide du contrat {euros(x.aide_du_contrat)}")
    if x.motif:
        precisions.append(x.motif)
    return {
        "beneficiaire": x.beneficiaire,
        "projet": x.projet,
        "precision": " ; ".join(precisions),
        "cout": euros(x.cout_ht),
        "assiette": euros(x.assiette),
        "taux": taux(x.taux),
        "montant": euros(x.retenu),
        "sens": (x.sens or TIRET) if vote else "",
        "demonstration": x.demonstration,
    }
