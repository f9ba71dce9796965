"""The root of each day of the journal: made once, exported, time-stamped by a third party, checked.

The chain says that an entry was touched; it cannot say that all of it was written again by whoever owns the
database. A root kept elsewhere, or stamped by a third party, can.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from .actions import GENESE, Verification, verrouiller_la_chaine
from .models import Entree, Sceau

Horodater = Callable[[bytes], bytes]
"""Gives the token of a third party on a content."""
LireJeton = Callable[[bytes, bytes], object]
"""Reads a token on a content; raises ValueError, in French, when it does not hold."""


class SceauRefuse(ValueError):
    """The day cannot be sealed, or the exported seal cannot be read; French, says what to do."""


@dataclass(frozen=True, slots=True)
class Ecart:
    """One seal that does not hold, and why."""

    jour: date
    raison: str


def contenu_de(sceau: Sceau) -> bytes:
    """What the root is the SHA-256 of: canonical JSON, keys sorted, no space."""
    contenu = {
        "jour": sceau.jour.isoformat(),
        "premiere": sceau.premiere,
        "derniere": sceau.derniere,
        "derniere_empreinte": sceau.derniere_empreinte,
        "racine_precedente": sceau.racine_precedente,
    }
    return json.dumps(contenu, sort_keys=True, separators=(",", ":")).encode()


def racine_de(sceau: Sceau) -> str:
    return hashlib.sha256(contenu_de(sceau)).hexdigest()


def en_clair(sceau: Sceau) -> dict[str, Any]:
    """The exported seal: enough to check the journal, and the token, without the database."""
    contenu: dict[str, Any] = json.loads(contenu_de(sceau))
    jeton = base64.b64encode(bytes(sceau.jeton)).decode()
    return contenu | {"racine": sceau.racine, "jeton": jeton}


def depuis_le_clair(texte: str) -> Sceau:
    """An exported seal, not saved. SceauRefuse: it is not one, or its root is not that of its text."""
    try:
        lu = json.loads(texte)
        sceau = Sceau(
            jour=date.fromisoformat(lu["jour"]), premiere=int(lu["premiere"]), derniere=int(lu["derniere"]),
            derniere_empreinte=str(lu["derniere_empreinte"]), racine_precedente=str(lu["racine_precedente"]),
            racine=str(lu["racine"]), jeton=base64.b64decode(lu["jeton"], validate=True),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as erreur:
        raise SceauRefuse("ce fichier n’est pas un sceau du journal") from erreur
    if racine_de(sceau) != sceau.racine:
        raise SceauRefuse("la racine de ce fichier n’est pas celle de son contenu")
    return sceau


def sceller(jusqu_au: date) -> list[Sceau]:
    """Seals every day not yet sealed that has entries, `jusqu_au` included; today can never be.

    A day goes from the entry after the last seal to the last entry written before the next midnight (Paris):
    a clock set back leaves no entry out.
    """
    if jusqu_au >= timezone.localdate():
        raise SceauRefuse("Le journal d’aujourd’hui s’écrit encore : scellez jusqu’à hier au plus.")
    with transaction.atomic():
        verrouiller_la_chaine()
        dernier = Sceau.objects.order_by("-jour").first()
        faits: list[Sceau] = []
        while True:
            suivante = Entree.objects.filter(numero__gt=dernier.derniere if dernier else 0)
            premiere = suivante.order_by("numero").first()
            if premiere is None:
                return faits
            jour = timezone.localtime(premiere.le).date()
            if dernier is not None and jour <= dernier.jour:
                jour = dernier.jour + timedelta(days=1)
            if jour > jusqu_au:
                return faits
            fin = timezone.make_aware(datetime.combine(jour + timedelta(days=1), time.min))
            derniere = suivante.filter(le__lt=fin).order_by("-numero").first() or premiere
            dernier = _poser(jour, premiere, derniere, dernier)
            faits.append(dernier)


def _poser(jour: date, premiere: Entree, derniere: Entree, precedent: Sceau | None) -> Sceau:
    sceau = Sceau(
        jour=jour,
        premiere=premiere.numero,
        derniere=derniere.numero,
        derniere_empreinte=derniere.empreinte,
        racine_precedente=precedent.racine if precedent else GENESE,
    )
    sceau.racine = racine_de(sceau)
    sceau.save(force_insert=True)
    return sceau


def horodater_les_sceaux(horodater: Horodater) -> list[Sceau]:
    """Asks a token for each seal that has none; what is obtained is kept even when the next one fails."""
    faits = []
    for sceau in Sceau.objects.filter(jeton=b"").order_by("jour"):
        sceau.jeton = horodater(contenu_de(sceau))
        if Sceau.objects.filter(pk=sceau.pk, jeton=b"").update(jeton=sceau.jeton):
            faits.append(sceau)
    return faits


def verifier_les_sceaux(
    chaine: Verification, lire_jeton: LireJeton, exportes: Mapping[str, str] | None = None
) -> tuple[int, list[Ecart]]:
    """How many seals were read and those that do not hold, against the chain already checked.

    `exportes`: file name → text of seals kept elsewhere; each must be the one the database holds. Three
    queries, whatever the number of days.
    """
    sceaux = list(Sceau.objects.order_by("jour"))
    empreintes = dict(
        Entree.objects.filter(numero__in=[s.derniere for s in sceaux]).values_list("numero", "empreinte")
    )
    ecarts = list(_ecarts(sceaux, empreintes, chaine, lire_jeton))
    connus = {s.jour: s for s in sceaux}
    for nom, texte in (exportes or {}).items():
        try:
            garde = depuis_le_clair(texte)
        except SceauRefuse as refus:
            raise SceauRefuse(f"{nom} : {refus}.") from refus
        ecarts += _ecarts_du_garde(garde, connus.get(garde.jour), lire_jeton)
    return len(sceaux), ecarts


def _ecarts(
    sceaux: Iterable[Sceau], empreintes: Mapping[int, str], chaine: Verification, lire_jeton: LireJeton
) -> Iterable[Ecart]:
    racine, suivante = GENESE, 1
    for sceau in sceaux:
        if racine_de(sceau) != sceau.racine:
            yield Ecart(sceau.jour, "le sceau a été modifié")
        elif sceau.racine_precedente != racine or sceau.premiere != suivante:
            yield Ecart(sceau.jour, "le lien avec le sceau précédent est rompu")
        elif empreintes.get(sceau.derniere) != sceau.derniere_empreinte:
            yield Ecart(sceau.jour, "le journal n’est plus celui qui a été scellé")
        elif chaine.rupture is not None and chaine.rupture <= sceau.derniere:
            yield Ecart(sceau.jour, f"le journal scellé est altéré à l’entrée {chaine.rupture}")
        if refus := _jeton_refuse(sceau, lire_jeton):
            yield Ecart(sceau.jour, refus)
        racine, suivante = sceau.racine, sceau.derniere + 1


def _ecarts_du_garde(garde: Sceau, connu: Sceau | None, lire_jeton: LireJeton) -> Iterable[Ecart]:
    if connu is None:
        yield Ecart(garde.jour, "le sceau gardé ailleurs n’existe plus ici")
    elif connu.racine != garde.racine:
        yield Ecart(
            garde.jour, "le journal a été réécrit : sa racine n’est pas celle du sceau gardé ailleurs"
        )
    if refus := _jeton_refuse(garde, lire_jeton):
        yield Ecart(garde.jour, f"sceau gardé ailleurs : {refus}")


def _jeton_refuse(sceau: Sceau, lire_jeton: LireJeton) -> str:
    if not sceau.jeton:
        return ""
    try:
        lire_jeton(bytes(sceau.jeton), contenu_de(sceau))
    except ValueError as refus:
        return str(refus)
    return ""
