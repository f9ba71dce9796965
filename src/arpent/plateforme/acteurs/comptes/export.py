"""Everything kept about one person, in one ZIP: JSON for machines, a page and CSV tables for people."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from arpent.plateforme.journal.actions import en_json
from arpent.plateforme.notifications.courriels import EFFACE
from arpent.plateforme.notifications.models import Courriel

from ..models import Agent, Mandat
from .liens import IDENTIFIANTS

TUS = frozenset(
    {
        "password",
        "secret",
        "empreinte",
        "empreinte_precedente",
        "nonce",
        "cle",
        "donnees",
        "jeton_session",
        "identite_unique",
    }
)
"""Fields never given: secrets, fingerprints, and frozen data that speaks of others."""
PLAFOND = 20_000


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that name the person, as one reads them."""

    code: str
    titre: str
    colonnes: tuple[str, ...]
    lignes: tuple[tuple[Any, ...], ...]


def _sources(agent: Agent) -> Iterator[tuple[type[models.Model], str]]:
    """(model, field that names an account), foreign keys and bare numbers."""
    for modele in apps.get_models():
        for champ in modele._meta.concrete_fields:
            if champ.remote_field is not None and champ.related_model is Agent:
                yield modele, champ.name
    yield Mandat, "personne__agent"
    for nom, numero in IDENTIFIANTS.items():
        yield apps.get_model(nom), numero


def _lu(ligne: models.Model, nom: str) -> Any:
    """A plain value; the text of a mail that opens an account is never given away."""
    if isinstance(ligne, Courriel) and ligne.secret and nom == "texte":
        return EFFACE
    return en_json(getattr(ligne, nom))


def _table(modele: type[models.Model], champ: str, agent: Agent, valeur: object = None) -> Table | None:
    champs = [f for f in modele._meta.concrete_fields if f.name not in TUS]
    lignes = modele._base_manager.filter(**{champ: valeur or agent.pk}).order_by("pk")[:PLAFOND]
    valeurs = tuple(tuple(_lu(ligne, f.attname) for f in champs) for ligne in lignes.iterator())
    if not valeurs:
        return None
    titres = tuple(str(f.verbose_name) for f in champs)
    mot = str(modele._meta.verbose_name_plural)
    liens = [nom for autre, nom in _sources(agent) if autre is modele]
    verbe = next((str(f.verbose_name) for f in modele._meta.concrete_fields if f.name == champ), champ)
    return Table(
        f"{modele._meta.label_lower}-{champ}",
        mot[:1].upper() + mot[1:] + (f" ({verbe})" if len(liens) > 1 else ""),
        titres,
        valeurs,
    )


def tables_de(agent: Agent) -> list[Table]:
    """The account itself, then each table that names it. One query a table; twenty thousand rows a table."""
    soi = [f for f in agent._meta.concrete_fields if f.name not in TUS]
    compte = Table(
        "compte", "Votre compte", tuple(str(f.verbose_name) for f in soi),
        (tuple(en_json(getattr(agent, f.attname)) for f in soi),),
    )  # fmt: skip
    recus = apps.get_model("notifications", "Courriel")
    courriels = _table(recus, "destinataire__iexact", agent, agent.courriel)
    return [
        compte,
        *([courriels] if courriels else []),
        *(t for modele, champ in _sources(agent) if (t := _table(modele, champ, agent))),
    ]


def _cellule(valeur: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    texte = "" if valeur is None else str(valeur)
    return f"'{texte}" if texte[:1] in {"=", "+", "-", "@", "\t", "\r"} else texte


def _csv(table: Table) -> str:
    sortie = io.StringIO()
    stylo = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    stylo.writerow(table.colonnes)
    stylo.writerows([_cellule(v) for v in ligne] for ligne in table.lignes)
    return "\ufeff" + sortie.getvalue()


def _page(agent: Agent, tables: list[Table], le: datetime) -> str:
    corps = [
        "<!doctype html><html lang='fr'><head><meta charset='utf-8'><title>Mes données</title></head>"
        f"<body><h1>Données de {escape(agent.nom_complet)}</h1><p>Extraites le {le:%d/%m/%Y à %H:%M}.</p>"
    ]
    for table in tables:
        corps.append(f"<h2>{escape(table.titre)}</h2><table border='1'><thead><tr>")
        corps += [f"<th scope='col'>{escape(c)}</th>" for c in table.colonnes]
        corps.append("</tr></thead><tbody>")
        for ligne in table.lignes:
            cellules = "".join(f"<td>{escape('' if v is None else str(v))}</td>" for v in ligne)
            corps.append(f"<tr>{cellules}</tr>")
        corps.append("</tbody></table>")
    return "".join(corps) + "</body></html>"


def exporter(agent: Agent) -> bytes:
    """The ZIP: `donnees.json`, `mes-donnees.html`, one CSV a table."""
    le, tables = timezone.localtime(), tables_de(agent)
    donnees = {t.code: [dict(zip(t.colonnes, ligne, strict=True)) for ligne in t.lignes] for t in tables}
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("donnees.json", json.dumps(donnees, ensure_ascii=False, indent=1))
        archive.writestr("mes-donnees.html", _page(agent, tables, le))
        for table in tables:
            archive.writestr(f"tables/{table.code}.csv", _csv(table))
    return sortie.getvalue()
