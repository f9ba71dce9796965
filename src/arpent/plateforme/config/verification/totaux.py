"""Euros told twice: by the ledger and its envelopes, by a contract, its frozen lines and the maquette."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Sum

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.cycles import EtatContrat
from arpent.metier.repartition.soldes import Stade
from arpent.plateforme.contrats.models import Avenant, Contrat, VersionAvenant, VersionContrat
from arpent.plateforme.negociations.models import Enveloppe, Mouvement, Proposition

from .controle import Releve

TENUS = (EtatContrat.VOTE.value, EtatContrat.SIGNATURE.value, EtatContrat.EN_VIGUEUR.value)
"""States in which the maquette may no longer move."""


def credits(releve: Releve) -> Iterator[str]:
    """0 ≤ paid ≤ committed ≤ allocated on every node; what leaves one enters another; the tree is a tree."""
    releve.nombre = Mouvement.objects.count()
    soldes = Mouvement.objects.sommes("enveloppe")
    chemins: dict[int, str] = {}
    for noeud in Enveloppe.objects.order_by("pk").iterator():
        attendu = f"{chemins.get(noeud.parent_id or 0, '')}{noeud.pk}/"
        chemins[noeud.pk] = noeud.chemin
        if noeud.chemin != attendu and (noeud.parent_id is None or noeud.parent_id in chemins):
            yield f"Enveloppe {noeud.pk}, {noeud.libelle} : elle n’est pas à sa place dans son fonds."
        s = soldes.get(noeud.pk)
        if s is not None and not s.tient:
            yield (
                f"Enveloppe {noeud.pk}, {noeud.libelle} : alloué {formater_euros(s.alloue)}, "
                f"engagé {formater_euros(s.engage)}, payé {formater_euros(s.paye)}."
            )
    deplaces = Mouvement.objects.filter(stade=Stade.ALLOUE.value).exclude(lien=None).order_by()
    for lien, total in deplaces.values_list("lien").annotate(total=Sum("montant")):
        if total != ZERO:
            yield f"Virement {lien} : ce qui sort et ce qui entre diffèrent de {formater_euros(abs(total))}."


def _empreinte(donnees: object) -> str:
    texte = json.dumps(donnees, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(texte.encode()).hexdigest()


def figees(releve: Releve) -> Iterator[str]:
    """The frozen data have the fingerprint of their issue, and the lines make the totals that were noted."""
    for version in VersionContrat.objects.select_related("contrat__demarche").order_by("pk").iterator(20):
        releve.nombre += 1
        if _empreinte(version.donnees) != version.empreinte:
            yield f"{version} : les données figées ne sont plus celles de l’émission."
        lignes = (version.donnees.get("maquette") or {}).get("lignes", [])
        total = sum((Decimal(str(x["aide"])) for x in lignes), ZERO)
        if total != version.total_aides:
            yield (
                f"{version} : les lignes font {formater_euros(total)}, "
                f"le total noté est {formater_euros(version.total_aides)}."
            )
    for avenant in VersionAvenant.objects.order_by("pk").iterator(20):
        releve.nombre += 1
        if _empreinte(avenant.donnees) != avenant.empreinte:
            yield f"{avenant} : les données figées ne sont plus celles de l’émission."


def maquettes(releve: Releve) -> Iterator[str]:
    """A contract whose maquette is held, and that no avenant changed, says the same euros as the maquette."""
    changes = set(Avenant.objects.values_list("contrat_id", flat=True))
    for contrat in Contrat.objects.filter(etat__in=TENUS).order_by("pk"):
        version = contrat.versions.order_by("-numero").defer("donnees").first()
        if contrat.pk in changes or version is None:
            continue
        releve.nombre += 1
        retenues = Proposition.objects.filter(
            scenario__demarche_id=contrat.demarche_id, scenario__est_courant=True,
            decision=Proposition.Decision.RETENUE, montant__gt=0,
        )  # fmt: skip
        total = retenues.aggregate(total=Sum("montant"))["total"] or ZERO
        if total != version.total_aides:
            yield (
                f"{contrat} : la maquette fait {formater_euros(total)}, "
                f"le contrat {formater_euros(version.total_aides)}."
            )
