"""Calendar files (RFC 5545): the event of a notice, the feed of a person. The library writes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.utils import parseaddr
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from arpent.metier.cycles.reunion import EtatReunion

from .models import MembreReunion, Reunion

PARIS = ZoneInfo("Europe/Paris")
Methode = Literal["REQUEST", "CANCEL", "PUBLISH"]
SUPPRIMEES = frozenset({EtatReunion.ANNULEE.value, EtatReunion.REPORTEE.value})


@dataclass(frozen=True, slots=True)
class Echeance:
    """A day to hold, besides the meetings. `cle` makes its UID."""

    cle: str
    jour: date
    titre: str
    detail: str = ""


def _calendrier(methode: Methode, nom: str = "") -> Calendar:
    calendrier = Calendar()
    calendrier.add("prodid", "-//Arpent//Reunions//FR")
    calendrier.add("version", "2.0")
    calendrier.add("method", methode)
    if nom:
        calendrier.add("x-wr-calname", nom)
        calendrier.add("x-wr-timezone", "Europe/Paris")
    return calendrier


def debut_de(reunion: Reunion) -> datetime | date:
    """The hour in Paris; the whole day while no hour is given."""
    if reunion.heure is None:
        return reunion.jour
    return datetime.combine(reunion.jour, reunion.heure, tzinfo=PARIS)


def _evenement(reunion: Reunion, url: str) -> Event:
    evenement, debut = Event(), debut_de(reunion)
    evenement.add("uid", reunion.uid)
    evenement.add("sequence", reunion.sequence)
    evenement.add("dtstamp", reunion.modifie_le)
    evenement.add("summary", reunion.titre)
    evenement.add("dtstart", debut)
    duree = timedelta(minutes=reunion.duree_minutes) if isinstance(debut, datetime) else timedelta(days=1)
    evenement.add("dtend", debut + duree)
    if reunion.lieu:
        evenement.add("location", reunion.lieu)
    detail = [reunion.genre_libelle, reunion.visio and f"À distance : {reunion.visio}", url]
    evenement.add("description", "\n".join(x for x in detail if x))
    if url:
        evenement.add("url", url)
    annulee = reunion.etat in SUPPRIMEES
    evenement.add("status", "CANCELLED" if annulee else "CONFIRMED")
    return evenement


def _participant(membre: MembreReunion) -> vCalAddress:
    adresse = vCalAddress(f"mailto:{membre.courriel}")
    adresse.params["CN"] = vText(membre.nom)
    adresse.params["ROLE"] = vText("REQ-PARTICIPANT")
    adresse.params["PARTSTAT"] = vText("NEEDS-ACTION")
    return adresse


def _octets(calendrier: Calendar) -> bytes:
    calendrier.add_missing_timezones()
    return bytes(calendrier.to_ical())


def courriel_de(expediteur: str) -> str:
    """The bare address of « Arpent <contrats@exemple.fr> »."""
    return parseaddr(expediteur)[1] or expediteur


def avis_ics(reunion: Reunion, membre: MembreReunion | None, *, organisateur: str, url: str = "") -> bytes:
    """The event of a notice: METHOD:REQUEST, or CANCEL once it is put off or called off.

    `organisateur`: a mail address; `membre`: whom the notice is sent to (a meeting names nobody else).
    """
    calendrier = _calendrier("CANCEL" if reunion.etat in SUPPRIMEES else "REQUEST")
    evenement = _evenement(reunion, url)
    auteur = vCalAddress(f"mailto:{organisateur}")
    auteur.params["CN"] = vText(reunion.demarche.autorite.nom)
    evenement.add("organizer", auteur)
    if membre is not None and membre.courriel:
        evenement.add("attendee", _participant(membre))
    calendrier.add_component(evenement)
    return _octets(calendrier)


def flux_ics(
    nom: str, reunions: Iterable[tuple[Reunion, str]], echeances: Iterable[Echeance], detail: str = ""
) -> bytes:
    """The feed of a person: their meetings (each with its address), and the days to hold.

    `detail`: what the calendar says of itself.
    """
    calendrier = _calendrier("PUBLISH", nom)
    if detail:
        calendrier.add("x-wr-caldesc", detail)
    for reunion, url in reunions:
        calendrier.add_component(_evenement(reunion, url))
    for echeance in echeances:
        evenement = Event()
        evenement.add("uid", f"{echeance.cle}@arpent")
        evenement.add("dtstamp", datetime.combine(echeance.jour, time(), tzinfo=PARIS))
        evenement.add("summary", echeance.titre)
        evenement.add("dtstart", echeance.jour)
        evenement.add("dtend", echeance.jour + timedelta(days=1))
        evenement.add("transp", "TRANSPARENT")
        if echeance.detail:
            evenement.add("description", echeance.detail)
        calendrier.add_component(evenement)
    return _octets(calendrier)
