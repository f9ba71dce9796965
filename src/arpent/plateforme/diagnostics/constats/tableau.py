"""The AFOM board: what it shows, in which order, and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.recherche import normaliser

from ..models import ConstatTerritorial
from ..models.constats import THEMES

QUADRANTS = {
    "force": "Forces",
    "faiblesse": "Faiblesses",
    "opportunite": "Opportunités",
    "menace": "Menaces",
}
MARQUES = {"propose": "…", "partage": "✓", "conteste": "≠"}
ENTETES = ("Nature", "Thème", "Constat", "Accord", "Motif", "Preuves", "Proposé par", "Messages", "Enjeux")


@dataclass(frozen=True, slots=True)
class Groupe:
    """Findings under one title: a quadrant, or a theme."""

    code: str
    titre: str
    constats: Sequence[ConstatTerritorial]


def constats_de(demarche: Demarche) -> QuerySet[ConstatTerritorial]:
    """The findings with their evidence and the number of visible messages: three queries."""
    return (
        ConstatTerritorial.objects.filter(demarche=demarche)
        .annotate(nombre_echanges=Count("echanges", filter=Q(echanges__masque=False), distinct=True))
        .prefetch_related("preuves", "enjeux")
        .order_by("nature", "pk")
    )


def filtrer(
    constats: Iterable[ConstatTerritorial], *, theme: str = "", accord: str = "", q: str = ""
) -> list[ConstatTerritorial]:
    mots = normaliser(q).split()
    return [
        c
        for c in constats
        if (not theme or c.theme == theme)
        and (not accord or c.accord == accord)
        and all(m in normaliser(f"{c.texte} {c.propose_par}") for m in mots)
    ]


def par_nature(constats: Sequence[ConstatTerritorial]) -> list[Groupe]:
    """The four quadrants, in the order of the board."""
    return [Groupe(code, nom, [c for c in constats if c.nature == code]) for code, nom in QUADRANTS.items()]


def par_theme(constats: Sequence[ConstatTerritorial]) -> list[Groupe]:
    """The themes that hold something; those without theme last."""
    groupes = [Groupe(code, nom, [c for c in constats if c.theme == code]) for code, nom in THEMES]
    groupes.append(Groupe("", "Sans thème", [c for c in constats if not c.theme]))
    return [g for g in groupes if g.constats]


def preuve_ecrite(constat: ConstatTerritorial) -> str:
    """All that shows a finding, on one line."""
    morceaux = (
        [f"{constat.valeur_citee}, {constat.millesime_cite}".strip(", ")] if constat.valeur_citee else []
    )
    morceaux += [
        " ".join(filter(None, (p.get_genre_display(), p.texte or p.valeur_citee, p.adresse)))
        for p in constat.preuves.all()
    ]
    return " ; ".join(morceaux)


def lignes_csv(constats: Iterable[ConstatTerritorial]) -> list[tuple[str, ...]]:
    return [
        (
            c.get_nature_display(),
            c.get_theme_display(),
            c.texte,
            c.get_accord_display(),
            c.motif_accord,
            preuve_ecrite(c),
            c.propose_par,
            str(getattr(c, "nombre_echanges", "")),
            " ; ".join(e.libelle for e in c.enjeux.all()),
        )
        for c in constats
    ]
