"""The communes that are compared: their inhabitants, their EPCI, their territory, their class."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings

from arpent.metier.scenarios.equite import Lieu
from arpent.metier.vulnerabilite import Echelle
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.diagnostics.vulnerabilites.bibliotheque import politique_de
from arpent.plateforme.diagnostics.vulnerabilites.evaluation import evaluer_perimetre
from arpent.plateforme.observatoire.magasin import ObservatoireVide, ouvrir
from arpent.plateforme.observatoire.portrait import departement_principal
from arpent.plateforme.territoires.models import Appartenance
from arpent.plateforme.territoires.perimetres import Perimetre, appartenances_en_cours


@dataclass(frozen=True, slots=True)
class Lieux:
    """`noms`: label of each EPCI (SIREN) and territory (pk as text). `classes`: label by code, in order.

    `contours`: GeoJSON geometry by commune, when they were asked for.
    """

    communes: tuple[Lieu, ...]
    noms: Mapping[str, str]
    classes: Mapping[str, str]
    contours: Mapping[str, Mapping[str, Any]]

    @property
    def codes(self) -> list[str]:
        return [lieu.code for lieu in self.communes]

    @property
    def epci(self) -> list[str]:
        return sorted({lieu.epci for lieu in self.communes})

    def servis(self, territoire: str, groupement: str | None) -> tuple[str, ...]:
        """The communes that a project without commune serves: those of its EPCI, else of its territory."""
        siens = tuple(x.code for x in self.communes if x.territoire == territoire and x.epci == groupement)
        return siens or tuple(x.code for x in self.communes if x.territoire == territoire)


def lire_lieux(
    territoires: Collection[int], processus_id: int, autorite: Organisation, *, contours: bool = False
) -> Lieux:
    """The communes of today of these territories, by name. Two queries, three when classes are communes'."""
    colonnes = (
        "commune_id", "commune__nom", "commune__population", "groupement_id", "groupement__nom",
        "groupement__compositions__territoire", "groupement__compositions__territoire__nom",
        *(("commune__contour__geometrie",) if contours else ()),
    )  # fmt: skip
    lignes = (
        Appartenance.objects.filter(
            appartenances_en_cours(date.today()), groupement__compositions__territoire__in=territoires
        )
        .order_by("commune__nom", "commune_id", "groupement_id")
        .values_list(*colonnes)
    )
    noms: dict[str, str] = {}
    communes: dict[str, Lieu] = {}
    traces: dict[str, Mapping[str, Any]] = {}
    for code, nom, habitants, siren, nom_epci, territoire, nom_territoire, *trace in lignes:
        noms[siren], noms[str(territoire)] = nom_epci, nom_territoire
        if trace and trace[0]:
            traces[code] = trace[0]
        communes.setdefault(code, Lieu(code, nom, habitants, siren, str(territoire)))
    de, classes = _classes(communes, processus_id, autorite)
    lieux = tuple(replace(x, classe=de.get(x.code) or de.get(x.epci) or "") for x in communes.values())
    return Lieux(lieux, noms, classes, traces)


def _classes(
    communes: Mapping[str, Lieu], processus_id: int, autorite: Organisation
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Code of the class of each commune or EPCI; labels by code, the most vulnerable first. Empty without."""
    if not communes:
        return {}, {}
    try:
        magasin = ouvrir(settings.ARPENT_DONNEES)
    except ObservatoireVide:
        return {}, {}
    ici = Perimetre(tuple(sorted({x.epci for x in communes.values()})), tuple(communes))
    departement = departement_principal(magasin, ici.communes)
    lu = evaluer_perimetre(politique_de(processus_id), autorite, magasin, ici, departement)
    if lu is None:
        return {}, {}
    membres = ici.epci if lu.modele.echelle is Echelle.EPCI else ici.communes
    voulus = frozenset(membres)
    de = {m.territoire: m.classe.code for m in lu.composee.membres if m.classe and m.territoire in voulus}
    return de, {c.code: c.libelle for c in reversed(lu.modele.classes)}
