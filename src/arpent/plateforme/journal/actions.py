"""Writing in the journal, and proving that it is whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import connection, models, transaction
from django.utils import timezone

from .auteurs import auteur_de, noms_alteres
from .models import Entree
from .voile import voiler_champs

GENESE = "0" * 64
SANS_AUTEUR = "Arpent"
_VERROU = 4_227_001  # PostgreSQL advisory lock of the chain


class Auteur(Protocol):
    """Whoever acts: the people's room lies above, only this is needed of them."""

    @property
    def pk(self) -> Any: ...

    @property
    def nom_complet(self) -> str: ...

    @property
    def nom_au_journal(self) -> str: ...


def en_json(valeur: Any) -> Any:
    """Plain JSON of a field value: amounts and dates as text, so that the fingerprint never moves."""
    match valeur:
        case None | bool() | int() | str():
            return valeur
        case Decimal():
            return f"{valeur:f}"
        case datetime() | date():
            return valeur.isoformat()
        case dict():
            return {str(k): en_json(v) for k, v in valeur.items()}
        case list() | tuple() | set() | frozenset():
            return [en_json(v) for v in valeur]
        case models.Model():
            return valeur.pk
        case _:
            return str(valeur)


def _canonique(entree: Entree) -> bytes:
    contenu = {
        "numero": entree.numero,
        "le": entree.le.astimezone(UTC).isoformat(timespec="microseconds"),
        "geste": entree.geste,
        "libelle": entree.libelle,
        "objet_type": entree.objet_type,
        "objet_id": entree.objet_id,
        "demarche_id": entree.demarche_id,
        "par_id": entree.par_id,
        "par_nom": entree.auteur_cle,
        "motif": entree.motif,
        "avant": entree.avant,
        "apres": entree.apres,
    }
    return json.dumps(contenu, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def empreinte(entree: Entree) -> str:
    """SHA-256 of the previous fingerprint and of the canonical JSON of the entry."""
    return hashlib.sha256(entree.empreinte_precedente.encode() + _canonique(entree)).hexdigest()


def verrouiller_la_chaine() -> None:
    """No entry is added until the end of the transaction (on SQLite, whoever writes is already alone)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_VERROU])


@transaction.atomic(savepoint=False)
def consigner(
    geste: str,
    *,
    sur: models.Model,
    par: Auteur | None,
    libelle: str = "",
    demarche_id: int | None = None,
    motif: str = "",
    avant: dict[str, Any] | None = None,
    apres: dict[str, Any] | None = None,
) -> Entree:
    """Adds one entry at the end of the chain, in the caller's transaction. Three queries (four on
    PostgreSQL), one less without author.

    `avant` and `apres` carry only what changed. The line names no person: an object whose name is one gives
    its own `libelle_journal`, and the fields of `voile` are veiled. Without `par` the
    author is the application itself.
    """
    verrouiller_la_chaine()
    last = Entree.lignes.order_by("-numero").values_list("numero", "empreinte").first()
    numero, precedente = (last[0] + 1, last[1]) if last else (1, GENESE)
    entree = Entree(
        numero=numero,
        le=timezone.now(),
        geste=geste,
        libelle=(libelle or getattr(sur, "libelle_journal", "") or f"{sur._meta.verbose_name} : {sur}")[:300],
        objet_type=sur._meta.label_lower,
        objet_id=str(sur.pk),
        demarche_id=demarche_id,
        par_id=par.pk if par else None,
        auteur_cle=auteur_de(par.pk, par.nom_au_journal[:200]) if par else SANS_AUTEUR,
        motif=motif,
        avant=voiler_champs(en_json(avant or {})),
        apres=voiler_champs(en_json(apres or {})),
        empreinte_precedente=precedente,
    )
    vars(entree)["par_nom"] = par.nom_au_journal if par else SANS_AUTEUR
    entree.empreinte = empreinte(entree)
    entree.save(force_insert=True)
    return entree


def consigner_modification(
    objet: models.Model,
    anciens: dict[str, Any],
    nouveaux: dict[str, Any],
    *,
    par: Auteur | None,
    demarche_id: int | None = None,
    geste: str = "modifier",
    libelle: str = "",
    motif: str = "",
) -> Entree | None:
    """Journals only the fields whose value moved (0 is 0,00); nothing when none did."""
    moved = [
        name
        for name, nouveau in nouveaux.items()
        if anciens.get(name) != nouveau and en_json(anciens.get(name)) != en_json(nouveau)
    ]
    if not moved:
        return None
    return consigner(
        geste,
        sur=objet,
        par=par,
        libelle=libelle,
        demarche_id=demarche_id,
        motif=motif,
        avant={name: anciens.get(name) for name in moved},
        apres={name: nouveaux[name] for name in moved},
    )


@dataclass(frozen=True, slots=True)
class Verification:
    """Outcome of a check of the chain: number of entries read, first broken one and why."""

    nombre: int
    rupture: int | None = None
    raison: str = ""

    @property
    def intacte(self) -> bool:
        return self.rupture is None


def _entrees() -> Iterator[Entree]:
    yield from Entree.lignes.order_by("numero").iterator(chunk_size=2_000)


def verifier() -> Verification:
    """Reads the whole chain in order and stops at the first entry that does not hold."""
    attendu, precedente, nombre, alteres = 1, GENESE, 0, noms_alteres()
    for entree in _entrees():
        if entree.numero != attendu:
            return Verification(nombre, attendu, "une entrée manque ou a été déplacée")
        if entree.empreinte_precedente != precedente:
            return Verification(nombre, entree.numero, "le lien avec l’entrée précédente est rompu")
        if empreinte(entree) != entree.empreinte:
            return Verification(nombre, entree.numero, "le contenu de l’entrée a été modifié")
        if entree.auteur_cle in alteres:
            return Verification(nombre, entree.numero, "le nom de l’auteur a été modifié")
        attendu, precedente, nombre = attendu + 1, entree.empreinte, nombre + 1
    return Verification(nombre)
