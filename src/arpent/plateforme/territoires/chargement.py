"""Load the places of the committed extracts: communes, groupements, memberships, contours, territories.

Idempotent and in bulk: running it twice changes nothing. The extracts give the perimeters of 1 January 2026
and no creation date: memberships and compositions start on that day.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from django.db import transaction

from arpent.extraits import lecture
from arpent.extraits.lecture import Ligne
from arpent.plateforme.territoires.models import (
    Adjacence,
    Appartenance,
    Canton,
    Commune,
    Composition,
    Contour,
    Groupement,
    Territoire,
)

GEOGRAPHIE = date(2026, 1, 1)
"""The geography of the extracts: COG and DGCL perimeters in force on that day."""
PAR_LOT = 500

Journal = Callable[[str], None]


@transaction.atomic
def charger_territoires(journal: Journal = lambda _: None) -> None:
    """All the tables, in the order of their foreign keys, with one progress line each."""
    journal(f"Communes : {charger_communes()}")
    journal(f"Cantons : {charger_cantons()}")
    journal(f"EPCI et syndicats : {charger_groupements()}")
    journal(f"Appartenances : {charger_appartenances()}")
    journal(f"Contours : {charger_contours()}")
    journal(f"Limites communes : {charger_adjacences()}")
    journal(f"Territoires de contrat : {charger_perimetres()}")


def charger_communes() -> int:
    communes = {
        x["code_insee"]: Commune(
            code=x["code_insee"],
            nom=x["nom"],
            departement=x["departement"],
            region=x["region"],
            siren=x["siren"],
            population=int(float(x["population_municipale_2023"]))
            if x["population_municipale_2023"]
            else None,
            surface_ha=Decimal(x["surface_ha"]) if x["surface_ha"] else None,
            longitude=_degres(x["longitude"]),
            latitude=_degres(x["latitude"]),
        )
        for x in lecture.lignes_des_perimetres("communes")
    }
    champs = ["nom", "departement", "region", "siren", "population", "surface_ha", "longitude", "latitude"]
    Commune.objects.bulk_create(
        communes.values(),
        batch_size=PAR_LOT,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=champs,
    )
    return len(communes)


def charger_cantons() -> int:
    """The cantons of the départements that have a commune here, and which communes each holds.

    A town split between several cantons is a canton of its own (code xx99, xx98…): the INSEE does not say
    which of its cantons a street is in. Four queries, whatever the number of rows.
    """
    communes = dict(Commune.objects.values_list("code", "departement"))
    departements = set(communes.values())
    cantons = {
        x["code"]: Canton(code=x["code"], nom=x["nom"], departement=x["departement"])
        for x in lecture.lignes("france/cantons")
        if x["departement"] in departements
    }
    Canton.objects.bulk_create(
        cantons.values(),
        batch_size=PAR_LOT,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["nom", "departement"],
    )
    lien = Canton.communes.through
    liens = {
        (x["CV"], x["code_insee"])
        for x in lecture.lignes_des_perimetres("zonages_etude")
        if x["CV"] in cantons and x["code_insee"] in communes
    }
    lien.objects.filter(canton_id__in=cantons).delete()
    lien.objects.bulk_create(
        (lien(canton_id=canton, commune_id=commune) for canton, commune in sorted(liens)),
        batch_size=PAR_LOT,
    )
    return len(cantons)


def charger_groupements() -> int:
    """EPCI with their départements; the syndicats that act in Lozère."""
    groupements = {
        x["siren"]: Groupement(
            siren=x["siren"], nom=x["nom"], nature=x["nature_juridique"], departements=x["departements"]
        )
        for x in lecture.lignes_des_perimetres("epci")
    }
    for x in _syndicats(set(groupements)):
        groupements[x["siren"]] = Groupement(
            siren=x["siren"], nom=x["nom"], nature=x["nature_juridique"], departements="48"
        )
    Groupement.objects.bulk_create(
        groupements.values(),
        batch_size=PAR_LOT,
        update_conflicts=True,
        unique_fields=["siren"],
        update_fields=["nom", "nature", "departements"],
    )
    return len(groupements)


def charger_appartenances() -> int:
    """Members of the EPCI; for the syndicats, the communes covered (directly or through an EPCI)."""
    paires = {(x["code_insee"], x["epci_siren"]) for x in lecture.lignes_des_perimetres("epci_membres")}
    epci = {siren for _, siren in paires}
    syndicats = {x["siren"] for x in _syndicats(epci)}
    paires |= {
        (x["code_insee"], x["siren_groupement"])
        for x in lecture.lignes("lozere/banatic_2026_couverture")
        if x["siren_groupement"] in syndicats
    }
    Appartenance.objects.bulk_create(
        (Appartenance(commune_id=c, groupement_id=g, debut=GEOGRAPHIE) for c, g in sorted(paires)),
        batch_size=PAR_LOT,
        ignore_conflicts=True,
    )
    return len(paires)


def charger_contours() -> int:
    contours = {
        entite["properties"]["code"]: Contour(
            commune_id=entite["properties"]["code"], geometrie=entite["geometry"]
        )
        for perimetre in lecture.PERIMETRES
        for entite in lecture.entites(f"{perimetre}/contours")
    }
    Contour.objects.bulk_create(
        contours.values(),
        batch_size=PAR_LOT,
        update_conflicts=True,
        unique_fields=["commune"],
        update_fields=["geometrie"],
    )
    return len(contours)


def charger_adjacences() -> int:
    """Borders between two loaded communes; those with a neighbour outside the extracts are left out."""
    connues = set(Commune.objects.values_list("code", flat=True))
    limites = {
        (x["code_a"], x["code_b"]): int(x["longueur_commune_m"])
        for x in lecture.lignes_des_perimetres("adjacence_communes")
        if x["code_a"] in connues and x["code_b"] in connues
    }
    Adjacence.objects.bulk_create(
        (Adjacence(commune_a_id=a, commune_b_id=b, longueur_m=m) for (a, b), m in limites.items()),
        batch_size=PAR_LOT,
        update_conflicts=True,
        unique_fields=["commune_a", "commune_b"],
        update_fields=["longueur_m"],
    )
    return len(limites)


def charger_perimetres() -> int:
    """The territories of contracts and the EPCI that compose them."""
    voulus = lecture.territoires()
    Territoire.objects.bulk_create(
        (
            Territoire(
                slug=t["slug"],
                nom=t["nom"],
                departement=t["departement"],
                porteur=t["porteur"],
                source=". ".join(filter(None, [t["source"], t.get("note", "")]))[:300],
            )
            for t in voulus
        ),
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["nom", "departement", "porteur", "source"],
    )
    cles = dict(Territoire.objects.filter(slug__in=[t["slug"] for t in voulus]).values_list("slug", "pk"))
    Composition.objects.bulk_create(
        (
            Composition(territoire_id=cles[t["slug"]], groupement_id=siren, debut=GEOGRAPHIE)
            for t in voulus
            for siren in t["groupements"]
        ),
        ignore_conflicts=True,
    )
    return len(voulus)


def _syndicats(deja: set[str]) -> Iterator[Ligne]:
    return (x for x in lecture.lignes("lozere/banatic_2026_groupements") if x["siren"] not in deja)


def _degres(texte: str) -> float | None:
    return float(texte) if texte else None
