"""The authority's own words in place of a shipped mail, and back."""

from __future__ import annotations

from django.db import transaction

from arpent.plateforme.journal.actions import Auteur, consigner
from arpent.plateforme.notifications.models import ModeleCourriel
from arpent.plateforme.notifications.textes import TEXTES, verifier
from arpent.plateforme.socle.versions import enregistrer_version


@transaction.atomic
def ecrire_modele(
    code: str, *, sujet: str, corps: str, version_lue: int, par: Auteur | None
) -> ModeleCourriel:
    """Keeps the text of a mail. TexteRefuse; ConflitDeVersion when somebody changed it meanwhile."""
    verifier(code, sujet, corps)
    livre = TEXTES[code]
    modele, _ = ModeleCourriel.objects.get_or_create(
        code=code, defaults={"sujet": livre.sujet, "corps": livre.corps}
    )
    avant = {"sujet": modele.sujet, "corps": modele.corps}
    modele.sujet, modele.corps = sujet, corps
    modele = enregistrer_version(modele, version_lue, ("sujet", "corps"))
    consigner("ecrire_modele_courriel", sur=modele, par=par, libelle=f"Courriel : {livre.libelle}",
              avant=avant, apres={"sujet": sujet, "corps": corps})  # fmt: skip
    return modele


@transaction.atomic
def revenir_au_texte_livre(code: str, *, par: Auteur | None) -> bool:
    """Drops the authority's words. False: there were none."""
    modele = ModeleCourriel.objects.select_for_update().filter(code=code).first()
    if modele is None:
        return False
    consigner("revenir_courriel_livre", sur=modele, par=par, libelle=f"Courriel : {TEXTES[code].libelle}",
              avant={"sujet": modele.sujet, "corps": modele.corps})  # fmt: skip
    modele.delete()
    return True
