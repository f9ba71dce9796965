"""The ledger follows the other gestures: what should be written at a stage, less what is, is what is added.

Stated so, a gesture made twice adds nothing, and each stage of a démarche equals what its maquette shows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from arpent.metier.argent import ZERO, arrondir
from arpent.metier.cycles.scenario import EtatScenario
from arpent.metier.repartition.soldes import Stade
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.models import Dispositif, Fonds

from ..enveloppes import DIVISION, fonds_ordinaires
from ..imputations import Ouverts, ouverts_de
from ..models import Enveloppe, Genre, Mouvement, PartEnveloppe, Proposition, Scenario
from ..passerelle import en_lice_de
from .noeuds import noeud_du_territoire, noeud_pour, noeuds_ordinaires, racine_de
from .registre import SANS_PIECE, CreditRefuse, Ecriture, Piece, deplacer, inscrire
from .restes import moins_les_rendus, rendus_par_fiche
from .verrou import verrouiller

Voulus = Mapping[int, tuple[Decimal, int | None, int | None, str]]
"""Fiche → amount, year, theme, code of the fund that pays."""
_GENRES = {Stade.PROPOSE: Genre.PROPOSITION, Stade.CONVENU: Genre.ACCORD, Stade.VOTE: Genre.VOTE}


# --- what the maquette says -----------------------------------------------------------------------


def _lignes_comptees(scenario: Scenario, ouverts: Ouverts, fiches: Collection[int] | None = None) -> Voulus:
    """What counts in the maquette: retained aids of fiches up for arbitration. One query."""
    lignes = Proposition.objects.filter(
        scenario=scenario, decision=Proposition.Decision.RETENUE, montant__gt=0,
        fiche__in=en_lice_de(scenario).order_by().values("pk"),
    )  # fmt: skip
    if fiches is not None:
        lignes = lignes.filter(fiche__in=fiches)
    lues = lignes.order_by().values_list(
        "fiche_id", "montant", "annee", "fiche__theme_id", "fiche__theme__code", "fonds__code"
    )
    return {
        pk: (montant, annee, theme, ouverts.code_de(code, choisi or ""))
        for pk, montant, annee, theme, code, choisi in lues
    }


def _moins_les_restes(demarche: Demarche, stade: Stade, voulus: Voulus) -> Voulus:
    """The same, less what the awards gave back to the envelope. One query; two when some did."""
    rendus = rendus_par_fiche(demarche, stade, voulus)
    if not rendus:
        return voulus
    engages = Mouvement.objects.filter(enveloppe__demarche=demarche).des_fiches(rendus).sommes("fiche")
    nets = moins_les_rendus(
        {pk: voulu[0] for pk, voulu in voulus.items()},
        rendus,
        {pk: soldes.engage for pk, soldes in engages.items()},
    )
    return {pk: (nets[pk], *voulu[1:]) for pk, voulu in voulus.items()}


def _aligner(
    demarche: Demarche,
    stade: Stade,
    voulus: Voulus,
    ouverts: Ouverts,
    *,
    par: Agent | None,
    fiches: Collection[int] | None = None,
    piece: Piece = SANS_PIECE,
) -> None:
    """Adds what is missing at that stage, takes back what is too much, on the line of each fiche in the fund
    that pays it; the reserve is never looked at.

    With `fiches`, only these are looked at. Four queries, and one for each batch written.
    """
    if not ouverts.fonds:
        return
    ordinaires = fonds_ordinaires(demarche.processus.dispositif)
    noeuds = noeuds_ordinaires(demarche, ordinaires)
    cibles: dict[tuple[int, int, int | None], Decimal] = {}
    for fiche, (montant, annee, theme, code) in voulus.items():
        fonds = ouverts.modeles[code]
        cible = noeud_pour((n for n in noeuds if n.fonds_id == fonds.pk), theme, annee)
        if cible is None:
            cible = noeud_du_territoire(fonds, demarche)
            noeuds.append(cible)
        cibles[cible.pk, fiche, annee] = montant
    connus = {n.pk: n for n in noeuds}
    en_place = Mouvement.objects.filter(stade=stade, enveloppe__in=connus, fiche__isnull=False)
    if fiches is not None:
        en_place = en_place.des_fiches(fiches)
    sommes = en_place.order_by().values_list("enveloppe", "fiche", "annee").annotate(total=Sum("montant"))
    deja = {(noeud, fiche or 0, annee): arrondir(total) for noeud, fiche, annee, total in sommes}
    ecarts = {
        cle: delta
        for cle in dict.fromkeys([*deja, *cibles])
        if (delta := cibles.get(cle, ZERO) - deja.get(cle, ZERO))
    }
    nets: dict[int, Decimal] = {}
    for (_, fiche, _), delta in ecarts.items():
        nets[fiche] = nets.get(fiche, ZERO) + delta
    genres = {fiche: _GENRES[stade] if net else Genre.RATTACHEMENT for fiche, net in nets.items()}
    inscrire(
        [
            Ecriture(connus[noeud], stade, genres[fiche], delta, annee, fiche, piece=piece)
            for (noeud, fiche, annee), delta in ecarts.items()
        ],
        par=par,
    )


def suivre_propositions(
    scenario: Scenario,
    *,
    par: Agent | None,
    fiches: Collection[int] | None = None,
    ouverts: Ouverts | None = None,
) -> None:
    """Proposed = the aids that count in the maquette in progress. The scenario is locked by the caller.

    `ouverts`: the funds of the territory, when they were read under that lock.
    """
    if scenario.est_courant:
        ouverts = ouverts or ouverts_de(scenario.demarche)
        voulus = _lignes_comptees(scenario, ouverts, fiches)
        _aligner(scenario.demarche, Stade.PROPOSE, voulus, ouverts, par=par, fiches=fiches)


def suivre_accord(scenario: Scenario, *, par: Agent | None, piece: Piece = SANS_PIECE) -> None:
    """Agreed = the maquette while it is accepted, nothing otherwise. The scenario is locked by the caller."""
    accepte, ouverts = scenario.etat == EtatScenario.ACCEPTE, ouverts_de(scenario.demarche)
    voulus = _lignes_comptees(scenario, ouverts) if accepte else {}
    voulus = _moins_les_restes(scenario.demarche, Stade.CONVENU, voulus)
    _aligner(scenario.demarche, Stade.CONVENU, voulus, ouverts, par=par, piece=piece)


@transaction.atomic
def noter_vote(demarche: Demarche, *, par: Agent | None, piece: Piece = SANS_PIECE) -> None:
    """The assemblies voted the agreed maquette: voted = agreed."""
    if scenario := maquette_verrouillee(demarche):
        ouverts = ouverts_de(demarche)
        voulus = _moins_les_restes(demarche, Stade.VOTE, _lignes_comptees(scenario, ouverts))
        _aligner(demarche, Stade.VOTE, voulus, ouverts, par=par, piece=piece)


@transaction.atomic
def retirer_vote(demarche: Demarche, *, par: Agent | None) -> None:
    """The contract goes back to its drafting: nothing is voted. CreditRefuse when money is committed."""
    if not maquette_verrouillee(demarche):
        return
    noeuds = verrouiller(Enveloppe.objects.filter(demarche=demarche))
    if Mouvement.objects.filter(enveloppe__in=noeuds).soldes().engage:
        raise CreditRefuse(
            "Des crédits sont engagés sur ce vote : libérez-les dans « Crédits » avant de reprendre la "
            "rédaction."
        )
    _aligner(demarche, Stade.VOTE, {}, ouverts_de(demarche), par=par)


def maquette_verrouillee(demarche: Demarche) -> Scenario | None:
    """The maquette of a démarche, locked; None when none was opened."""
    return (
        Scenario.objects.select_for_update(of=("self",)).filter(demarche=demarche, est_courant=True).first()
    )


def rattacher(demarche: Demarche, *, par: Agent | None) -> None:
    """Moves what is proposed, agreed and voted for each fiche to the line that now takes it; no sum moves.

    Called after the lines of a démarche or its funds changed, or the theme of a fiche.
    """
    ouverts, ordinaires = ouverts_de(demarche), fonds_ordinaires(demarche.processus.dispositif)
    fiches = Fiche.objects.filter(demarche=demarche).order_by()
    themes = {pk: (theme, code or "") for pk, theme, code in fiches.values_list("pk", "theme", "theme__code")}
    choisies = Proposition.objects.filter(
        scenario__demarche=demarche, scenario__est_courant=True, fonds__isnull=False
    )
    choix = dict(choisies.order_by().values_list("fiche", "fonds__code"))
    for stade in _GENRES:
        sommes = (
            Mouvement.objects.filter(
                stade=stade,
                enveloppe__demarche=demarche,
                enveloppe__fonds__in=ordinaires,
                fiche__isnull=False,
            )
            .order_by()
            .values_list("fiche", "annee")
            .annotate(total=Sum("montant"))
        )
        voulus = {
            fiche: (
                arrondir(total), annee, themes[fiche][0],
                ouverts.code_de(themes[fiche][1], choix.get(fiche) or ""),
            )
            for fiche, annee, total in sommes
            if fiche is not None and arrondir(total)
        }  # fmt: skip
        _aligner(demarche, stade, voulus, ouverts, par=par)


def suivre_le_theme(demarche: Demarche, par: Agent | None) -> None:
    """A fiche changed its theme: it goes to its line and its fund, when they depend on the theme."""
    par_theme = Enveloppe.objects.filter(demarche=demarche, theme__isnull=False).exists()
    if par_theme or any(f.themes for f in ouverts_de(demarche).fonds):
        rattacher(demarche, par=par)


def suivre_la_refonte(demarche: Demarche, par: Agent | None) -> None:
    """Fiches were merged or split: those that count no more leave the ledger as they leave the maquette."""
    scenario = Scenario.objects.filter(demarche=demarche, est_courant=True).first()
    if scenario is not None:
        suivre_propositions(scenario, par=par)


# --- what the formula says ------------------------------------------------------------------------


def suivre_repartition(
    dispositif: Dispositif,
    demarches: Sequence[Demarche],
    *,
    par: Agent | None,
    ecritures: Sequence[Ecriture] = (),
) -> None:
    """Allocated = the amount of each fund, and the stored parts of each démarche. CreditRefuse.

    `ecritures`: what an act gives to the funds or divides at their top now, written as it stands.

    The dispositif is locked by the caller. A closed démarche keeps what it had, on top of the fund.
    """
    voulus = _parts_des(demarches)
    noeuds = _noeuds_dotes(dispositif, demarches, voulus)
    verrouiller(noeuds.values())
    repartis = _par_noeud(noeuds, Genre.REPARTITION)
    dotes = _par_noeud(noeuds, Genre.DOTATION)
    ouvertes = {d.pk for d in demarches}
    posees: list[Ecriture] = list(ecritures)
    for fonds in dispositif.fonds.all():
        racine = noeuds.get((fonds.pk, None))
        if racine is None:
            continue
        total = fonds.montant or ZERO
        for (du_fonds, demarche), noeud in noeuds.items():
            if du_fonds != fonds.pk or demarche is None:
                continue
            deja = repartis.get(noeud.pk, ZERO)
            if demarche not in ouvertes:
                total += deja
            elif delta := voulus.get((fonds.pk, demarche), ZERO) - deja:
                posees += deplacer(racine, noeud, delta, Genre.REPARTITION)
        siennes = [e for e in ecritures if e.enveloppe.pk == racine.pk and e.genre == Genre.DOTATION]
        donnees = sum((e.montant for e in siennes), ZERO)
        dotation = total - dotes.get(racine.pk, ZERO) - donnees
        posees.append(Ecriture(racine, Stade.ALLOUE, Genre.DOTATION, dotation))
    inscrire(posees, par=par)
    suivre_les_fonds(demarches, par=par)


def _parts_des(demarches: Sequence[Demarche]) -> dict[tuple[int, int], Decimal]:
    parts = PartEnveloppe.objects.filter(demarche__in=demarches).exclude(critere=DIVISION).order_by()
    sommes = parts.values_list("fonds", "demarche").annotate(total=Sum("montant"))
    return {(fonds, demarche): arrondir(total) for fonds, demarche, total in sommes}


def _noeuds_dotes(
    dispositif: Dispositif, demarches: Sequence[Demarche], voulus: Mapping[tuple[int, int], Decimal]
) -> dict[tuple[int, int | None], Enveloppe]:
    """The roots and the nodes of the territories, by fund and démarche; those that are missing are made."""
    connus = Enveloppe.objects.filter(fonds__dispositif=dispositif, theme__isnull=True, annee__isnull=True)
    noeuds: dict[tuple[int, int | None], Enveloppe] = {(n.fonds_id, n.demarche_id): n for n in connus}
    par_pk = {d.pk: d for d in demarches}
    fonds: dict[int, Fonds] = {f.pk: f for f in dispositif.fonds.all()}
    for f in fonds.values():
        if f.montant is not None and (f.pk, None) not in noeuds:
            noeuds[f.pk, None] = racine_de(f)
    for (du_fonds, demarche), montant in voulus.items():
        if montant and (du_fonds, demarche) not in noeuds:
            noeuds[du_fonds, demarche] = noeud_du_territoire(fonds[du_fonds], par_pk[demarche])
    return noeuds


def suivre_division(fonds: Fonds, demarche: Demarche) -> None:
    """The part of a démarche in the lines of the fund above the territories, as its nodes hold it."""
    recues = Mouvement.objects.filter(
        enveloppe__fonds=fonds, enveloppe__demarche=demarche,
        genre__in=(Genre.DIVISION, Genre.VIREMENT, Genre.REPORT),
    )  # fmt: skip
    montant = recues.soldes().alloue
    if not montant:
        PartEnveloppe.objects.filter(demarche=demarche, fonds=fonds, critere=DIVISION).delete()
        return
    PartEnveloppe.objects.update_or_create(
        demarche=demarche, fonds=fonds, critere=DIVISION, defaults={"montant": montant}
    )


def _par_noeud(noeuds: Mapping[tuple[int, int | None], Enveloppe], genre: Genre) -> dict[int, Decimal]:
    pks = [n.pk for (_, demarche), n in noeuds.items() if (demarche is None) == (genre == Genre.DOTATION)]
    lus = Mouvement.objects.filter(enveloppe__in=pks, genre=genre).sommes("enveloppe")
    return {pk: soldes.alloue for pk, soldes in lus.items()}


def suivre_les_fonds(demarches: Sequence[Demarche], *, par: Agent | None) -> None:
    """What is promised goes to the fund that now pays it: shares, or the themes of the funds, changed."""
    promises = (
        Mouvement.objects.filter(stade=Stade.PROPOSE, enveloppe__demarche__in=demarches)
        .order_by()
        .values_list("enveloppe__demarche", "enveloppe__fonds__code")
        .annotate(total=Sum("montant"))
    )
    codes: dict[int, set[str]] = {}
    for demarche, code, total in promises:
        if demarche is not None and arrondir(total):
            codes.setdefault(demarche, set()).add(code)
    for demarche in (d for d in demarches if d.pk in codes):
        ouverts = ouverts_de(demarche)
        seul = ouverts.principal
        if ouverts.plusieurs or (seul is not None and codes[demarche.pk] != {seul.code}):
            rattacher(demarche, par=par)
