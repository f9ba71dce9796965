"""What the pack of a Rendez-vous de Territoire says: the findings of slides and booklet; the booklet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ..donnees_rendez_vous import (
    DecisionPriseDoc,
    EnveloppeDoc,
    GroupeDoc,
    ProjetSuiviDoc,
    QuestionDoc,
    RendezVousDoc,
    RetardDoc,
)
from .texte import FINE, INSECABLE, TIRET, euros, jour, pluriel
from .vue import Vue, nettoyer, vue_charte
from .vue_portrait import rapport_de

AUCUN_PROJET = "Aucun projet n’est encore retenu sur ce territoire."
METHODE = (
    "Décidé : aide accordée aux projets retenus ou au contrat. Voté, engagé, payé : grand livre des crédits. "
    "Réalisé : part du coût que valent les jalons franchis."
)


def rond(montant: Decimal) -> str:
    """« 656 000 € »: said aloud, an amount is to the euro; the tables hold every cent."""
    dit = f"{abs(montant).quantize(Decimal(1)):,}".replace(",", FINE) + f"{INSECABLE}€"
    return f"−{dit}" if montant < 0 else dit


def part_de(montant: Decimal, total: Decimal) -> str:
    return f"{(montant * 100 / total).quantize(Decimal(1))}{INSECABLE}%" if total else TIRET


def constat_decide(doc: RendezVousDoc) -> str:
    total = doc.total
    return f"{rond(total.accorde)} d’aides décidés, {rond(total.paye)} payés"


def constat_reste(doc: RendezVousDoc) -> str:
    total = doc.total
    if not total.reste_a_engager and not total.reste_a_payer:
        return "Toutes les aides décidées sont engagées et payées"
    return f"Il reste {rond(total.reste_a_engager)} à engager et {rond(total.reste_a_payer)} à payer"


def constat_groupes(groupes: Sequence[GroupeDoc], verbe: str = "reçoit") -> str:
    """The share of the biggest one."""
    total = sum((g.montants.accorde for g in groupes), Decimal(0))
    if not total:
        return "Aucune aide n’est encore décidée"
    tete = max(groupes, key=lambda g: g.montants.accorde)
    return f"« {tete.libelle} » {verbe} {part_de(tete.montants.accorde, total)} des aides décidées"


def constat_communes(doc: RendezVousDoc) -> str:
    aidees = sum(1 for g in doc.par_commune if g.montants.accorde and g.libelle != "Projets intercommunaux")
    partage = sum((p.montants.accorde for p in doc.projets if not p.commune), Decimal(0))
    verbe = "reçoivent" if aidees > 1 else "reçoit"
    dit = f"{pluriel(aidees, 'commune')} {verbe} {rond(doc.total.accorde - partage)}"
    return dit + (f" ; {rond(partage)} servent tout le territoire" if partage else "")


def constat_retards(doc: RendezVousDoc) -> str:
    if not doc.retards:
        return "Aucun projet n’est en retard"
    pire = max(r.jours for r in doc.retards)
    combien = f"{pluriel(len(doc.retards), 'projet')} en retard"
    return f"{combien}, le plus ancien de {pluriel(pire, 'jour')}"


def constat_decisions(doc: RendezVousDoc) -> str:
    depuis = f"depuis {'le rendez-vous du' if doc.depuis_reunion else 'le'} {jour(doc.depuis)}"
    if not doc.decisions:
        return f"Aucune décision {depuis}"
    dit = f"{pluriel(len(doc.decisions), 'décision')} {depuis}"
    return dit + (f", {rond(doc.attribue)} attribués" if doc.attribue else "")


def constat_enveloppes(doc: RendezVousDoc) -> str:
    if not doc.enveloppes:
        return "L’enveloppe du territoire n’est pas encore arrêtée"
    reste, une = doc.reste_des_enveloppes, len(doc.enveloppes) == 1
    if reste < 0:
        return f"Les aides décidées dépassent {'l’enveloppe' if une else 'les enveloppes'} de {rond(-reste)}"
    if not reste:
        return "L’enveloppe est toute employée" if une else "Les enveloppes sont toutes employées"
    return f"Il reste {rond(reste)} à employer sur {'l’enveloppe' if une else 'les enveloppes'}"


def constat_questions(doc: RendezVousDoc) -> str:
    if not doc.questions:
        return "Aucune question n’est préparée"
    ouvertes = len(doc.ouvertes)
    if not ouvertes:
        return "Toutes les questions ont leur réponse"
    return f"{pluriel(ouvertes, 'question')} à régler ensemble"


def suite_du_retard(r: RetardDoc) -> str:
    if r.prochaine_le is None:
        return "à fixer"
    return f"{r.prochaine}, {r.prochaine_le:%d/%m/%Y}"


def ou(territoire: str, doc: RendezVousDoc) -> str:
    """The name of the territory when there are several, else nothing."""
    return territoire if len(doc.territoires) > 1 else ""


# --- The booklet ------------------------------------------------------------------------------------


def vue_rendez_vous(doc: RendezVousDoc) -> tuple[Vue, list[str]]:
    """The view, and the drawing that it names."""
    total = doc.total
    vue: Vue = {
        "titre": doc.titre,
        "nom": doc.autorite,
        "dispositif": doc.dispositif,
        "date_iso": doc.etabli_le.isoformat(),
        "le": jour(doc.etabli_le),
        "quand": jour(doc.tenue_le),
        "lieu": doc.lieu,
        "territoires": list(doc.territoires),
        "plusieurs": len(doc.territoires) > 1,
        "vide": "" if doc.projets else AUCUN_PROJET,
        "chiffres": [
            {"cle": "Décidé", "valeur": rond(total.accorde), "vert": True},
            {"cle": "Engagé", "valeur": rond(total.engage)},
            {"cle": "Payé", "valeur": rond(total.paye)},
            {"cle": "Reste à engager", "valeur": rond(total.reste_a_engager)},
            {"cle": "Reste à payer", "valeur": rond(total.reste_a_payer)},
            {"cle": "Travaux restant à faire", "valeur": rond(total.reste_a_realiser)},
        ],
        "constats": [
            constat_decide(doc), constat_reste(doc), constat_enveloppes(doc), constat_retards(doc),
            constat_decisions(doc), constat_questions(doc),
        ],
        "par_territoire": _groupes(doc.par_territoire),
        "par_theme": _groupes(doc.par_theme),
        "par_commune": _groupes(doc.par_commune),
        "total": _groupe(GroupeDoc("Total", len(doc.projets), total)),
        "titre_themes": constat_groupes(doc.par_theme),
        "titre_communes": constat_communes(doc),
        "titre_enveloppes": constat_enveloppes(doc),
        "enveloppes": [_enveloppe(e) for e in doc.enveloppes],
        "reserve": _enveloppe(doc.reserve) if doc.reserve else None,
        "total_enveloppes": _enveloppe(
            EnveloppeDoc(
                "Total",
                sum((e.dotation for e in doc.enveloppes), Decimal(0)),
                sum((e.employe for e in doc.enveloppes), Decimal(0)),
            )
        ),
        "titre_retards": constat_retards(doc),
        "retards": [_retard(r, doc) for r in doc.retards],
        "titre_decisions": constat_decisions(doc),
        "decisions": [_decision(d, doc) for d in doc.decisions],
        "attribue": euros(doc.attribue) if doc.attribue else "",
        "titre_questions": constat_questions(doc),
        "questions": [_question(q, doc) for q in doc.questions],
        "projets": [_projet(p, doc) for p in doc.projets],
        "methode": METHODE,
        "charte": vue_charte(doc.charte),
        "demonstration": doc.demonstration,
    }  # fmt: skip
    carte = doc.carte
    if carte is None:
        return nettoyer(vue | {"carte": None}), []
    dessin = {
        "titre": carte.titre,
        "alternative": f"{carte.titre}. {carte.description}",
        "source": carte.source,
        "dessin": 0,
        "rapport": rapport_de(carte),
    }
    return nettoyer(vue | {"carte": dessin}), [carte.svg]


def _groupes(groupes: Sequence[GroupeDoc]) -> list[Vue]:
    return [_groupe(g) for g in groupes]


def _groupe(g: GroupeDoc) -> Vue:
    m = g.montants
    return {
        "libelle": g.libelle,
        "nombre": str(g.nombre),
        "accorde": euros(m.accorde),
        "vote": euros(m.vote),
        "engage": euros(m.engage),
        "paye": euros(m.paye),
        "reste": euros(m.reste_a_payer),
        "reste_a_engager": euros(m.reste_a_engager),
        "cout": euros(m.cout),
        "reste_a_realiser": euros(m.reste_a_realiser),
    }


def _enveloppe(e: EnveloppeDoc) -> Vue:
    return {
        "libelle": e.libelle,
        "dotation": euros(e.dotation),
        "employe": euros(e.employe),
        "reste": euros(e.reste),
    }


def _retard(r: RetardDoc, doc: RendezVousDoc) -> Vue:
    return {
        "titre": f"{r.numero}. {r.titre}",
        "ou": ou(r.territoire, doc),
        "quoi": r.quoi,
        "depuis": f"prévu le {r.depuis:%d/%m/%Y}, {pluriel(r.jours, 'jour')} de retard",
        "raison": r.raison[:1].upper() + r.raison[1:],
        "responsable": r.responsable,
        "suite": suite_du_retard(r),
    }


def _decision(d: DecisionPriseDoc, doc: RendezVousDoc) -> Vue:
    return {
        "le": f"{d.le:%d/%m/%Y}",
        "nature": d.nature,
        "ou": ou(d.territoire, doc),
        "texte": d.texte,
        "suite": d.suite,
        "montant": euros(d.montant) if d.montant is not None else "",
    }


def _question(q: QuestionDoc, doc: RendezVousDoc) -> Vue:
    return {
        "texte": q.texte,
        "precision": " · ".join(x for x in (ou(q.territoire, doc), q.origine, q.objet) if x),
        "reponse": q.reponse,
        "suite": q.suite,
    }


def _projet(p: ProjetSuiviDoc, doc: RendezVousDoc) -> Vue:
    m = p.montants
    lieu = p.commune or "tout le territoire"
    return {
        "numero": str(p.numero),
        "titre": p.titre,
        "porteur": " · ".join(x for x in (ou(p.territoire, doc), p.maitre_ouvrage, lieu) if x),
        "cout": euros(m.cout),
        "accorde": euros(m.accorde),
        "vote": euros(m.vote),
        "engage": euros(m.engage),
        "paye": euros(m.paye),
        "reste": euros(m.reste_a_payer),
        "retard": pluriel(p.jours_de_retard, "jour") if p.jours_de_retard else "",
    }
