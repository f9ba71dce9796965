"""Opening a démarche: what a fresh instance needs before anybody can work in it."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

from ..commande import Refus
from .reperage import dispositif_de, jour_de
from .sortie import ligne

if TYPE_CHECKING:
    from arpent.plateforme.demarches.models import Demarche
    from arpent.plateforme.reglements.models import Dispositif
    from arpent.plateforme.territoires.models import Territoire


def declarer(sous: Any) -> None:
    demarche = sous.add_parser("demarche", help="démarches : ouverture")
    actions = demarche.add_subparsers(dest="action", metavar="ACTION", required=True)
    ouvrir = actions.add_parser("ouvrir", help="ouvre la démarche d’un territoire dans un dispositif")
    ouvrir.add_argument("territoire", metavar="TERRITOIRE", help="identifiant du territoire")
    ouvrir.add_argument("--dispositif", required=True, metavar="NOM", help="lozere, nouvelle-aquitaine…")
    ouvrir.add_argument("--generation", required=True, metavar="ANNEES", help="par exemple 2027-2029")
    ouvrir.add_argument(
        "--le", type=jour_de, default=None, metavar="AAAA-MM-JJ", help="aujourd’hui si absent"
    )
    ouvrir.set_defaults(agir=ouvrir_une_demarche)


def ouvrir_une_demarche(options: argparse.Namespace) -> int:
    from arpent.plateforme.demarches.models import Demarche
    from arpent.plateforme.territoires.models import Territoire

    territoire = Territoire.objects.filter(slug=options.territoire).first()
    if territoire is None:
        connus = ", ".join(Territoire.objects.order_by("slug").values_list("slug", flat=True))
        raise Refus(
            f"territoire « {options.territoire} » inconnu. Territoires : {connus or 'aucun (arpent init)'}."
        )
    dispositif = dispositif_de(options.dispositif)
    if Demarche.objects.filter(territoire=territoire, generation=options.generation).exists():
        raise Refus(f"{territoire.nom} a déjà une démarche {options.generation}.")
    demarche = ouvrir_sur(territoire, dispositif, options.generation, options.le or date.today())
    ligne(f"Démarche ouverte : {demarche} (identifiant {demarche.slug})")
    return 0


def ouvrir_sur(territoire: Territoire, dispositif: Dispositif, generation: str, le: date) -> Demarche:
    """Opens a démarche under the last version of the dispositif's processus, and says who lives there."""
    from arpent.metier.argent import formater_nombre
    from arpent.plateforme.demarches import actions as demarches
    from arpent.plateforme.demarches.models import Place
    from arpent.plateforme.territoires.models import Commune
    from arpent.plateforme.territoires.perimetres import en_cours

    demarche = demarches.ouvrir(
        territoire,
        dispositif.processus.versions.order_by("-numero")[0],
        slug=_identifiant_libre(territoire.slug),
        generation=generation,
        ouverte_le=le,
        par=None,
    )
    membres = Commune.objects.filter(
        en_cours(date.today(), "appartenances__", "appartenances__groupement__compositions__"),
        appartenances__groupement__compositions__territoire=territoire,
    ).distinct()
    population = formater_nombre(sum(c.population or 0 for c in membres))
    demarches.noter_place(
        demarche, Place.Code.TERRITOIRE, Place.Etat.FAIT, f"{len(membres)} communes, {population} hab."
    )
    return demarche


def _identifiant_libre(slug: str) -> str:
    """The slug of the territory, followed by a number from its second démarche on."""
    from arpent.plateforme.demarches.models import Demarche

    pris = set(Demarche.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    candidats = (slug, *(f"{slug}-{n}" for n in range(2, len(pris) + 3)))
    return next(c for c in candidats if c not in pris)
