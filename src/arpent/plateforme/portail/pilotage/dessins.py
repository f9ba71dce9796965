"""The map of the territories and the calendar of them all. No query: the outlines of EPCI are a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from arpent.metier.argent import arrondir, formater_euros, formater_taux
from arpent.plateforme.demarches.processus.presentation import dire_terme
from arpent.plateforme.diagnostics.portraits.carte import contours_des_epci
from arpent.plateforme.socle.graphiques import Figure, Jalon, Lieu, LigneGantt, Periode, choroplethe, gantt
from arpent.plateforme.socle.graphiques.base import Ecrire, Nombre
from arpent.plateforme.socle.templatetags.formats import date_fr

from .filtres import CARTES
from .lecture import Territoire

ENTETES = (
    "Territoire", "Prochaine étape", "Prévue le", "Prévision de l’étape", "Signature au départ",
    "Prévision", "Au plus tôt", "Au plus tard",
)  # fmt: skip


def _euros(x: Nombre) -> str:
    return formater_euros(arrondir(Decimal(str(x))), centimes=False)


def _jours(x: Nombre) -> str:
    return f"{int(x)}\u00a0j"


def _part(x: Nombre) -> str:
    return formater_taux(Decimal(str(x)), 0)


_ECRIRE: dict[str, Ecrire] = {"avancement": _part, "retard": _jours}


def valeur_de(ligne: Territoire, quoi: str) -> Nombre | None:
    """What the map shades; an amount of nothing is no value."""
    valeur: Decimal | int = getattr(ligne, quoi)
    return valeur if quoi in _ECRIRE or valeur else None


def _contour(sirens: Sequence[str]) -> Mapping[str, Any] | None:
    """The outline of a territory: those of its EPCI, side by side."""
    connus = contours_des_epci()
    polygones: list[Any] = []
    for siren in sirens:
        geometrie = connus.get(siren)
        if geometrie is not None:
            simples = geometrie["coordinates"]
            polygones += [simples] if geometrie["type"] == "Polygon" else simples
    return {"type": "MultiPolygon", "coordinates": polygones} if polygones else None


def carte(lignes: Sequence[Territoire], quoi: str) -> Figure | None:
    """The territories shown, in five shades; None when no outline is known."""
    lieux = [
        Lieu(x.demarche.slug, x.nom, contour, valeur_de(x, quoi))
        for x in lignes
        if (contour := _contour(x.sirens)) is not None
    ]
    if not lieux:
        return None
    libelle = CARTES[quoi]
    titre = f"{len(lieux)} territoire{'s' if len(lieux) > 1 else ''}\u00a0: {libelle}"
    return choroplethe(
        titre, lieux, ecrire=_ECRIRE.get(quoi, _euros), libelle_valeur=libelle[:1].upper() + libelle[1:],
        libelle_nom="Territoire",
    )  # fmt: skip


def calendrier(lignes: Sequence[Territoire], today: date) -> Figure | None:
    """One line a territory: what is done, what is planned or late, the signature forecast."""
    dessinees = [_ligne(x, today) for x in lignes]
    utiles = [x for x in dessinees if x.periodes]
    if not utiles:
        return None
    en_retard = sum(1 for x in lignes if x.retard)
    if en_retard:
        pluriel = en_retard > 1
        titre = f"{en_retard} territoire{'s' if pluriel else ''} en retard sur {len(lignes)}"
    else:
        titre = f"Aucun territoire en retard sur {len(lignes)}"
    return gantt(titre, utiles, ENTETES, today=today)


def _ligne(x: Territoire, today: date) -> LigneGantt:
    periodes: list[Periode] = []
    faites = [e.faite_le for e in x.etapes if e.faite_le]
    depuis = x.demarche.ouverte_le
    if faites and max(faites) > depuis:
        dernier = max(faites)
        periodes.append(Periode(depuis, dernier, "fait", f"{x.faites} étapes faites au {date_fr(dernier)}"))
        depuis = dernier
    p = x.prevision
    if not p.signee:
        if x.prochaine and x.prochaine.prevue_le and x.retard:
            periodes.append(
                Periode(max(x.prochaine.prevue_le, depuis), today, "retard", f"{x.retard} jours de retard")
            )
            depuis = max(today, depuis)
        if x.depart and x.depart > depuis:
            periodes.append(
                Periode(depuis, x.depart, "prevu", f"signature prévue au départ le {date_fr(x.depart)}")
            )
        if p.tot and p.tard:
            periodes.append(
                Periode(
                    p.tot, p.tard, "prevision", f"signature entre le {date_fr(p.tot)} et le {date_fr(p.tard)}"
                )
            )
    jalons = tuple(
        Jalon(terme.le, f"{etape.libelle}, {dire_terme(terme)}") for etape, terme in x.restantes[:-1]
    ) + (
        (Jalon(p.le, f"signature {'le' if p.signee else 'prévue le'} {date_fr(p.le)}", p.signee),)
        if p.le
        else ()
    )
    return LigneGantt(
        x.nom,
        tuple(periodes),
        (
            x.prochaine.libelle if x.prochaine else "–",
            date_fr(x.prochaine.prevue_le) if x.prochaine else "–",
            dire_terme(x.termes.get(x.prochaine.pk)) if x.prochaine else "–",
            *(date_fr(d) for d in (x.depart, p.le, p.tot, p.tard)),
        ),
        jalons,
        f"{x.retard}\u00a0j de retard" if x.retard else x.phase,
    )
