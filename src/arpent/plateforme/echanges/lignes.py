"""One line of the file → one fiche to create, and all that is wrong or odd in it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.plan_financement import StatutFinancement
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.plans.actions import FicheSaisie, LigneSaisie
from arpent.plateforme.socle.recherche import plier

from . import valeurs
from .reperes import Lecture, cle
from .totaux import Sommes

TITRE_MAX = 300
COUT_PLAUSIBLE = Decimal(100)
_TOTAL = re.compile(r"(?:sous )?tota(?:l|ux)\b|cumul\b|ensemble du plan|somme\b")
_INTERTITRE = re.compile(r"axe\b|orientation|enjeu|objectif|ambition|volet|theme")
_NOTE = re.compile(
    r"(?:n\.?b\.?|notes?|remarques?|sources?|legende|mise a jour|maj|attention|rappel|commentaires?|document|"
    r"edite|page|tableau|en (?:gras|rouge|jaune|italique)|\*+|\(?[1-9*]\)|\([*]\))(?:\W|$)"
)
NOTE_LONGUE = 90


def est_hors_plan(lecture: Lecture, sommes: Sommes) -> bool:
    """A line of totals, a heading or a note between projects: left out, and said; a total is checked."""
    pleines = [cellule for cellule in lecture.ligne.cellules if cellule]
    debuts = [" ".join(plier(cellule).replace("-", " ").split()) for cellule in pleines[:3]]
    total = next((p for p, debut in zip(pleines, debuts, strict=False) if _TOTAL.match(debut)), "")
    if total and not (lecture.texte("mo") and lecture.texte("titre") and total != lecture.texte("titre")):
        _controler_total(lecture, sommes, total)
        return True
    if lecture.texte("mo") or len(set(pleines)) > 1:
        return False
    seul, nu = pleines[0], debuts[0]
    hors_du_titre = seul != lecture.texte("titre")
    if _INTERTITRE.match(nu):
        quoi = "est un intertitre"
    elif _NOTE.match(nu) or len(seul) > NOTE_LONGUE or hors_du_titre:
        quoi = "est une note"
    else:
        return False
    lecture.signaler("toute la ligne", f"Ligne laissée de côté : « {seul[:80]} » {quoi}.")
    return True


def _controler_total(lecture: Lecture, sommes: Sommes, libelle: str) -> None:
    """A total is not a project: it is compared with the sum of the lines, and the gap is said."""
    ecarts = sommes.ecarts(lecture)
    debut = f"Ligne laissée de côté : « {libelle[:80]} » est un total"
    if not ecarts:
        lecture.signaler("toute la ligne", f"{debut}.")
    for rang, annonce, somme in ecarts:
        lecture.signaler(
            lecture.colonnes.nom(rang),
            f"{debut} qui ne fait pas la somme des lignes : {formater_euros(annonce)} annoncés, "
            f"{formater_euros(somme)} lus, écart de {formater_euros(abs(annonce - somme))}.",
            "Cherchez une ligne oubliée ou comptée deux fois dans le fichier.",
        )
    sommes.clore_groupe()


def lire_fiche(lecture: Lecture) -> FicheSaisie:
    """The fiche of a line; to be kept only when `lecture.rejets` stays empty."""
    contexte = lecture.contexte
    numero, identifiant = lecture.lire("numero", valeurs.numero) or (None, "")
    champs: dict[str, Any] = {
        "numero": numero,
        "source_identifiant": identifiant,
        "titre": _titre(lecture),
        "description": lecture.texte("description"),
        "maitre_ouvrage": _maitre_ouvrage(lecture),
        "theme": lecture.trouver("theme", contexte.themes.trouver),
        "axe": lecture.trouver("axe", contexte.axes.trouver),
        "annee": lecture.lire("annee", valeurs.annee),
        "priorite_territoire": lecture.lire("priorite", valeurs.priorite),
        "debut_le": lecture.lire("debut", valeurs.jour),
        "fin_le": lecture.lire("fin", lambda texte: valeurs.jour(texte, fin=True)),
        **_montants(lecture),
    }
    if maturite := lecture.lire("maturite", valeurs.maturite):
        champs["maturite"] = maturite
    if champs["debut_le"] and champs["fin_le"] and champs["fin_le"] < champs["debut_le"]:
        lecture.rejeter("fin", "La fin des travaux précède leur début.", "Corrigez l’une des deux dates.")
    financements = _financements(lecture)
    _completer_aide(lecture, champs, financements)
    _comparer(lecture, champs, financements)
    if not lecture.rejets:
        _refuser_doublon(lecture, champs)
    return FicheSaisie(champs, financements)


def _titre(lecture: Lecture) -> str:
    titre = " ".join(lecture.texte("titre").split())
    if not titre:
        lecture.rejeter("titre", "L’intitulé manque.", "Dites ce qui sera fait et où.")
    elif len(titre) > TITRE_MAX:
        lecture.rejeter(
            "titre",
            f"L’intitulé compte {len(titre)} caractères, plus que les {TITRE_MAX} admis.",
            "Raccourcissez-le et mettez le détail dans une colonne « Description ».",
        )
    else:
        lecture.cellule(lecture.colonnes.rang["titre"], str)
    return titre


def _par_siret(lecture: Lecture) -> Organisation | None:
    """The owner by its number, when the file has a column for it; what is wrong in it is only signalled."""
    texte = lecture.texte("siret")
    if valeurs.est_vide(texte):
        return None
    try:
        return lecture.contexte.annuaire.trouver(texte)
    except valeurs.ValeurIllisible as refus:
        nom = lecture.colonnes.nom(lecture.colonnes.rang["siret"])
        lecture.signaler(nom, f"{refus.cause} Le numéro n’est pas repris.", refus.conseil)
        return None


def _maitre_ouvrage(lecture: Lecture) -> Organisation | None:
    if trouve := _par_siret(lecture):
        return trouve
    if not lecture.texte("mo"):
        lecture.rejeter(
            "mo",
            "Le maître d’ouvrage manque.",
            "Écrivez le nom ou le SIREN de la structure qui porte le projet.",
        )
        return None
    return lecture.lire("mo", lecture.contexte.annuaire.trouver)


def _montants(lecture: Lecture) -> dict[str, Decimal | None]:
    avant = len(lecture.rejets)
    cout = lecture.montant("cout_ht")
    if cout is None and len(lecture.rejets) == avant and not valeurs.est_vide(lecture.texte("cout_ht")):
        cout = ZERO  # « à définir »: a draft may wait for its cost, and it is signalled
    if cout is None and len(lecture.rejets) == avant:
        lecture.rejeter(
            "cout_ht", "Le coût HT manque.", "Écrivez une estimation, ou 0 s’il n’est pas encore connu."
        )
    autres = {code: lecture.montant(code) for code in ("cout_ttc", "assiette", "aide_demandee")}
    for code, quoi in (("assiette", "La dépense éligible"), ("aide_demandee", "L’aide demandée")):
        valeur = autres[code]
        if cout is not None and valeur is not None and valeur > cout:
            lecture.rejeter(
                code,
                f"{quoi} ({formater_euros(valeur)}) dépasse le coût HT ({formater_euros(cout)}).",
                "Corrigez l’un des deux montants.",
            )
    return {"cout_ht": cout, **autres}


def _financements(lecture: Lecture) -> tuple[LigneSaisie, ...]:
    lignes = []
    for colonne in lecture.colonnes.financeurs:
        montant = lecture.montant_en(colonne.rang)
        if montant:
            lignes.append(LigneSaisie(colonne.financeur, montant, colonne.statut, colonne.libelle))
    return tuple(lignes)


def _completer_aide(lecture: Lecture, champs: dict[str, Any], lignes: tuple[LigneSaisie, ...]) -> None:
    """When it is not written, the aid asked for is what the file gives for the authority itself."""
    autorite = lecture.contexte.autorite
    prevu = sum(
        (x.montant for x in lignes if x.financeur is autorite and x.statut is not StatutFinancement.ACQUIS),
        ZERO,
    )
    if champs["aide_demandee"] is None:
        champs["aide_demandee"] = prevu
    elif prevu and prevu != champs["aide_demandee"]:
        lecture.signaler(
            lecture.colonnes.nom(lecture.colonnes.rang["aide_demandee"]),
            f"L’aide demandée ({formater_euros(champs['aide_demandee'])}) diffère du montant prévu dans la "
            f"colonne de l’autorité ({formater_euros(prevu)}).",
            "Corrigez l’un des deux sur la fiche.",
        )


def _comparer(lecture: Lecture, champs: dict[str, Any], lignes: tuple[LigneSaisie, ...]) -> None:
    """What looks odd without being wrong: a draft may be incomplete."""
    cout, ttc = champs["cout_ht"], champs["cout_ttc"]
    if cout is None:
        return
    nom_cout = lecture.colonnes.nom(lecture.colonnes.rang["cout_ht"])
    if cout == 0:
        lecture.signaler(nom_cout, "Le coût est nul.", "Complétez-le avant de proposer la fiche.")
    elif cout < COUT_PLAUSIBLE:
        lecture.signaler(
            nom_cout, f"Le coût est de {formater_euros(cout)} seulement.", "Vérifiez l’unité du fichier."
        )
    if ttc is not None and ttc < cout:
        nom_ttc = lecture.colonnes.nom(lecture.colonnes.rang["cout_ttc"])
        lecture.signaler(nom_ttc, "Le coût TTC est inférieur au coût HT.", "Vérifiez les deux montants.")
    if not lignes:
        return
    autorite = lecture.contexte.autorite
    total = sum((x.montant for x in lignes), ZERO)
    if not any(x.financeur is autorite and x.statut is not StatutFinancement.ACQUIS for x in lignes):
        total += champs["aide_demandee"]  # the aid under examination is part of the plan
    if total != cout:
        ecart = formater_euros(abs(cout - total))
        sens = f"il manque {ecart}" if total < cout else f"il y a {ecart} de trop"
        lecture.signaler(
            "plan de financement",
            f"Le plan de financement ne fait pas le coût HT : {sens}.",
            "Complétez-le sur la fiche.",
        )


def _refuser_doublon(lecture: Lecture, champs: dict[str, Any]) -> None:
    """A project or a number already met, in the plan or higher in the file."""
    contexte, numero = lecture.contexte, champs["numero"]
    projet = (cle(champs["titre"]), champs["maitre_ouvrage"].pk)
    if deja := contexte.projets.get(projet):
        lecture.rejeter(
            "titre",
            f"Ce projet du même maître d’ouvrage est déjà {deja}.",
            "Retirez la ligne, ou renommez-la.",
        )
    if numero is not None and (deja := contexte.numeros.get(numero)):
        lecture.rejeter(
            "numero", f"Le numéro {numero} est déjà celui de {deja}.", "Changez-le, ou laissez vide."
        )
    if lecture.rejets:
        return
    ici = f"à la ligne {lecture.ligne.numero} du fichier"
    contexte.projets[projet] = ici
    if numero is not None:
        contexte.numeros[numero] = ici
