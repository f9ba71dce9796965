"""The tree: making a node where there is none, and finding the one a fiche draws on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.models import Fonds, Theme

from ..models import Enveloppe

LIBELLE_MAX = 200


def _cle(fonds: int, demarche: int | None, theme: int | None, annee: int | None) -> str:
    return "/".join("" if x is None else str(x) for x in (fonds, demarche, theme, annee))


def _poser(cle: str, parent: Enveloppe | None, **champs: Any) -> Enveloppe:
    champs["libelle"] = champs["libelle"][:LIBELLE_MAX]
    noeud, neuf = Enveloppe.objects.get_or_create(cle=cle, defaults={"parent": parent, **champs})
    if neuf:
        noeud.chemin = f"{parent.chemin if parent else ''}{noeud.pk}/"
        Enveloppe.objects.filter(pk=noeud.pk).update(chemin=noeud.chemin)
    return noeud


def racine_de(fonds: Fonds) -> Enveloppe:
    """The node of the whole fund, made if there is none."""
    return _poser(_cle(fonds.pk, None, None, None), None, fonds=fonds, libelle=fonds.libelle)


def noeud_du_territoire(fonds: Fonds, demarche: Demarche) -> Enveloppe:
    """The node of a démarche in a fund, made with its root if there is none."""
    return _poser(
        _cle(fonds.pk, demarche.pk, None, None), racine_de(fonds), fonds=fonds, demarche=demarche,
        libelle=demarche.territoire.nom,
    )  # fmt: skip


def ligne_de(parent: Enveloppe, theme: Theme | None, annee: int | None, **champs: Any) -> Enveloppe:
    """The line of a theme and year under `parent`, made if there is none."""
    morceaux = [theme.libelle if theme else "", str(annee) if annee else ""]
    return _poser(
        _cle(parent.fonds_id, parent.demarche_id, theme.pk if theme else None, annee), parent,
        fonds_id=parent.fonds_id, demarche_id=parent.demarche_id, theme=theme, annee=annee,
        libelle=", ".join(m for m in morceaux if m), **champs,
    )  # fmt: skip


def part_de(parent: Enveloppe, demarche: Demarche) -> Enveloppe:
    """The share of a démarche in a line of the fund, made if there is none."""
    return _poser(
        _cle(parent.fonds_id, demarche.pk, parent.theme_id, parent.annee), parent, fonds_id=parent.fonds_id,
        demarche=demarche, theme_id=parent.theme_id, annee=parent.annee,
        libelle=f"{parent.libelle}, {demarche.territoire.nom}",
    )  # fmt: skip


def ligne_suivante(enveloppe: Enveloppe, annee: int) -> Enveloppe:
    """The same line in another year, made with its parents if need be."""
    parent = enveloppe.parent
    assert parent is not None
    dessus = parent if parent.annee is None else ligne_suivante(parent, annee)
    if parent.demarche_id is None and enveloppe.demarche is not None:
        return part_de(dessus, enveloppe.demarche)
    return ligne_de(dessus, enveloppe.theme, annee, limite_fongible=enveloppe.limite_fongible)


def noeuds_ordinaires(demarche: Demarche, fonds: Collection[Fonds]) -> list[Enveloppe]:
    """The nodes of a démarche in those funds. One query."""
    return list(Enveloppe.objects.filter(demarche=demarche, fonds__in=fonds).order_by("pk"))


def noeud_pour(noeuds: Iterable[Enveloppe], theme_id: int | None, annee: int | None) -> Enveloppe | None:
    """The deepest of these nodes that takes that theme and that year; None when none does."""
    possibles = [n for n in noeuds if n.theme_id in (None, theme_id) and n.annee in (None, annee)]
    return max(possibles, key=lambda n: (n.profondeur, n.theme_id is not None, -n.pk), default=None)


def branche_de(enveloppe: Enveloppe, connues: dict[int, Enveloppe]) -> Sequence[Enveloppe]:
    """From the root to the node, among nodes already read."""
    return [connues[pk] for pk in enveloppe.ancetres]
