"""The text of the note de synthèse: plain French for councillors, the same words in PDF and in Word."""

from __future__ import annotations

from collections.abc import Sequence

from ..donnees import TotalDoc
from ..donnees_seance import PresentationDoc, ProjetPresenteDoc
from .texte import TIRET, euros, jour, pluriel
from .vue import Vue, nettoyer, vue_charte
from .vue_convocation import date_de, du

ARTICLES_MONTRES = 12


def vue_note(doc: PresentationDoc) -> Vue:
    c, ensemble = doc.contrat, doc.contrat.ensemble
    return nettoyer(
        {
            "titre": f"Note de synthèse : {c.titre}",
            "nom": doc.collectivite.nom,
            "surtitre": f"Note de synthèse {du(doc.collectivite.assemblee)} · séance du "
            f"{date_de(doc.reunion)} · version {c.version} du contrat",
            "regle": doc.regle_note,
            "siren": doc.collectivite.siren,
            "etabli_le": jour(doc.etabli_le),
            "date_iso": doc.etabli_le.isoformat(),
            "objet": _titre_du_contrat(doc),
            "demande": demande(doc),
            "presentation": _presentation(doc),
            "partie_titre": f"Ce que le contrat change pour {doc.collectivite.designation}",
            "partie": ce_que_cela_change(doc),
            "siens": [_projet(p) for p in doc.siens],
            "total_siens": _total(doc.total_siens),
            "themes": [_total(t) for t in c.par_theme],
            "annees": [_total(t) for t in c.par_annee],
            "ensemble": _total(ensemble),
            "financeurs": [{"libelle": f.libelle, "montant": euros(f.montant)} for f in c.financeurs],
            "cout_total": euros(ensemble.cout_ht),
            "articles": [
                {"titre": f"Article {a.numero}. {a.titre}", "texte": a.texte}
                for a in c.articles[:ARTICLES_MONTRES]
            ],
            "reste_articles": _reste(len(c.articles) - ARTICLES_MONTRES),
            "finances": consequences(doc),
            "calendrier": [{"quand": e.quand, "quoi": e.quoi} for e in doc.calendrier],
            "annexes": list(c.annexes),
            "demonstration": c.demonstration,
            "charte": vue_charte(c.charte if doc.role == "autorite" else None),
        }
    )


def _titre_du_contrat(doc: PresentationDoc) -> str:
    c = doc.contrat
    return c.titre if c.territoire in c.titre else f"{c.titre}, {c.territoire}"


def _nom_du_contrat(doc: PresentationDoc) -> str:
    c = doc.contrat
    lieu = "" if c.territoire in c.titre else f" du territoire {c.territoire}"
    return f"« {c.titre} »{lieu}, dans sa version {c.version}"


def demande(doc: PresentationDoc) -> list[str]:
    """What the assembly is asked to decide, in the words of its draft délibération."""
    executif = doc.collectivite.executif
    qui = f"{executif} ({doc.signataire})" if doc.signataire else executif
    return [
        f"d’approuver le {_nom_du_contrat(doc)} ;",
        f"d’approuver la programmation de {pluriel(doc.contrat.ensemble.nombre, 'projet')}, pour un total "
        f"d’aides de {euros(doc.contrat.ensemble.montant)} ;",
        f"d’autoriser {qui} à signer le contrat et tout document nécessaire à son exécution.",
    ]


def _presentation(doc: PresentationDoc) -> list[str]:
    c, ensemble = doc.contrat, doc.contrat.ensemble
    phrases = [
        f"Le contrat est proposé au titre du dispositif « {c.dispositif} ». Il réunit : "
        f"{' ; '.join(c.parties)}.",
        f"Il programme {pluriel(ensemble.nombre, 'projet')} pour un coût de {euros(ensemble.cout_ht)} hors "
        f"taxes et {euros(ensemble.montant)} d’aides ({c.autorite})"
        + (f", dans une enveloppe de {euros(c.enveloppe)}." if c.enveloppe is not None else "."),
    ]
    if c.date_effet:
        fin = f" et s’achève le {jour(c.date_fin)}" if c.date_fin else ""
        phrases.append(f"Il prend effet le {jour(c.date_effet)}{fin}.")
    if c.enjeux:
        phrases.append(f"Il répond aux enjeux du territoire : {' ; '.join(c.enjeux)}.")
    return phrases


def ce_que_cela_change(doc: PresentationDoc) -> list[str]:
    """What this party does, receives and pays; never a commitment that the contract does not write."""
    siens, designation = doc.total_siens, doc.collectivite.designation
    phrases = []
    if doc.role == "autorite":
        ensemble = doc.contrat.ensemble
        phrases.append(
            f"{_majuscule(designation)} apporte {euros(ensemble.montant)} d’aides à "
            f"{pluriel(ensemble.nombre, 'projet')} du territoire."
        )
    if doc.role == "porteur":
        phrases.append(
            f"{_majuscule(designation)} porte le contrat pour le territoire : le contrat entier la concerne, "
            "ses projets et ceux des communes."
            if designation.startswith("la ")
            else f"{_majuscule(designation)} porte le contrat pour le territoire : le contrat entier le "
            "concerne, ses projets et ceux des communes."
        )
    if siens.nombre:
        phrases.append(
            f"{_majuscule(designation)} est maître d’ouvrage de {pluriel(siens.nombre, 'projet')} : "
            f"{euros(siens.cout_ht)} hors taxes de coût, {euros(siens.montant)} d’aide au titre du contrat."
        )
    elif doc.role != "autorite":
        phrases.append(
            f"Le contrat n’inscrit aucun projet dont {designation} est maître d’ouvrage : elle l’approuve "
            "comme partie, sans dépense programmée à son budget."
            if designation.startswith("la ")
            else f"Le contrat n’inscrit aucun projet dont {designation} est maître d’ouvrage : l’approbation "
            "n’entraîne pas de dépense programmée à son budget."
        )
    return phrases


def consequences(doc: PresentationDoc) -> list[str]:
    """What the vote means for the budget of the party."""
    siens, designation = doc.total_siens, doc.collectivite.designation
    phrases = []
    if doc.role == "autorite":
        for total in doc.contrat.par_annee:
            phrases.append(
                f"{total.libelle} : {euros(total.montant)} d’aides pour {pluriel(total.nombre, 'projet')}."
            )
    if siens.nombre:
        reste = (siens.cout_ht or siens.montant) - siens.montant - (siens.autres_aides or 0 * siens.montant)
        autres = (
            f", déduction faite de {euros(siens.autres_aides)} d’autres aides acquises ou demandées"
            if siens.autres_aides
            else ""
        )
        phrases.append(
            f"Il resterait à {designation} {euros(reste)} à financer{autres}. Chaque aide est versée "
            "sur une demande propre au projet ; une aide demandée n’est pas encore obtenue."
        )
    if not phrases:
        phrases.append(f"Aucune dépense n’est programmée au budget de {designation} par ce contrat.")
    return phrases


def _majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]


def _reste(nombre: int) -> str:
    return (
        f"et {pluriel(nombre, 'autre article', 'autres articles')}, à lire dans le contrat."
        if nombre > 0
        else ""
    )


def _projet(p: ProjetPresenteDoc) -> Vue:
    return {
        "numero": p.numero,
        "titre": p.titre,
        "annee": str(p.annee) if p.annee else TIRET,
        "cout_ht": euros(p.cout_ht),
        "aide": euros(p.aide),
        "reste": euros(p.reste_a_charge),
    }


def _total(t: TotalDoc) -> Vue:
    reste = None if t.cout_ht is None or t.autres_aides is None else t.cout_ht - t.montant - t.autres_aides
    return {
        "libelle": t.libelle,
        "nombre": str(t.nombre),
        "cout_ht": euros(t.cout_ht),
        "aide": euros(t.montant),
        "reste": euros(reste),
    }


def totaux_en_vue(totaux: Sequence[TotalDoc]) -> list[Vue]:
    return [_total(t) for t in totaux]
