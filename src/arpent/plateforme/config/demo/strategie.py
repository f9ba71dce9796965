"""Examples of findings, enjeux and axes, drawn from the territory's own figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from arpent.plateforme.demarches.actions import noter_place
from arpent.plateforme.demarches.models import Demarche, Place
from arpent.plateforme.diagnostics.models import ConstatTerritorial, Echange, Enjeu, Preuve
from arpent.plateforme.diagnostics.phrases import citation
from arpent.plateforme.observatoire.magasin import ouvrir
from arpent.plateforme.observatoire.portrait import LignePortrait, portrait
from arpent.plateforme.plans.models import Axe
from arpent.plateforme.territoires.perimetres import perimetre

MODELE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("strategie.yaml").read_text("utf-8"))


def _lignes(demarche: Demarche) -> dict[str, LignePortrait]:
    ici = perimetre(demarche.territoire, date.today())
    familles = portrait(ouvrir(settings.DONNEES), ici.communes, ici.epci)
    return {ligne.indicateur.code: ligne for famille in familles for ligne in famille.lignes}


def _affirme(ligne: LignePortrait | None, quand: str) -> bool:
    """Whether the figures bear the finding out (a missing figure proves nothing)."""
    if ligne is None or ligne.valeur.valeur is None or ligne.france is None:
        return False
    return ligne.valeur.valeur > ligne.france if quand == "plus" else ligne.valeur.valeur < ligne.france


def _citer(ligne: LignePortrait) -> str:
    return citation(ligne.valeur, ligne.indicateur, ligne.france)[:120]


def _debattre(constat: ConstatTerritorial, debat: dict[str, Any], lignes: dict[str, LignePortrait]) -> None:
    """An example of evidence, of messages and of agreement around a finding."""
    if not debat:
        return
    constat.accord, constat.motif_accord = debat.get("accord", "propose"), debat.get("motif", "")
    constat.save(update_fields=["accord", "motif_accord"])
    for preuve in debat.get("preuves", ()):
        ligne = lignes.get(preuve.get("indicateur", ""))
        Preuve.objects.create(
            constat=constat,
            genre=preuve["genre"],
            texte=preuve.get("texte", ""),
            indicateur=preuve.get("indicateur", ""),
            valeur_citee=_citer(ligne) if ligne else "",
            millesime_cite=ligne.valeur.millesime if ligne else "",
            ajoutee_par="Exemple de démonstration",
            demonstration=True,
        )
    for message in debat.get("messages", ()):
        Echange.objects.create(
            constat=constat, auteur_nom=message["auteur"], texte=message["texte"], demonstration=True
        )


def poser(demarche: Demarche, dispositif: str) -> None:
    """Findings, enjeux and axes of one démarche; nothing when it already has some."""
    if demarche.constats.exists():
        return
    lignes = _lignes(demarche)
    constats: dict[str, ConstatTerritorial] = {}
    for modele in MODELE["constats"]:
        code = modele["indicateur"]
        if not _affirme(lignes.get(code), modele["quand"]):
            continue
        ligne = lignes[code]
        constats[code] = ConstatTerritorial.objects.create(
            demarche=demarche,
            nature=modele["nature"],
            theme=modele["theme"],
            texte=modele["texte"],
            indicateur=code,
            valeur_citee=_citer(ligne),
            millesime_cite=ligne.valeur.millesime,
            propose_par="Exemple de démonstration",
            demonstration=True,
        )
        _debattre(constats[code], MODELE["debats"].get(code, {}), lignes)
    enjeux = []
    for rang, modele in enumerate(MODELE["enjeux"], 1):
        enjeu = Enjeu.objects.create(
            demarche=demarche, libelle=modele["libelle"], priorite=rang, demonstration=True
        )
        enjeu.constats.set(constats[c] for c in modele["indicateurs"] if c in constats)
        enjeux.append(enjeu)
    for numero, modele in enumerate(MODELE["axes"][dispositif], 1):
        axe = Axe.objects.create(
            demarche=demarche, numero=numero, libelle=modele["libelle"], demonstration=True
        )
        axe.enjeux.set(enjeux[i] for i in modele["enjeux"])
    noter_place(
        demarche, Place.Code.DIAGNOSTIC, Place.Etat.FAIT, f"{len(constats)} constats, {len(enjeux)} enjeux"
    )


def axe_du_theme(dispositif: str, axes: list[Axe], theme: str) -> Axe | None:
    """The axis that covers a theme in the example strategy."""
    for axe, modele in zip(axes, MODELE["axes"][dispositif], strict=False):
        if theme in modele["themes"]:
            return axe
    return None
