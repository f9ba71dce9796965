"""What the report of the pré-instruction reads, and the summary printed on the fiche projet."""

from __future__ import annotations

from ..donnees_rapport import (
    ConstatExamenDoc,
    DerogationDoc,
    ExamenDoc,
    RapportDoc,
    TotalThemeDoc,
    VerdictRegle,
)
from .texte import TIRET, entier, euros, jour, pluriel
from .vue import Vue, nettoyer

SANS_REGLEMENT = "Aucun règlement en vigueur : la pré-instruction viendra avec lui."


def vue_rapport(doc: RapportDoc) -> Vue:
    return nettoyer(
        {
            "titre": doc.titre,
            "autorite": doc.autorite,
            "territoire": doc.territoire,
            "dispositif": doc.dispositif,
            "etabli_le": jour(doc.etabli_le),
            "date_iso": doc.etabli_le.isoformat(),
            "etabli_par": doc.etabli_par,
            "plan_entier": doc.plan_entier,
            "nombre": pluriel(len(doc.examens), "fiche projet", "fiches projets"),
            "reglements": [{"nom": nom, "empreinte": empreinte} for nom, empreinte in doc.reglements],
            "themes": [_theme(x) for x in doc.par_theme],
            "ensemble": _theme(doc.ensemble),
            "examens": [vue_examen(x) for x in doc.examens],
            "demonstration": doc.a_des_valeurs_de_demonstration,
        }
    )


def vue_examen(doc: ExamenDoc) -> Vue:
    """Everything about one examined fiche; each template takes what it prints."""
    return {
        "numero": doc.numero,
        "titre": doc.titre,
        "maitre_ouvrage": doc.maitre_ouvrage,
        "theme": doc.theme or TIRET,
        "reglement": doc.reglement,
        "empreinte": doc.empreinte,
        "verdict": doc.verdict or "",
        "sans_reglement": "" if doc.verdict else SANS_REGLEMENT,
        "chiffres": [
            {"cle": cle, "valeur": euros(montant), "vert": cle == "Aide maximale possible"}
            for cle, montant in (
                ("Coût total HT", doc.cout_ht),
                ("Aide demandée", doc.aide_demandee),
                ("Aide recevable", doc.aide_calculee),
                ("Aide maximale possible", doc.aide_maximale),
            )
            if montant is not None
        ],
        "demandee": euros(doc.aide_demandee),
        "maximum": euros(doc.aide_maximale),
        "limite": _limite(doc),
        "entrees": [{"cle": x.cle, "valeur": x.valeur} for x in doc.entrees],
        "constats": [_constat(x) for x in doc.constats],
        "points": [_constat(x) for x in doc.constats_de("non conforme", "à vérifier")],
        "compte": _compte(doc),
        "respectees": [
            f"{x.libelle} (article {x.article})" + ("*" if x.demonstration else "")
            for x in doc.constats_de("conforme")
        ],
        "derogations": [_derogation(x) for x in doc.derogations],
        "conclusion": _conclusion(doc),
        "demonstration": doc.a_des_valeurs_de_demonstration,
    }


def _limite(doc: ExamenDoc) -> str:
    if doc.verdict is None:
        return ""
    if doc.plafond_liant:
        return f"{doc.plafond_liant} (article {doc.article_liant or TIRET})"
    return "ce que les autres financeurs laissent à payer"


def _compte(doc: ExamenDoc) -> str:
    """« 7 règles respectées, 1 non conforme, 2 à vérifier »."""
    mots: tuple[tuple[VerdictRegle, str, str], ...] = (
        ("conforme", "règle respectée", "règles respectées"),
        ("non conforme", "non conforme", "non conformes"),
        ("à vérifier", "à vérifier", "à vérifier"),
        ("sans objet", "sans objet", "sans objet"),
    )
    comptes = [(len(doc.constats_de(v)), un, des) for v, un, des in mots]
    return ", ".join(pluriel(n, un, des) for n, un, des in comptes if n)


def _conclusion(doc: ExamenDoc) -> str:
    if doc.verdict is None:
        return ""
    if doc.conclue_le is None:
        return "Calcul du jour, sur la fiche telle qu’elle est écrite ; la pré-instruction n’est pas conclue."
    par = f" par {doc.conclue_par}" if doc.conclue_par else ""
    return f"Pré-instruction conclue le {jour(doc.conclue_le)}{par}. {doc.depuis}".strip()


def _constat(doc: ConstatExamenDoc) -> Vue:
    return {
        "libelle": doc.libelle,
        "article": doc.article,
        "verdict": doc.verdict,
        "explication": doc.explication,
        "calcul": doc.calcul,
        "plafond": euros(doc.plafond) if doc.plafond is not None else "",
        "source": doc.source,
        "demonstration": doc.demonstration,
    }


def _derogation(doc: DerogationDoc) -> Vue:
    levee = ""
    if doc.levee_le is not None:
        levee = f"Retirée le {jour(doc.levee_le)} par {doc.levee_par or TIRET} : {doc.levee_motif or TIRET}"
    return {
        "intitule": doc.intitule,
        "article": doc.article,
        "par": f"{doc.par}, le {jour(doc.le)}",
        "motif": doc.motif,
        "plafond": euros(doc.plafond) if doc.plafond is not None else "",
        "levee": levee,
    }


def _theme(doc: TotalThemeDoc) -> Vue:
    return {
        "theme": doc.theme,
        "nombre": entier(doc.nombre),
        "cout": euros(doc.cout_ht),
        "demandee": euros(doc.aide_demandee),
        "maximum": euros(doc.aide_maximale),
        "conformes": entier(doc.conformes),
        "non_conformes": entier(doc.non_conformes),
        "a_verifier": entier(doc.a_verifier),
    }
