"""What changes the Word templates of an authority: deposit, service, return to the shipped one."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.documents.empreinte import empreinte
from arpent.plateforme.documents.gabarits_autorite import exiger_conforme, lire
from arpent.plateforme.documents.gabarits_word.paquet import GabaritRefuse
from arpent.plateforme.documents.models import GabaritAutorite
from arpent.plateforme.journal.actions import consigner


class GabaritDepasse(GabaritRefuse):
    """Somebody deposited or withdrew a template meanwhile."""


def deposer(
    autorite: Organisation, nom: str, contenu: bytes, nom_fichier: str, *, par: Agent | None
) -> GabaritAutorite:
    """Keeps a template that was checked, on trial: nothing uses it yet. GabaritRefuse (French).

    The same file sent again while on trial is the same deposit. The check (a second or two, a process of
    its own) holds no lock.
    """
    attendu = exiger_conforme(nom, contenu)
    marque = empreinte(contenu)
    with transaction.atomic():
        deposes = _verrouiller(autorite, nom)
        dernier = deposes[0] if deposes else None
        if dernier and dernier.est_a_l_essai and dernier.sha256 == marque:
            return dernier
        if any(g.est_en_service and g.sha256 == marque for g in deposes):
            raise GabaritRefuse("Ce fichier est déjà en service : déposez celui que vous avez modifié.")
        depose = GabaritAutorite(
            autorite_id=autorite.pk,
            nom=nom,
            numero=dernier.numero + 1 if dernier else 1,
            livre=attendu.code,
            nom_fichier=nom_fichier[:200],
            sha256=marque,
            par_nom=par.nom_complet if par else "Arpent",
        )
        depose.fichier.save(f"{nom}-{marque[:32]}.docx", ContentFile(contenu), save=True)
        consigner(
            "deposer_gabarit", sur=depose, par=par, libelle=f"{attendu.titre} : {autorite}",
            apres={"gabarit": depose.code, "fichier": depose.nom_fichier, "sha256": marque},
        )  # fmt: skip
    return depose


def mettre_en_service(autorite: Organisation, nom: str, numero: int, *, par: Agent | None) -> GabaritAutorite:
    """The next documents use it; the one it replaces is withdrawn and kept. GabaritRefuse, GabaritDepasse.

    It is read again before: the shipped template may have changed since the deposit.
    """
    vu = GabaritAutorite.objects.filter(autorite_id=autorite.pk, nom=nom, numero=numero).first()
    if vu is not None and vu.est_a_l_essai:
        exiger_conforme(nom, lire(vu))
    with transaction.atomic():
        deposes = _verrouiller(autorite, nom)
        choisi = deposes[0] if deposes else None
        if choisi is None or choisi.numero != numero or not choisi.est_a_l_essai:
            raise GabaritDepasse(
                "Ce gabarit n’est plus celui à essayer : un autre a été déposé ou mis en service "
                "entre-temps. Relisez la page."
            )
        avant = [g.code for g in deposes if g.est_en_service]
        _retirer(deposes)
        choisi.en_service_le, choisi.retire_le = timezone.now(), None
        choisi.save(update_fields=["en_service_le", "retire_le"])
        consigner(
            "servir_gabarit", sur=choisi, par=par, libelle=f"{choisi.code} : {autorite}",
            avant={"gabarit": avant[0] if avant else choisi.livre}, apres={"gabarit": choisi.code},
        )  # fmt: skip
    return choisi


def revenir_au_livre(
    autorite: Organisation, nom: str, motif: str, *, numero: int, par: Agent | None
) -> GabaritAutorite:
    """The shipped template serves again; `numero`: the one in service that was seen. GabaritDepasse."""
    with transaction.atomic():
        deposes = _verrouiller(autorite, nom)
        en_service = next((g for g in deposes if g.est_en_service), None)
        if en_service is None or en_service.numero != numero:
            raise GabaritDepasse("Ce gabarit n’est plus en service : relisez la page.")
        _retirer([en_service])
        consigner(
            "revenir_au_gabarit_livre", sur=en_service, par=par, libelle=f"{en_service.code} : {autorite}",
            avant={"gabarit": en_service.code}, apres={"gabarit": en_service.livre, "motif": motif},
        )  # fmt: skip
    return en_service


def _verrouiller(autorite: Organisation, nom: str) -> list[GabaritAutorite]:
    """The deposits of that kind, last first, under the lock of the authority."""
    Organisation.objects.select_for_update(of=("self",)).get(pk=autorite.pk)
    return list(GabaritAutorite.objects.filter(autorite_id=autorite.pk, nom=nom).order_by("-numero"))


def _retirer(deposes: list[GabaritAutorite]) -> None:
    for g in deposes:
        if g.est_en_service:
            g.retire_le = timezone.now()
            g.save(update_fields=["retire_le"])
