"""The versions of the perimeter of a territory, the oldest first, read from the dated compositions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from .models import Appartenance, Territoire
from .perimetres import CommuneLue, population_de


@dataclass(frozen=True, slots=True)
class VersionLue:
    """From `debut` to `fin` (excluded; None: still). `par` empty: loaded with the perimeter files."""

    rang: int
    debut: date
    fin: date | None
    epci: tuple[str, ...]
    entres: tuple[str, ...]
    sortis: tuple[str, ...]
    communes: int
    population: int | None
    motif: str
    par: str
    cree_le: datetime | None

    def etat(self, le: date) -> str:
        if self.debut > le:
            return "à venir"
        return "passée" if self.fin is not None and self.fin <= le else "en vigueur"


def versions(territoire: Territoire) -> tuple[VersionLue, ...]:
    """Names of EPCI, sorted. A version counts the communes of its first day. Three queries."""
    lignes = list(territoire.compositions.select_related("groupement").order_by("debut", "groupement__nom"))
    decidees = {v.debut: v for v in territoire.versions_perimetre.all()}
    noms = {c.groupement_id: c.groupement.nom for c in lignes}
    dates = sorted({c.debut for c in lignes} | {c.fin for c in lignes if c.fin} | set(decidees))
    adhesions = list(
        Appartenance.objects.filter(groupement__in=noms)
        .order_by("commune_id", "debut")
        .values_list(
            "groupement_id",
            "debut",
            "fin",
            "commune_id",
            "commune__nom",
            "commune__departement",
            "commune__population",
        )
    )
    lues: list[VersionLue] = []
    avant: set[str] = set()
    for rang, jour in enumerate(dates):
        ici = {c.groupement_id for c in lignes if c.debut <= jour and (c.fin is None or c.fin > jour)}
        communes = {
            code: CommuneLue(code, nom, departement, population)
            for siren, debut, fin, code, nom, departement, population in adhesions
            if siren in ici and debut <= jour and (fin is None or fin > jour)
        }
        dite = decidees.get(jour)
        lues.append(
            VersionLue(
                rang=rang + 1,
                debut=jour,
                fin=dates[rang + 1] if rang + 1 < len(dates) else None,
                epci=tuple(sorted(noms[s] for s in ici)),
                entres=tuple(sorted(noms[s] for s in ici - avant)) if rang else (),
                sortis=tuple(sorted(noms[s] for s in avant - ici)),
                communes=len(communes),
                population=population_de(tuple(communes.values())),
                motif=dite.motif if dite else "",
                par=dite.cree_par if dite else "",
                cree_le=dite.cree_le if dite else None,
            )
        )
        avant = ici
    return tuple(lues)
