"""Receiving a list, showing what it would change, applying it in one transaction."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from arpent.metier.election import UNIQUES, Comparaison, Connu, Elu, EnPlace, Siege, comparer
from arpent.plateforme.acteurs.annuaire import clore_mandat
from arpent.plateforme.acteurs.mandats import ROLES_DE
from arpent.plateforme.acteurs.models import Agent, Mandat, Organisation, Personne
from arpent.plateforme.journal.actions import consigner

from ..etats import ImportRefuse
from ..lecture import FichierIllisible, ouvrir
from ..models import ImportElus
from .charges import Charge, Suite, charges_de
from .colonnes import LigneElue, depuis_json, en_json, lire_lignes
from .reconnaissance import Reconnues, Reperes, departements_de, reconnaitre


def recevoir(
    chemin: Path, nom: str, *, autorite: Organisation, le: date, complete: bool, par: Agent
) -> ImportElus:
    """Reads a list (in a child process) and keeps it. Nothing changes yet. Raises FichierIllisible.

    The same list sent again by the same person for the same day, not applied yet, is the same import.
    """
    sha256 = hashlib.sha256(chemin.read_bytes()).hexdigest()
    cle = {"autorite": autorite, "agent_id": par.pk, "sha256": sha256, "le": le, "complete": complete}
    if deja := ImportElus.objects.filter(**cle, etat=ImportElus.Etat.LU).first():
        return deja
    lignes = lire(chemin, nom, par)
    return ImportElus.objects.create(**cle, nom_fichier=Path(nom).name[:200], lignes=en_json(lignes))


def lire(chemin: Path, nom: str, par: Agent) -> list[LigneElue]:
    """The lines of a list in the départements of the perimeter. FichierIllisible."""
    feuille = ouvrir(chemin, nom, departements=departements_de(Reperes.lire(par))).feuilles[0]
    lignes = lire_lignes(feuille["entetes"], feuille["numeros"], feuille["lignes"])
    if not lignes:
        raise FichierIllisible("Aucune ligne n’a de nom : vérifiez la colonne « Nom ».")
    return lignes


@dataclass(frozen=True, slots=True)
class Depart:
    """Somebody who leaves: their mandate, who follows in the same seat, what they had in charge."""

    mandat: Mandat
    suite: Suite
    charges: tuple[Charge, ...]


@dataclass(frozen=True, slots=True)
class Venue:
    """Somebody who comes: their line, the body, who they are already, or who bears their name."""

    elu: Elu
    ligne: LigneElue
    organisation: Organisation
    connue: Personne | None
    homonymes: tuple[Personne, ...]
    debut: date

    @property
    def fonction(self) -> str:
        return str(Mandat.Fonction(self.elu.siege.fonction).label)


@dataclass(frozen=True, slots=True)
class Apercu:
    """What the list would change. `empreinte`: changes when the directory, or the list, does."""

    comparaison: Comparaison
    reconnues: Reconnues
    departs: tuple[Depart, ...]
    venues: tuple[Venue, ...]
    fermeture: date
    empreinte: str

    @property
    def change(self) -> bool:
        return bool(self.departs or self.venues)


def _en_place(sieges: frozenset[Siege], le: date) -> dict[int, Mandat]:
    """Mandates in force of these functions in these bodies. One query."""
    mandats = Mandat.objects.en_cours(le).filter(
        organisation__in={s.organisation for s in sieges}, fonction__in={s.fonction for s in sieges}
    )
    return {m.pk: m for m in mandats.select_related("personne__agent", "organisation", "canton")}


def _siege(mandat: Mandat) -> Siege:
    return Siege(mandat.fonction, mandat.organisation_id, mandat.canton_id or "")


def _connus(organisations: set[int]) -> tuple[list[Connu], dict[int, Personne]]:
    """Everybody of the directory, with the bodies of the list they are known in. Two queries."""
    personnes = {p.pk: p for p in Personne.objects.select_related("agent")}
    corps: dict[int, set[int]] = defaultdict(set)
    for personne, organisation in Mandat.objects.filter(organisation__in=organisations).values_list(
        "personne", "organisation"
    ):
        corps[personne].add(organisation)
    connus = [Connu(p.pk, p.nom, p.prenom, p.civilite, frozenset(corps[p.pk])) for p in personnes.values()]
    return connus, personnes


def apercevoir(lecture: ImportElus, par: Agent) -> Apercu:
    """Compares with the directory of today. Some ten queries, and seven for each who leaves."""
    reconnues = reconnaitre(depuis_json(lecture.lignes), Reperes.lire(par), lecture.autorite)
    sieges = frozenset(e.siege for e in reconnues.elus)
    mandats = _en_place(sieges, lecture.le)
    places = [
        EnPlace(m.pk, m.personne_id, m.personne.nom, m.personne.prenom, _siege(m), m.personne.civilite)
        for m in mandats.values()
    ]
    connus, personnes = _connus({s.organisation for s in sieges})
    vu = comparer(places, reconnues.elus, connus)
    partent = [p for p in vu.partent if lecture.complete or p.siege.fonction in UNIQUES]
    occupes = {p.siege for p in partent}
    venues = tuple(
        Venue(
            a.elu,
            ligne := reconnues.par_numero[a.elu.numero],
            reconnues.organisations[a.elu.siege.organisation],
            personnes.get(a.personne or 0),
            tuple(personnes[pk] for pk in a.homonymes),
            _debut(ligne, lecture.le, libre=a.elu.siege not in occupes),
        )
        for a in vu.arrivent
    )
    gardees: dict[tuple[int, int], set[str]] = defaultdict(set)
    for place, _ in vu.restent:
        gardees[place.personne, place.siege.organisation].add(place.siege.fonction)
    for venue in venues:
        if venue.connue is not None:
            gardees[venue.connue.pk, venue.organisation.pk].add(venue.elu.siege.fonction)
    departs = tuple(_depart(mandats[p.cle], venues, gardees, lecture.le) for p in partent)
    return Apercu(
        vu, reconnues, departs, venues, lecture.le - timedelta(days=1), _empreinte(lecture, departs, venues)
    )


def _debut(ligne: LigneElue, le: date, *, libre: bool) -> date:
    """First day of a mandate: that of the line when the seat was free, else the day of the list."""
    return ligne.debut_le if libre and ligne.debut_le and ligne.debut_le <= le else le


def _depart(
    mandat: Mandat, venues: tuple[Venue, ...], gardees: Mapping[tuple[int, int], set[str]], le: date
) -> Depart:
    suivants = [v for v in venues if v.elu.siege == _siege(mandat)] if mandat.fonction in UNIQUES else []
    successeur = _personne_de(suivants[0]) if len(suivants) == 1 else None
    suite = Suite(mandat.personne, mandat.organisation, mandat.fonction, successeur)
    autres = gardees.get((mandat.personne_id, mandat.organisation_id), set())
    return Depart(mandat, suite, tuple(charges_de(suite, autres, le)))


def apercevoir_charges(
    personne: Personne, organisation: Organisation, fonction: str, le: date
) -> tuple[Charge, ...]:
    """What somebody still has in charge for a body, whoever follows: empty once all is handed over."""
    return tuple(charges_de(Suite(personne, organisation, fonction), (), le))


def _personne_de(venue: Venue) -> Personne:
    """Who comes, as the directory has them or will have them."""
    ligne = venue.ligne
    return venue.connue or Personne(
        nom=_en_casse(ligne.nom), prenom=ligne.prenom, civilite=ligne.civilite, courriel=ligne.courriel,
        telephone=ligne.telephone,
    )  # fmt: skip


def _en_casse(nom: str) -> str:
    """“LE GOFF-D’ARCY” → “Le Goff-D’Arcy”; a name that has lower-case letters is left as written."""
    return nom.title().replace("'", "’") if nom.isupper() else nom


def _empreinte(lecture: ImportElus, departs: tuple[Depart, ...], venues: tuple[Venue, ...]) -> str:
    dit = [lecture.sha256, str(lecture.le)]
    dit += [f"-{d.mandat.pk}|{[(c.genre, c.libelle, c.vers) for c in d.charges]}" for d in departs]
    dit += [f"+{v.elu.numero}|{v.connue.pk if v.connue else ''}|{len(v.homonymes)}" for v in venues]
    return hashlib.sha256("\n".join(dit).encode()).hexdigest()[:16]


@transaction.atomic
def appliquer(
    lecture: ImportElus,
    *,
    par: Agent | None,
    vu_par: Agent,
    empreinte: str = "",
    memes: Mapping[int, int] | None = None,
) -> ImportElus:
    """Closes, opens, hands over: all of it or nothing. ImportRefuse: applied already, or changed since read.

    `empreinte`: that of the preview the person agreed to (empty: the command line, which has just made it).
    `memes`: number of an `Elu` → the known person who is them, among its namesakes.
    """
    lecture = ImportElus.objects.select_for_update(of=("self",)).select_related("autorite").get(pk=lecture.pk)
    if lecture.etat != ImportElus.Etat.LU:
        raise ImportRefuse(f"Cette liste est déjà {lecture.get_etat_display()} : rien n’a été changé.")
    apercu = apercevoir(lecture, vu_par)
    if empreinte and empreinte != apercu.empreinte:
        raise ImportRefuse(
            "L’annuaire a changé depuis cet aperçu : relisez-le, il est à jour, puis appliquez."
        )
    choisis = memes or {}
    lignes: list[dict[str, Any]] = []
    for venue in apercu.venues:
        _faire_venir(venue, lecture, choisis.get(venue.elu.numero), par, lignes)
    for depart in apercu.departs:
        _faire_partir(depart, apercu, par, lignes)
    lignes += _constats(apercu)
    lecture.etat, lecture.applique_le = ImportElus.Etat.APPLIQUE.value, timezone.now()
    lecture.applique_par = par.nom_complet if par else "Arpent"
    lecture.rapport = {
        "lignes": lignes, "partis": len(apercu.departs), "venus": len(apercu.venues),
        "restes": len(apercu.comparaison.restent), "hors": apercu.reconnues.hors_perimetre,
    }  # fmt: skip
    lecture.save()
    consigner(
        "appliquer_election", sur=lecture.autorite, par=par,
        apres={"fichier": lecture.nom_fichier, "le": lecture.le, "partis": len(apercu.departs),
               "venus": len(apercu.venues), "restes": len(apercu.comparaison.restent)},
    )  # fmt: skip
    return lecture


def _faire_venir(
    venue: Venue, lecture: ImportElus, choisie: int | None, par: Agent | None, lignes: list[dict[str, Any]]
) -> None:
    personne = venue.connue or next((p for p in venue.homonymes if p.pk == choisie), None)
    ligne = venue.ligne
    if personne is None:
        personne = _personne_de(venue)
        personne.save(force_insert=True)
    else:
        _completer(personne, ligne)
    mandat = Mandat.objects.create(
        personne=personne, organisation=venue.organisation, fonction=venue.elu.siege.fonction,
        canton_id=venue.elu.siege.canton or None, intitule=ligne.intitule, debut=venue.debut,
        source=f"Liste « {lecture.nom_fichier} »"[:200],
    )  # fmt: skip
    consigner(
        "ouvrir_mandat", sur=personne, par=par, libelle=mandat.libelle_journal,
        apres={"mandat": mandat.titre, "organisation": venue.organisation.nom, "debut": mandat.debut},
    )  # fmt: skip
    role = role_propose(venue)
    acces = "compte existant" if personne.agent_id else ("à inviter" if role else "")
    lignes.append(
        _ligne(ligne.numero, "arrive", personne, venue.organisation, venue.fonction, mandat.debut, acces)
        | {"personne": personne.pk, "role": role}
    )


def _completer(personne: Personne, ligne: LigneElue) -> None:
    """What the list says and the directory did not know; what it knew is kept."""
    champs = [
        c for c in ("civilite", "courriel", "telephone") if not getattr(personne, c) and getattr(ligne, c)
    ]
    for champ in champs:
        setattr(personne, champ, getattr(ligne, champ))
    if champs:
        personne.version += 1
        personne.save(update_fields=[*champs, "version", "modifie_le"])


def role_propose(venue: Venue) -> str:
    """Code of the role to offer to somebody who comes; empty: none (a councillor of a commune)."""
    fonction, nature = venue.elu.siege.fonction, venue.organisation.nature
    if fonction == Mandat.Fonction.PRESIDENT:
        if nature in {Organisation.Nature.DEPARTEMENT, Organisation.Nature.REGION}:
            return "elu_autorite"
        return "president_syndicat" if nature == Organisation.Nature.SYNDICAT else "president_epci"
    return next(iter(ROLES_DE.get(fonction, ())), "")


def _faire_partir(
    depart: Depart,
    apercu: Apercu,
    par: Agent | None,
    lignes: list[dict[str, Any]],
) -> None:
    mandat = depart.mandat
    fin = max(apercu.fermeture, mandat.debut)
    clore_mandat(mandat, fin=fin, motif="Fin de mandat (nouvelle élection)", par=par)
    for charge in depart.charges:
        charge.faire(par)
    dits = " ; ".join(f"{c.genre} : {c.libelle} → {c.vers}" for c in depart.charges)
    lignes.append(
        _ligne(0, "part", mandat.personne, mandat.organisation, mandat.titre, fin, dits)
        | {"personne": mandat.personne_id}
    )


def _ligne(
    numero: int, sort: str, personne: Personne, organisation: Organisation, fonction: str, le: date, note: str
) -> dict[str, Any]:
    return {
        "numero": numero, "sort": sort, "nom": personne.nom, "prenom": personne.prenom,
        "organisation": organisation.nom, "fonction": fonction, "le": le.isoformat(), "note": note,
    }  # fmt: skip


def _constats(apercu: Apercu) -> list[dict[str, Any]]:
    """The lines that change nothing: those who stay, the doubts, the repetitions, what is not recognised."""
    vu, lignes = apercu.comparaison, apercu.reconnues.par_numero
    dits = [(lignes[e.numero], "reste", "") for _, e in vu.restent]
    dits += [(lignes[d.elu.numero], "à vérifier", d.raison) for d in vu.doutes]
    dits += [(lignes[e.numero], "répétée", "") for e in vu.doublons]
    dits += [(n.ligne, "non reconnue", n.raison) for n in apercu.reconnues.non_reconnues]
    return [
        {
            "numero": x.numero, "sort": sort, "nom": x.nom, "prenom": x.prenom, "organisation": x.structure,
            "fonction": x.fonction_lue, "le": "", "note": note,
        }
        for x, sort, note in sorted(dits, key=lambda d: d[0].numero)
    ]  # fmt: skip


@transaction.atomic
def abandonner(lecture: ImportElus) -> ImportElus:
    """Forgets the list: nothing was changed by it."""
    lecture = ImportElus.objects.select_for_update().get(pk=lecture.pk)
    if lecture.etat != ImportElus.Etat.LU:
        raise ImportRefuse(f"Cette liste est déjà {lecture.get_etat_display()}.")
    lecture.etat, lecture.lignes = ImportElus.Etat.ABANDONNE.value, []
    lecture.save(update_fields=["etat", "lignes"])
    return lecture
