"""What an avenant would do, its track, what stops it: the same reading for the page and the gesture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.avenants import (
    Conflit,
    Consolide,
    Effets,
    EtatContractuel,
    Genre,
    LigneContrat,
    Mouvement,
    PisteRetenue,
    appliquer,
    conflits,
    consolider,
    effets,
    lire_seuils,
    phrases,
    piste_de,
    variation_des,
)
from arpent.metier.cycles import EtatAvenant
from arpent.metier.cycles.fiche import EtatFiche
from arpent.metier.cycles.reserve import EtatReserve
from arpent.metier.repartition.soldes import Soldes
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.avenants import engages_de, refus_sous_l_engage
from arpent.plateforme.negociations.models import DemandeReserve
from arpent.plateforme.negociations.propositions import raison_du_plafond
from arpent.plateforme.negociations.sorties import echeancier_de
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.plans.preinstruction import preinstruire_fiches

from ..models import Avenant, Contrat
from .lecture import actes_en_vigueur, autres_en_cours, base_de, mouvements_de

ENTRENT = frozenset({EtatFiche.PRE_INSTRUITE.value, EtatFiche.RETENUE.value, EtatFiche.DIFFEREE.value})
"""States of a fiche that an avenant may bring into the contract."""


@dataclass(frozen=True, slots=True)
class Examen:
    """An avenant read on the contract as it stands. `blocages`: why it cannot be proposed, in French."""

    consolide: Consolide
    mouvements: tuple[Mouvement, ...]
    phrases: tuple[str, ...]
    effets: Effets
    piste: PisteRetenue
    conflits: tuple[Conflit, ...]
    blocages: tuple[str, ...]
    alertes: tuple[str, ...] = ()

    @property
    def etat(self) -> EtatContractuel:
        return self.consolide.etat

    @property
    def apres(self) -> EtatContractuel:
        return appliquer(self.etat, self.mouvements)[0]


def habitants_des(noms: Sequence[str]) -> dict[str, int]:
    """Inhabitants of the communes and intercommunalités of those names. Two queries."""
    communes = Organisation.objects.filter(nom__in=noms, commune__isnull=False).order_by()
    lues = {nom: n for nom, n in communes.values_list("nom", "commune__population") if n}
    groupes = Organisation.objects.filter(
        nom__in=noms, groupement__isnull=False, groupement__appartenances__fin__isnull=True
    ).order_by()
    sommes = groupes.values("nom").annotate(n=Sum("groupement__appartenances__commune__population"))
    return lues | {s["nom"]: s["n"] for s in sommes if s["n"]}


def cumul_des_actes_simples(contrat: Contrat) -> Decimal:
    """Euros already moved by the simple track: several small acts do not go round a threshold. One query."""
    simples = contrat.avenants.filter(piste="simple", etat=EtatAvenant.EN_VIGUEUR.value)
    variations = simples.values_list("versions__numero", "pk", "versions__donnees__variation")
    dernieres: dict[int, tuple[int, Decimal]] = {}
    for numero, pk, variation in variations:
        if numero is not None and numero >= dernieres.get(pk, (0, ZERO))[0]:
            dernieres[pk] = (numero, Decimal(variation or 0))
    return sum((v for _, v in dernieres.values()), ZERO)


def examiner(avenant: Avenant, le: date) -> Examen:
    """Reads it on the contract as it stands. AvenantRefuse when that was never signed. About 15 queries."""
    contrat = avenant.contrat
    demarche = contrat.demarche
    dispositif = demarche.processus.dispositif
    actes = actes_en_vigueur(contrat)
    if avenant.etat == EtatAvenant.EN_VIGUEUR:
        # It is read on the contract as it was just before it.
        rang = (avenant.date_effet or date.max, avenant.numero or 0)
        actes = [a for a in actes if (a.effet, a.ordre) < rang]
    lu = consolider(base_de(contrat), actes)
    mouvements = mouvements_de(avenant)
    apres, _ = appliquer(lu.etat, mouvements)
    noms = {x.maitre_ouvrage for x in (*lu.etat.lignes, *apres.lignes)}
    vu = effets(lu.etat, mouvements, echeancier_de(dispositif)[0], habitants_des(sorted(noms)), lu)
    seuils = lire_seuils(dispositif.parametres.get("avenants"))
    piste = piste_de(mouvements, seuils, lu.etat, cumul_des_actes_simples(contrat))
    disputes: list[Conflit] = []
    if avenant.etat != EtatAvenant.EN_VIGUEUR:
        for autre, siens in autres_en_cours(avenant):
            nom = f"l’avenant n°\u00a0{autre.numero} ({autre.get_etat_display().lower()})"
            disputes += conflits(mouvements, siens, lu.etat, nom)
    dits = phrases(lu.etat, mouvements)
    blocages: list[str] = []
    alertes: list[str] = []
    if avenant.etat == EtatAvenant.PREPARATION:
        blocages = list(_blocages(avenant, mouvements, vu, lu.etat, actes_effets=[a.effet for a in actes]))
        blocages += [c.texte for c in disputes]
        refus, alertes = _du_reglement(demarche, lu.etat, apres, mouvements, le)
        blocages += [
            *refus,
            *_des_credits(demarche, lu.etat, apres),
            *_de_la_reserve(demarche, lu.etat, mouvements),
        ]
    return Examen(
        lu, mouvements, dits, vu, piste, tuple(disputes), tuple(dict.fromkeys(blocages)), tuple(alertes)
    )


def _blocages(
    avenant: Avenant,
    mouvements: Sequence[Mouvement],
    vu: Effets,
    etat: EtatContractuel,
    actes_effets: list[date],
) -> Iterator[str]:
    if not mouvements:
        yield "L’avenant ne change rien encore : ajoutez au moins un mouvement."
    effet = avenant.date_effet
    if effet is None:
        yield "L’avenant n’a pas de date d’effet : donnez-la."
    else:
        if etat.date_effet is not None and effet < etat.date_effet:
            yield (
                f"La date d’effet ({effet:%d/%m/%Y}) précède celle du contrat ({etat.date_effet:%d/%m/%Y}) : "
                "choisissez-en une plus tardive."
            )
        if etat.date_fin is not None and effet > etat.date_fin:
            yield f"Le contrat prend fin le {etat.date_fin:%d/%m/%Y} : l’avenant doit prendre effet avant."
        if actes_effets and effet < max(actes_effets):
            yield (
                f"Un avenant est déjà en vigueur depuis le {max(actes_effets):%d/%m/%Y} : choisissez cette "
                "date d’effet, ou une plus tardive."
            )
    yield from vu.refus
    if vu.depasse:
        yield (
            f"L’enveloppe de {formater_euros(vu.enveloppe)} serait dépassée de "
            f"{formater_euros(-(vu.solde_apres or ZERO))} : réduisez une aide, ou retirez un projet."
        )


def _du_reglement(
    demarche: Demarche,
    etat: EtatContractuel,
    apres: EtatContractuel,
    mouvements: Sequence[Mouvement],
    le: date,
) -> tuple[list[str], list[str]]:
    """What the règlement refuses, and what a reason lets through. No query when no aid is raised."""
    avant = {x.cle: x.aide for x in etat.lignes}
    montees = {x.cle: x for x in apres.lignes if not x.hors_enveloppe and x.aide > avant.get(x.cle, ZERO)}
    if not montees:
        return [], []
    motives = {cle for m in mouvements if m.motif for cle in m.touchees}
    fiches = {str(f.pk): f for f in Fiche.objects.filter(pk__in=_pks(montees), demarche=demarche)}
    examens = preinstruire_fiches(list(fiches.values()), le)
    refus: list[str] = []
    alertes: list[str] = []
    for cle, ligne in montees.items():
        fiche = fiches.get(cle)
        if fiche is None:
            refus.append(f"Le {ligne.nom} n’a plus de fiche dans le plan d’actions.")
            continue
        if cle not in avant and fiche.etat not in ENTRENT:
            refus.append(
                f"Le {ligne.nom} est « {fiche.get_etat_display().lower()} » : faites sa pré-instruction "
                "avant de l’inscrire au contrat."
            )
        if ligne.aide > fiche.cout_ht:
            refus.append(
                f"L’aide au {ligne.nom} ({formater_euros(ligne.aide)}) dépasse son coût "
                f"({formater_euros(fiche.cout_ht)})."
            )
        elif raison := raison_du_plafond(examens[fiche.pk].resultat, ligne.aide):
            (alertes if cle in motives else refus).append(f"{_majuscule(ligne.nom)} : {raison}")
    return refus, [f"Par dérogation motivée. {a}" for a in alertes]


def _majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]


def _pks(lignes: Mapping[str, LigneContrat]) -> list[int]:
    return [int(cle) for cle in lignes if cle.isdecimal()]


def _des_credits(demarche: Demarche, etat: EtatContractuel, apres: EtatContractuel) -> Iterator[str]:
    """No aid goes under what is committed already. Two queries when one goes down."""
    neuves = {x.cle: x.aide for x in apres.lignes}
    baissees = [x for x in etat.lignes if not x.hors_enveloppe and neuves.get(x.cle, ZERO) < x.aide]
    if not baissees:
        return
    soldes = engages_de(demarche)
    for ligne in baissees:
        if ligne.cle.isdecimal():
            yield from filter(
                None,
                [refus_sous_l_engage(
                    ligne.nom, neuves.get(ligne.cle, ZERO), soldes.get(int(ligne.cle), Soldes())
                )],
            )  # fmt: skip


def _de_la_reserve(
    demarche: Demarche, etat: EtatContractuel, mouvements: Sequence[Mouvement]
) -> Iterator[str]:
    """A line paid by the reserve takes what was granted, and no avenant changes its amount."""
    reservees = {x.cle for x in etat.lignes if x.hors_enveloppe}
    for m in mouvements:
        if m.genre in {Genre.MONTANT, Genre.FONGIBILITE} and {m.cle, m.vers} & reservees:
            yield (
                "L’aide d’un projet payé par la réserve ne se change pas par avenant : libérez-la dans "
                "« Fonds de réserve », puis demandez-en une autre."
            )
    entrants = [m.ligne for m in mouvements if m.genre is Genre.RESERVE and m.ligne]
    if not entrants:
        return
    accordees = {str(d.fiche_id): d for d in demandes_accordees(demarche)}
    for ligne in entrants:
        demande = accordees.get(ligne.cle)
        if demande is None:
            yield f"Aucune demande de réserve n’est accordée pour le {ligne.nom} : demandez-la d’abord."
        elif demande.montant_accorde != ligne.aide:
            yield (
                f"La réserve accorde {formater_euros(demande.montant_accorde)} au {ligne.nom} : inscrivez ce "
                "montant."
            )


def demandes_accordees(demarche: Demarche) -> list[DemandeReserve]:
    """Requests granted and not drawn yet. One query."""
    return list(
        DemandeReserve.objects.filter(demarche=demarche, etat=EtatReserve.ACCORDEE.value)
        .select_related("fiche__maitre_ouvrage", "fiche__theme", "fiche__axe")
        .order_by("numero")
    )


def variation(examen: Examen) -> Decimal:
    return variation_des(examen.etat, examen.apres)
