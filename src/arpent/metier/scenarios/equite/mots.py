"""What a grouping of the aids shows, in one French sentence."""

from __future__ import annotations

from decimal import Decimal

from arpent.metier.argent import ESPACE_FINE, formater_euros, formater_nombre, formater_taux
from arpent.metier.repartition import Inegalites

from .modele import Axe, Groupe, Regroupement

ENTRE = {
    Axe.COMMUNE: "communes", Axe.EPCI: "intercommunalités", Axe.TERRITOIRE: "territoires",
    Axe.CLASSE: "classes", Axe.TAILLE: "tailles de commune", Axe.THEME: "thèmes",
}  # fmt: skip
FEMININS = frozenset({Axe.COMMUNE, Axe.EPCI, Axe.CLASSE, Axe.TAILLE})
_FOIS = {2: "deux", 3: "trois", 4: "quatre", 5: "cinq", 6: "six", 7: "sept", 8: "huit", 9: "neuf", 10: "dix"}
PUIS = f"{ESPACE_FINE}; "
_PRES = Decimal("0.03")


def rapport_en_mots(valeur: Decimal, moyenne: Decimal) -> str:
    """« trois fois la moyenne », within 3 % of a round ratio. `valeur` at least `moyenne`, above 0."""
    rapport = valeur / moyenne
    if abs(rapport - 1) <= _PRES:
        return "à peu près la moyenne"
    entier = round(rapport)
    if entier in _FOIS and abs(rapport / entier - 1) <= _PRES:
        return f"{_FOIS[entier]} fois la moyenne"
    return f"{formater_nombre(rapport, 1 if rapport < 10 else 0)} fois la moyenne"


def constat(r: Regroupement) -> str:
    """The finding: who receives most by inhabitant, beside the mean, and how many receive nothing."""
    if not r.total:
        return "Aucune aide n’est encore proposée."
    if r.axe is Axe.THEME:
        return _constat_theme(r)
    haut, bas, moyenne = r.plus_favorise, r.moins_favorise, r.moyenne
    if haut is None or bas is None or moyenne is None:
        return "Les euros par habitant ne se calculent pas : aucune population n’est connue."
    if not moyenne:
        return _sans_groupe(r)
    recoit = f"{_sujet(r.axe, haut)} {_euros(haut)} par habitant"
    if len(r.connus) == 1:
        return f"{recoit}."
    if haut.par_habitant == bas.par_habitant:
        tous = "Toutes les" if r.axe in FEMININS else "Tous les"
        return f"{tous} {ENTRE[r.axe]} reçoivent {_euros(haut)} par habitant."
    suite = f"{recoit}, {rapport_en_mots(haut.par_habitant or Decimal(0), moyenne)}"
    if r.axe in (Axe.COMMUNE, Axe.TERRITOIRE, Axe.EPCI) and r.sans_aide:
        return f"{suite}{PUIS}{_sans_rien(r)}."
    return f"{suite}{PUIS}{_autre_bout(r.axe, bas)}."


def lecture_inegalites(avant: Inegalites | None, apres: Inegalites | None) -> str:
    """What happens to the gap between two states; empty when one is not measured."""
    if avant is None or apres is None:
        return ""
    a, b = (formater_nombre(m.gini, 3) for m in (avant, apres))
    if a == b:
        return f"Les euros par habitant sont aussi dispersés qu’avant (indice de Gini {b})."
    sens = "se rapprochent" if apres.gini < avant.gini else "s’écartent"
    return f"Les euros par habitant {sens} : l’indice de Gini passe de {a} à {b}."


def ecrire_euros(valeur: Decimal) -> str:
    """Whole euros, cents below ten euros."""
    return formater_euros(valeur, centimes=0 < valeur < 10)


def _euros(g: Groupe) -> str:
    return ecrire_euros(g.par_habitant or Decimal(0))


def _nom(axe: Axe, g: Groupe) -> str:
    """The group inside a sentence."""
    if axe is Axe.CLASSE:
        return f"la classe « {g.libelle} »" if g.cle else "les communes non classées"
    return f"les {g.libelle[0].lower()}{g.libelle[1:]}" if axe is Axe.TAILLE else g.libelle


def _sujet(axe: Axe, g: Groupe) -> str:
    nom = _nom(axe, g)
    pluriel = axe is Axe.TAILLE or (axe is Axe.CLASSE and not g.cle)
    return f"{nom[0].upper()}{nom[1:]} {'reçoivent' if pluriel else 'reçoit'}"


def _autre_bout(axe: Axe, g: Groupe) -> str:
    return f"{_nom(axe, g)}, {_euros(g)}"


def _sans_rien(r: Regroupement) -> str:
    n, un = r.sans_aide, "une" if r.axe in FEMININS else "un"
    singulier = ENTRE[r.axe].removesuffix("s")
    if n == 1:
        return f"{un} {singulier} ne reçoit rien"
    return f"{formater_nombre(n)} {ENTRE[r.axe]} sur {formater_nombre(len(r.connus))} ne reçoivent rien"


def _sans_groupe(r: Regroupement) -> str:
    """All the money is set apart."""
    noms = " et ".join(f"{g.libelle[0].lower()}{g.libelle[1:]}" for g in r.a_part if g.montant)
    return f"Toutes les aides sont comptées à part : {noms}."


def _constat_theme(r: Regroupement) -> str:
    premier = max(r.groupes, key=lambda g: g.montant)
    part = formater_taux(r.part_euros(premier), 0)
    nom = f"Le thème « {premier.libelle} » reçoit" if premier.cle else "Les projets sans thème reçoivent"
    suite = "" if premier.par_habitant is None else f", {_euros(premier)} par habitant"
    return f"{nom} {part} des aides{suite}."
