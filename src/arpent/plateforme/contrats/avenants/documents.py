"""From an avenant read on its contract, and from a consolidated contract, to their documents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from arpent.metier.argent import formater_euros
from arpent.metier.avenants import (
    BASE,
    LIBELLES_GENRE,
    LIBELLES_PISTE,
    Changement,
    Consolide,
    LigneContrat,
    Piste,
)
from arpent.plateforme.documents.chartes import charte_doc
from arpent.plateforme.documents.donnees import ArticleDoc, PartieDoc
from arpent.plateforme.documents.donnees_avenant import (
    ActeDoc,
    AvenantDoc,
    ConsolideDoc,
    LigneConsolideeDoc,
    LigneRevueDoc,
    MouvementDoc,
)

from ..models import Avenant, Contrat, Partie
from .examen import Examen

SEUILS_DEMO = "Seuils entre les voies : valeurs de démonstration."
ACTE_DEMO = "Avenant de démonstration : objet, montants et motifs sont des exemples."
CHAMPS_DITS = {
    "aide": "Aide",
    "annee": "Année",
    "maitre_ouvrage": "Maître d’ouvrage",
    "partie": "Partie",
    "date_fin": "Fin du contrat",
}


def titre_du_contrat(contrat: Contrat) -> str:
    demarche = contrat.demarche
    return f"Contrat de {demarche.territoire.nom}, {demarche.generation}"


def signataires(avenant: Avenant) -> list[Partie]:
    """Who signs: the authority alone on the simple track, else the parties that approve. One query."""
    if avenant.piste == Piste.SIMPLE.value:
        parties = avenant.contrat.parties.filter(role=Partie.RolePartie.AUTORITE)
    else:
        parties = avenant.concernees.all()
    return list(parties.select_related("organisation").order_by("ordre", "pk"))


def avenant_doc(avenant: Avenant, examen: Examen, *, etabli_le: date, version: int) -> AvenantDoc:
    """The document of an avenant that has its number and its track."""
    contrat = avenant.contrat
    demarche = contrat.demarche
    total = examen.effets.comparaison.total
    mentions = [*([SEUILS_DEMO] if examen.piste.demonstration else ())]
    mentions += [ACTE_DEMO] if avenant.demonstration else []
    return AvenantDoc(
        titre=f"Avenant n°\u00a0{avenant.numero}",
        numero=avenant.numero or 0,
        objet=avenant.objet,
        contrat=titre_du_contrat(contrat),
        reference=contrat.reference,
        autorite=demarche.autorite.nom,
        territoire=demarche.territoire.nom,
        dispositif=demarche.processus.dispositif.nom,
        parties=tuple(
            PartieDoc(p.organisation.nom, p.signataire, p.qualite, siren=p.organisation.siren)
            for p in signataires(avenant)
        ),
        etabli_le=etabli_le,
        date_effet=avenant.date_effet,
        date_contrat=contrat.date_effet,
        mouvements=tuple(
            MouvementDoc(LIBELLES_GENRE[m.genre], phrase, m.motif)
            for m, phrase in zip(examen.mouvements, examen.phrases, strict=True)
        ),
        lignes=_lignes_revues(examen),
        nombre_avant=total.nombre_avant,
        nombre_apres=total.nombre_apres,
        aide_avant=total.aide_avant,
        aide_apres=total.aide_apres,
        voie=LIBELLES_PISTE[Piste(avenant.piste)],
        raisons=tuple(avenant.raisons),
        enveloppe=examen.etat.enveloppe,
        version=version,
        demonstration=avenant.demonstration,
        mentions=tuple(mentions),
        charte=charte_doc(demarche.autorite.pk, demarche.autorite.nom),
    )


def _lignes_revues(examen: Examen) -> tuple[LigneRevueDoc, ...]:
    vu = examen.effets.comparaison

    def revue(x: LigneContrat, avant: Decimal | None, apres: Decimal | None) -> LigneRevueDoc:
        return LigneRevueDoc(x.numero, x.titre, x.maitre_ouvrage, avant, apres)

    return (
        *(revue(c.apres, c.avant.aide, c.apres.aide) for c in vu.changees),
        *(revue(x, None, x.aide) for x in vu.entrees),
        *(revue(x, x.aide, None) for x in vu.sorties),
    )


# --- consolidated ---------------------------------------------------------------------------------


def nom_d_acte(code: str) -> str:
    """« Contrat signé », « Avenant n° 2 »."""
    return "Contrat signé" if code == BASE else f"Avenant n°\u00a0{code.partition('-')[2]}"


def valeur_dite(champ: str, valeur: object) -> str:
    if valeur is None or valeur == "":
        return "–"
    if isinstance(valeur, Decimal):
        return formater_euros(valeur)
    return f"{valeur:%d/%m/%Y}" if isinstance(valeur, date) else str(valeur)


def changement_dit(c: Changement) -> str:
    """« Aide : 40 000,00 € → 55 000,00 € (avenant n° 2) »; a text is named, not copied."""
    par = nom_d_acte(c.acte)
    par = par[:1].lower() + par[1:]
    if c.champ.startswith("article "):
        return f"Article « {c.champ.removeprefix('article ')} » remplacé ({par})"
    nom = CHAMPS_DITS.get(c.champ, c.champ)
    return f"{nom} : {valeur_dite(c.champ, c.ancien)} → {valeur_dite(c.champ, c.nouveau)} ({par})"


def ligne_consolidee(x: LigneContrat, lu: Consolide) -> LigneConsolideeDoc:
    """A line with the act that brought it, what changed it, what took it out."""
    trace = lu.traces[x.cle]
    dits = [changement_dit(c) for c in trace.changements]
    if trace.sortie:
        sortie = nom_d_acte(trace.sortie)
        dits.append(f"Sorti par l’{sortie[:1].lower()}{sortie[1:]}")
    return LigneConsolideeDoc(
        numero=x.numero,
        titre=x.titre,
        maitre_ouvrage=x.maitre_ouvrage,
        theme=x.theme,
        annee=x.annee,
        cout_ht=x.cout_ht,
        aide=x.aide,
        origine=nom_d_acte(trace.origine),
        changements=tuple(dits),
        hors_enveloppe=x.hors_enveloppe,
    )


def actes_docs(contrat: Contrat, lu: Consolide) -> tuple[ActeDoc, ...]:
    """The contract signed, then the avenants in force that day. One query."""
    avenants = contrat.avenants.filter(numero__isnull=False)
    par_code = {a.code: a for a in avenants}
    suite = [
        ActeDoc(nom_d_acte(code), par_code[code].objet, par_code[code].date_effet)
        for code in lu.appliques
        if code in par_code
    ]
    return (ActeDoc("Contrat signé", contrat.reference, contrat.date_effet), *suite)


def consolide_doc(contrat: Contrat, lu: Consolide, *, au: date, etabli_le: date) -> ConsolideDoc:
    demarche, etat = contrat.demarche, lu.etat
    demo = contrat.avenants.filter(demonstration=True, etat="en_vigueur").exists()
    return ConsolideDoc(
        titre=f"{titre_du_contrat(contrat)}, consolidé",
        reference=contrat.reference,
        autorite=demarche.autorite.nom,
        territoire=demarche.territoire.nom,
        dispositif=demarche.processus.dispositif.nom,
        au=au,
        etabli_le=etabli_le,
        parties=etat.parties,
        actes=actes_docs(contrat, lu),
        lignes=tuple(ligne_consolidee(x, lu) for x in etat.lignes),
        sorties=tuple(ligne_consolidee(x, lu) for x in lu.sorties),
        articles=tuple(ArticleDoc(a.numero, a.titre, tuple(a.texte.split("\n\n"))) for a in etat.articles),
        date_effet=etat.date_effet,
        date_fin=etat.date_fin,
        enveloppe=etat.enveloppe,
        mentions=(ACTE_DEMO,) if demo else (),
        charte=charte_doc(demarche.autorite.pk, demarche.autorite.nom),
    )
