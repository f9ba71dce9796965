"""The sections of the report, drafted from the data: plain sentences, then the tables behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import formater_euros, formater_nombre
from arpent.metier.cycles import EtatAvenant, EtatReponseEvaluation
from arpent.metier.questionnaire import Genre
from arpent.plateforme.documents.donnees_evaluation import SectionDoc, TableauDoc

from ..comparaisons.jumeaux import titre_de
from ..questions.lecture import ecrire_part
from .matiere import Matiere

NON_MESURE, AUCUNE = "non mesuré", "aucune"


@dataclass(frozen=True, slots=True)
class Gabarit:
    """A section that can be drafted. Its code names it in the page and in what is rewritten."""

    code: str
    titre: str
    rediger: Callable[[Matiere], SectionDoc]


def pluriel(n: int, un: str, plusieurs: str = "", aucun: str = "aucun") -> str:
    """« 3 projets », « aucun projet », « aucune cible »."""
    if n == 0:
        return f"{aucun} {un}"
    return f"{n} {un if n == 1 else plusieurs or un + 's'}"


def _part(haut: Decimal, bas: Decimal) -> str:
    return ecrire_part(haut / bas) if bas else ""


def _contrat(m: Matiere) -> SectionDoc:
    d, c = m.demarche, m.contrat
    phrases = [
        f"{d.autorite.nom} et le territoire {d.territoire.nom} sont liés par un contrat territorial, "
        f"génération {d.generation}."
    ]
    if c is None:
        phrases.append("Le contrat n’est pas encore préparé dans Arpent.")
    else:
        effet = f" Il a pris effet le {c.date_effet:%d/%m/%Y}." if c.date_effet else ""
        phrases.append(f"Le contrat est {c.get_etat_display().lower()} le {m.le:%d/%m/%Y}.{effet}")
    f = m.questions.faits
    tenues = pluriel(f.reunions, "réunion tenue", "réunions tenues", AUCUNE).capitalize()
    phrases.append(f"{tenues} dans cette démarche ; {pluriel(f.avenants, 'avenant')} en vigueur.")
    return SectionDoc("Le contrat", tuple(phrases))


def _argent(m: Matiere) -> SectionDoc:
    etat = m.questions.etat
    t = etat.total
    phrases = [
        f"Le contrat accorde {formater_euros(t.accorde)} à {pluriel(len(etat.lignes), 'projet')}, pour "
        f"{formater_euros(t.cout)} de travaux hors taxes. {formater_euros(t.vote)} sont votés, "
        f"{formater_euros(t.engage)} engagés, {formater_euros(t.paye)} payés."
    ]
    if t.accorde:
        phrases.append(
            f"Payé sur accordé : {_part(t.paye, t.accorde)}. Engagé sur accordé : "
            f"{_part(t.engage, t.accorde)}."
        )
    if etat.sans_engagement:
        phrases.append(
            f"{pluriel(etat.sans_engagement, 'projet').capitalize()} n’"
            f"{'a' if etat.sans_engagement == 1 else 'ont'} encore rien d’engagé."
        )
    lignes = tuple(
        (
            f"{x.projet.fiche.numero}. {x.projet.fiche.titre}",
            *(formater_euros(v) for v in (x.montants.accorde, x.montants.vote, x.montants.engage,
                                          x.montants.paye)),
        )
        for x in etat.lignes
    )  # fmt: skip
    pied = ("Total", *(formater_euros(v) for v in (t.accorde, t.vote, t.engage, t.paye)))
    tableau = TableauDoc(
        "Projet par projet, en euros", ("Projet", "Accordé", "Voté", "Engagé", "Payé"), lignes, (1, 2, 3, 4),
        pied,
    )  # fmt: skip
    return SectionDoc("Ce qui est prévu, décidé, payé", tuple(phrases), tableaux=(tableau,))


def _avancement(m: Matiere) -> SectionDoc:
    a = m.questions.etat.avancement
    taux = a.ensemble.taux
    fait = ecrire_part(taux.valeur) or "sans chiffre"
    phrases = [
        f"Travaux faits : {fait} ({formater_euros(taux.fait)} sur {formater_euros(taux.total)}, chaque "
        f"projet pesant son coût). {pluriel(a.acheves, 'projet achevé', 'projets achevés').capitalize()}, "
        f"{pluriel(len(a.en_retard), 'projet')} en retard, "
        f"{pluriel(len(a.bloques), 'projet bloqué', 'projets bloqués')}."
    ]  # fmt: skip
    if a.sans_jalons:
        phrases.append(
            f"{pluriel(a.sans_jalons, 'projet').capitalize()} sans jalons : compté pour zéro."
            if a.sans_jalons == 1
            else f"{a.sans_jalons} projets sans jalons : comptés pour zéro."
        )
    retards = tuple(
        (f"{p.fiche.numero}. {p.fiche.titre}", formater_nombre(p.jours, 0), p.fiche.maitre_ouvrage.nom)
        for p in a.en_retard
    )
    tableau = TableauDoc("Projets en retard", ("Projet", "Jours", "Maître d’ouvrage"), retards, (1,))
    return SectionDoc("L’avancement des projets", tuple(phrases), tableaux=(tableau,))


def _indicateurs(m: Matiere) -> SectionDoc:
    e = m.questions.evaluation
    phrases = [
        f"{pluriel(len(e.lignes), 'indicateur suivi', 'indicateurs suivis').capitalize()}, "
        f"{e.mesures} mesurés, {pluriel(e.atteints, 'cible atteinte', 'cibles atteintes', AUCUNE)}."
        if e.lignes
        else "Aucun indicateur n’est suivi : rien ne mesure ce que le contrat change."
    ]
    lignes = tuple(
        (
            x.indicateur.libelle,
            x.depart or "–",
            x.valeur or NON_MESURE,
            x.cible or "–",
            x.chemin + (f", {ecrire_part(x.trajet.parcouru)} du chemin" if x.trajet.parcouru else ""),
        )
        for x in e.lignes
    )
    tableau = TableauDoc(
        "Du départ à la cible", ("Indicateur", "Départ", "Valeur", "Cible", "Où il en est"), lignes, (1, 2, 3)
    )
    return SectionDoc("Les indicateurs", tuple(phrases), tableaux=(tableau,))


def _enjeux(m: Matiere) -> SectionDoc:
    e = m.questions.evaluation
    lignes = tuple(
        (
            c.enjeu.libelle if c.enjeu else "Sans enjeu",
            formater_euros(c.accorde),
            formater_euros(c.engage),
            formater_euros(c.paye),
        )
        for c in e.contributions
    )
    t = e.total
    phrases = [
        "Chaque projet retenu sert l’enjeu qu’il nomme, ou ceux de son axe selon leur poids ; les parts font "
        "le total, au centime."
    ]
    if e.sans_enjeu:
        n = len(e.sans_enjeu)
        phrases.append(f"{n} projet{'s ne sont reliés' if n > 1 else ' n’est relié'} à aucun enjeu.")
    pied = ("Total", formater_euros(t.accorde), formater_euros(t.engage), formater_euros(t.paye))
    tableau = TableauDoc(
        "Aides par enjeu, en euros", ("Enjeu", "Accordé", "Engagé", "Payé"), lignes, (1, 2, 3), pied
    )
    return SectionDoc("Les enjeux que servent les aides", tuple(phrases), tableaux=(tableau,))


def _questions(m: Matiere) -> SectionDoc:
    """The answers as they were written; those that are not are said."""
    phrases: list[str] = []
    for x in m.questions.lignes:
        etat = "" if x.etat is EtatReponseEvaluation.VALIDEE else f" ({x.libelle_etat.lower()})"
        phrases.append(f"Question : {x.question.libelle}{etat}")
        phrases += (
            paragraphes(x.reponse.texte) if x.reponse and x.reponse.texte else ["Pas encore de réponse."]
        )
    chiffres = tuple(
        (f"{x.question.libelle} {c.critere.libelle}", f.libelle, f"{f.valeur} {f.detail}".strip())
        for x in m.questions.lignes
        for c in x.criteres
        for f in c.chiffres
        if f.valeur
    )
    proposees = all(x.question.est_proposee for x in m.questions.lignes)
    note = "Ces questions sont proposées par Arpent : aucun texte ne les impose." if proposees else ""
    tableau = TableauDoc(
        "Chiffres qui éclairent les critères", ("Critère", "Chiffre", "Valeur"), chiffres, (2,)
    )
    return SectionDoc("Réponses aux questions d’évaluation", tuple(phrases), tableaux=(tableau,), note=note)


def _questionnaire(m: Matiere) -> SectionDoc:
    r = m.campagne
    if r is None:
        return SectionDoc(
            "L’avis des maîtres d’ouvrage et des partenaires", ("Aucun questionnaire n’a reçu de réponse.",)
        )
    phrases = [
        f"Questionnaire « {r.campagne.titre} », envoyé le {r.campagne.lancee_le:%d/%m/%Y} : "
        f"{pluriel(r.recues, 'réponse')} sur {pluriel(r.invites, 'structure')} ({ecrire_part(r.taux)})."
    ]
    tableaux, points = [], []
    for x in r.resultats:
        if x.parts and x.repondants:
            tableaux.append(
                TableauDoc(
                    x.question.libelle,
                    ("Réponse", "Nombre", "Sur", "Part"),
                    tuple((p.libelle, str(p.nombre), str(p.sur), ecrire_part(p.part)) for p in x.parts),
                    (1, 2, 3),
                )
            )
        elif x.question.genre is Genre.NOMBRE and x.moyenne is not None:
            points.append(
                f"{x.question.libelle} Moyenne : {formater_nombre(x.moyenne, 1)} {x.question.unite}, "
                f"sur {pluriel(x.repondants, 'réponse')}."
            )
        points += [f"« {t} »" for t in x.textes]
    note = "Parts calculées sur ceux qui ont répondu à la question. Les réponses libres sont sans auteur."
    return SectionDoc(
        "L’avis des maîtres d’ouvrage et des partenaires",
        tuple(phrases),
        tuple(points),
        tuple(tableaux),
        note,
    )


def _jumeaux(m: Matiere) -> SectionDoc:
    if not m.jumeaux:
        return SectionDoc(
            "Le territoire et ses jumeaux",
            ("Aucun indicateur suivi ne se lit à deux millésimes, ici et dans les territoires jumeaux.",),
        )
    tableaux = []
    for c in m.jumeaux:
        t = c.trajectoire
        lignes = tuple(
            (
                p.millesime + (" (après la signature)" if t.est_apres(p) else ""),
                c.ecrire(t.territoire(p)) or "–",
                c.ecrire(t.mediane(p)) or "–",
                c.ecrire(t.ensemble(p)) or "–",
            )
            for p in t.points
        )
        tableaux.append(
            TableauDoc(
                c.quoi.libelle,
                ("Millésime", "Ici", "Médiane des jumeaux", "Jumeaux réunis"),
                lignes,
                (1, 2, 3),
            )
        )
    apres = any(c.trajectoire.apres for c in m.jumeaux)
    phrases = [f"{c.quoi.libelle}. {titre_de(c)}." for c in m.jumeaux]
    if not apres:
        phrases.append("Aucun millésime n’est d’après la signature : ces chiffres décrivent le départ.")
    noms = ", ".join(m.jumeaux[0].jumeaux)
    return SectionDoc(
        "Le territoire et ses jumeaux", tuple(phrases), tableaux=tuple(tableaux),
        note=f"Jumeaux : {noms}. Un écart se constate ; il ne prouve pas que le contrat en est la cause.",
    )  # fmt: skip


def _avenants(m: Matiere) -> SectionDoc:
    vigueur = [a for a in m.avenants if a.etat == EtatAvenant.EN_VIGUEUR.value]
    if not vigueur:
        return SectionDoc("Ce que les avenants ont changé", ("Aucun avenant n’est en vigueur.",))
    lignes = tuple(
        (f"Avenant n° {a.numero}", f"{a.date_effet:%d/%m/%Y}" if a.date_effet else "–", a.objet)
        for a in vigueur
    )
    tableau = TableauDoc("", ("Avenant", "Effet", "Objet"), lignes)
    verbe = "ont changé" if len(vigueur) > 1 else "a changé"
    return SectionDoc(
        "Ce que les avenants ont changé",
        (f"{pluriel(len(vigueur), 'avenant').capitalize()} {verbe} le contrat.",),
        tableaux=(tableau,),
    )


def _generations(m: Matiere) -> SectionDoc:
    g = m.generations
    if not g.comparables:
        return SectionDoc(
            "D’une génération à l’autre",
            ("Arpent ne tient qu’une génération de contrat pour ce territoire.",),
        )
    lignes = tuple(
        (
            d.generation,
            str(b.projets),
            formater_euros(b.accorde),
            formater_euros(b.paye),
            ecrire_part(b.execution),
        )
        for d, b in g.totaux
    )
    tableau = TableauDoc(
        "Générations", ("Génération", "Projets", "Accordé", "Payé", "Payé sur accordé"), lignes, (1, 2, 3, 4)
    )
    return SectionDoc(
        "D’une génération à l’autre",
        ("Une génération en cours n’a pas fini de payer : son taux ne se compare pas encore.",),
        tableaux=(tableau,),
    )


def _limites(m: Matiere) -> SectionDoc:
    points = [
        "Un écart entre le départ et aujourd’hui se constate ; il ne dit pas à lui seul que le contrat "
        "en est la cause.",
        "Les montants sont ceux de l’autorité, au grand livre d’Arpent ; les autres financeurs n’y sont pas.",
        "L’avancement repose sur ce que les maîtres d’ouvrage déclarent.",
    ]
    if m.campagne is None:
        points.append("Personne n’a été interrogé par questionnaire : l’avis des acteurs manque.")
    elif m.campagne.recues < m.campagne.invites:
        points.append("Toutes les structures interrogées n’ont pas répondu : leur avis peut différer.")
    if m.questions.evaluation.mesures < len(m.questions.evaluation.lignes):
        points.append("Des indicateurs ne sont pas encore mesurés.")
    return SectionDoc("Ce que ces chiffres ne disent pas", points=tuple(points))


def paragraphes(texte: str) -> list[str]:
    """A blank line parts two paragraphs."""
    blocs = texte.replace("\r\n", "\n").split("\n\n")
    return [" ".join(b.split()) for b in blocs if b.strip()]


SECTIONS = (
    Gabarit("contrat", "Le contrat", _contrat),
    Gabarit("argent", "Ce qui est prévu, décidé, payé", _argent),
    Gabarit("avancement", "L’avancement des projets", _avancement),
    Gabarit("indicateurs", "Les indicateurs", _indicateurs),
    Gabarit("enjeux", "Les enjeux que servent les aides", _enjeux),
    Gabarit("questions", "Réponses aux questions d’évaluation", _questions),
    Gabarit("questionnaire", "L’avis des maîtres d’ouvrage et des partenaires", _questionnaire),
    Gabarit("jumeaux", "Le territoire et ses jumeaux", _jumeaux),
    Gabarit("avenants", "Ce que les avenants ont changé", _avenants),
    Gabarit("generations", "D’une génération à l’autre", _generations),
    Gabarit("limites", "Ce que ces chiffres ne disent pas", _limites),
)
PAR_CODE = {g.code: g for g in SECTIONS}
