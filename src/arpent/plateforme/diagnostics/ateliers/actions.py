"""Leading a workshop: prepare, open, step, moderate, close, carry findings to the board."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from arpent.metier.cycles import CYCLE_ATELIER
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.socle.templatetags.formats import date_fr
from arpent.plateforme.socle.versions import enregistrer_version

from ..constats.actions import ajouter_constat
from ..models import Atelier, ConstatTerritorial, ContributionAtelier, Preuve, TableAtelier, Vote
from . import codes, compte_rendu, deroule

Etat = Atelier.Etat
CHAMPS = ("titre", "tenu_le", "lieu", "points")


class AtelierRefuse(ValueError):
    """The gesture has no effect; the message says why and what to do."""


def _verrouiller(atelier: Atelier, *etats: str) -> Atelier:
    ici = (
        Atelier.objects.select_for_update(of=("self",), no_key=True)
        .select_related("demarche__territoire")
        .get(pk=atelier.pk)
    )
    if etats and ici.etat not in etats:
        raise AtelierRefuse(f"L’atelier est « {ici.get_etat_display()} » : ce geste n’y est pas possible.")
    return ici


def _consigner(geste: str, atelier: Atelier, par: Agent | None, **reste: Any) -> None:
    consigner(geste, sur=atelier, par=par, demarche_id=atelier.demarche_id, **reste)


def _valeurs(atelier: Atelier) -> dict[str, Any]:
    return {nom: getattr(atelier, nom) for nom in CHAMPS}


@transaction.atomic
def creer_atelier(atelier: Atelier, tables: int, *, par: Agent | None) -> Atelier:
    """With a free code, a first déroulé when it has none, and its tables."""
    atelier.code = codes.nouveau()
    while Atelier.objects.filter(code=atelier.code).exists():
        atelier.code = codes.nouveau()
    atelier.deroule = atelier.deroule or deroule.par_defaut()
    atelier.save()
    _ajuster_tables(atelier, tables)
    _consigner("creer", atelier, par, apres=_valeurs(atelier) | {"tables": tables})
    return atelier


@transaction.atomic
def modifier_atelier(
    atelier: Atelier, tables: int, *, avant: Mapping[str, Any], version_lue: int, par: Agent | None
) -> Atelier:
    """Raises ConflitDeVersion when someone saved it meanwhile, AtelierRefuse when it is too late."""
    ici = _verrouiller(atelier, Etat.PREPARATION, Etat.OUVERT, Etat.VOTE)
    if atelier.points < ici.points and Vote.objects.filter(participant__atelier=ici).exists():
        raise AtelierRefuse("Des points sont déjà placés : leur nombre par participant ne peut plus baisser.")
    anciennes = ici.tables.count()
    enregistrer_version(atelier, version_lue, CHAMPS)
    _ajuster_tables(atelier, tables)
    consigner_modification(
        atelier,
        dict(avant) | {"tables": anciennes},
        _valeurs(atelier) | {"tables": tables},
        par=par,
        demarche_id=atelier.demarche_id,
    )
    return atelier


def _ajuster_tables(atelier: Atelier, nombre: int) -> None:
    """Tables 1 to `nombre`. One where somebody sits or spoke is never removed."""
    presentes = set(atelier.tables.values_list("numero", flat=True))
    TableAtelier.objects.bulk_create(
        TableAtelier(atelier=atelier, numero=n) for n in range(1, nombre + 1) if n not in presentes
    )
    en_trop = atelier.tables.filter(numero__gt=nombre)
    if (
        occupee := en_trop.filter(participants__isnull=False).first()
        or en_trop.filter(contributions__isnull=False).first()
    ):
        raise AtelierRefuse(f"{occupee} a déjà des participants ou des constats : gardez-la.")
    en_trop.delete()


@transaction.atomic
def enregistrer_deroule(
    atelier: Atelier, etapes: Iterable[deroule.Etape], *, version_lue: int, par: Agent | None
) -> None:
    """Raises ConflitDeVersion when someone saved it meanwhile."""
    ici = _verrouiller(atelier, Etat.PREPARATION, Etat.OUVERT, Etat.VOTE)
    nouveau = deroule.ecrire(etapes)
    atelier.deroule = nouveau
    enregistrer_version(atelier, version_lue, ["deroule"])
    Atelier.objects.filter(pk=atelier.pk, etape__gte=len(nouveau)).update(etape=max(len(nouveau) - 1, 0))
    libelles = ([e.libelle for e in deroule.lire(d)] for d in (ici.deroule, nouveau))
    consigner_modification(
        atelier,
        {"deroule": next(libelles)},
        {"deroule": next(libelles)},
        par=par,
        demarche_id=atelier.demarche_id,
        geste="modifier_deroule",
    )


@transaction.atomic
def nommer_tables(atelier: Atelier, noms: Mapping[int, str], *, par: Agent | None) -> int:
    """New names by number; returns how many changed."""
    ici = _verrouiller(atelier)
    avant: dict[str, str] = {}
    apres: dict[str, str] = {}
    for table in ici.tables.all():
        nom = noms.get(table.numero, table.nom)
        if nom != table.nom:
            avant[str(table.numero)], apres[str(table.numero)] = table.nom, nom
            TableAtelier.objects.filter(pk=table.pk).update(nom=nom)
    if apres:
        Atelier.objects.filter(pk=ici.pk).update(version=F("version") + 1)
        _consigner("nommer_tables", ici, par, avant=avant, apres=apres)
    return len(apres)


def aller_a(atelier: Atelier, etape: int) -> None:
    """Puts a step on screen. Not journaled: turning a page changes nothing that was said."""
    with transaction.atomic():
        ici = _verrouiller(atelier)
        voulue = min(max(etape, 0), len(deroule.lire(ici.deroule)) - 1)
        Atelier.objects.filter(pk=ici.pk).update(etape=voulue)


@transaction.atomic
def faire_avancer(
    atelier: Atelier, geste: str, *, par: Agent | None, chiffres: Mapping[str, tuple[str, str]] | None = None
) -> Atelier:
    """One gesture of the cycle; raises TransitionRefusee. Closing freezes the figures shown and the minutes.

    `chiffres`: by indicator, the value and the vintage that were on screen.
    """
    ici = _verrouiller(atelier)
    avant = ici.etat
    ici.etat = str(CYCLE_ATELIER.franchir(geste, ici.etat).vers)
    champs = ["etat"]
    if ici.etat == Etat.OUVERT and ici.ouvert_le is None:
        ici.ouvert_le = timezone.now()
        champs.append("ouvert_le")
    if ici.etat == Etat.CLOS:
        ici.clos_le = timezone.now()
        ici.deroule = deroule.figer(ici.deroule, chiffres or {})
        ici.compte_rendu = compte_rendu.texte(compte_rendu.assembler(ici))
        champs += ["clos_le", "deroule", "compte_rendu"]
    elif avant == Etat.CLOS:
        ici.clos_le, ici.compte_rendu = None, ""
        champs += ["clos_le", "compte_rendu"]
    enregistrer_version(ici, ici.version, champs)
    _consigner(geste, ici, par, avant={"etat": avant}, apres={"etat": ici.etat})
    return ici


def _choisies(atelier: Atelier, pks: Iterable[int], **filtre: Any) -> list[ContributionAtelier]:
    choisies = list(
        ContributionAtelier.objects.select_for_update(of=("self",))
        .filter(atelier=atelier, pk__in=list(pks), **filtre)
        .order_by("pk")
    )
    if not choisies:
        raise AtelierRefuse("Cochez au moins un constat, puis choisissez le geste.")
    return choisies


_EN_COURS = (Etat.PREPARATION, Etat.OUVERT, Etat.VOTE)


@transaction.atomic
def ecarter(atelier: Atelier, pks: Iterable[int], *, par: Agent | None) -> int:
    """Hidden, not deleted. The points placed on them go back to the participants."""
    ici = _verrouiller(atelier, *_EN_COURS)
    choisies = _choisies(ici, pks, ecartee=False)
    rendus, _ = Vote.objects.filter(contribution__in=choisies).delete()
    ContributionAtelier.objects.filter(pk__in=[c.pk for c in choisies]).update(ecartee=True)
    textes = [c.texte for c in choisies]
    _consigner("ecarter_contribution", ici, par, apres={"contributions": textes, "votes_rendus": rendus})
    return len(choisies)


@transaction.atomic
def retablir(atelier: Atelier, pks: Iterable[int], *, par: Agent | None) -> int:
    ici = _verrouiller(atelier, *_EN_COURS)
    choisies = _choisies(ici, pks, ecartee=True)
    ContributionAtelier.objects.filter(pk__in=[c.pk for c in choisies]).update(
        ecartee=False, fusionnee_dans=None
    )
    _consigner("retablir_contribution", ici, par, apres={"contributions": [c.texte for c in choisies]})
    return len(choisies)


@transaction.atomic
def fusionner(atelier: Atelier, pks: Iterable[int], *, par: Agent | None) -> ContributionAtelier:
    """Contributions that say the same become one: the oldest keeps its text and receives all the points."""
    ici = _verrouiller(atelier, *_EN_COURS)
    gardee, *autres = _choisies(ici, pks, ecartee=False)
    if not autres:
        raise AtelierRefuse("Cochez au moins deux constats qui disent la même chose.")
    places: dict[int, int] = {}
    votes = Vote.objects.filter(contribution__in=[gardee, *autres])
    for participant, points in votes.values_list("participant_id", "points"):
        places[participant] = places.get(participant, 0) + points
    votes.delete()
    Vote.objects.bulk_create(
        Vote(participant_id=qui, contribution=gardee, points=points) for qui, points in places.items()
    )
    ContributionAtelier.objects.filter(pk__in=[c.pk for c in autres]).update(
        ecartee=True, fusionnee_dans=gardee
    )
    ContributionAtelier.objects.filter(fusionnee_dans__in=autres).update(fusionnee_dans=gardee)
    _consigner(
        "fusionner_contributions",
        ici,
        par,
        avant={"contributions": [c.texte for c in autres]},
        apres={"contribution": gardee.texte},
    )
    return gardee


@transaction.atomic
def verser_au_tableau(atelier: Atelier, pks: Iterable[int], *, par: Agent | None) -> list[ConstatTerritorial]:
    """Chosen contributions become findings to agree on; one already on the board is left as it is."""
    ici = _verrouiller(atelier)
    if ici.etat != Etat.CLOS:
        raise AtelierRefuse(
            "Clôturez d’abord l’atelier : ses points ne bougeront plus, puis versez ses constats."
        )
    choisies = _choisies(ici, pks, ecartee=False)
    bilan = {x.pk: x for x in compte_rendu.lire_bilan(ici).lignes}
    constats = []
    for contribution in choisies:
        if contribution.constat_id:
            continue
        ligne = bilan[contribution.pk]
        origine = f"Atelier du {date_fr(ici.tenu_le)}" + (
            f", {_minuscule(ligne.table)}" if ligne.table else ""
        )
        constat = ajouter_constat(
            ConstatTerritorial(
                demarche=ici.demarche,
                nature=contribution.nature,
                theme=contribution.theme,
                texte=contribution.texte,
                propose_par=origine[:200],
                accord=ConstatTerritorial.Accord.PROPOSE,
                demonstration=ici.demonstration,
            ),
            par=par,
        )
        Preuve.objects.create(
            constat=constat,
            genre=Preuve.Genre.PAROLE,
            texte=f"« {contribution.texte} » {origine}, {_points(ligne.points)}"[:500],
            ajoutee_par=str(par or "Arpent")[:200],
            demonstration=ici.demonstration,
        )
        ContributionAtelier.objects.filter(pk=contribution.pk).update(constat=constat)
        constats.append(constat)
    if constats:
        _consigner("verser_contributions", ici, par, apres={"constats": [c.texte for c in constats]})
    return constats


def _points(nombre: int) -> str:
    return f"{nombre} point{'s' if nombre > 1 else ''}"


def _minuscule(table: str) -> str:
    """« table 3 » in the middle of a sentence; a name of its own keeps its capital."""
    return table[:1].lower() + table[1:] if table.startswith("Table ") else table
