"""What a person who leaves had in charge: found, then handed to who follows, or given back to the body.

Nothing is left to somebody who is no longer there: each charge says to whom it goes before anything is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q

from arpent.metier.cycles import EtatFiche
from arpent.metier.cycles.contrat import EtatContrat
from arpent.metier.election import cle_personne
from arpent.plateforme.acteurs.designations import cesser
from arpent.plateforme.acteurs.habilitations import HabilitationRefusee, clore
from arpent.plateforme.acteurs.mandats import ROLES_DE, acces_de_la_fonction
from arpent.plateforme.acteurs.models import (
    Absence,
    Agent,
    DemandeAppui,
    Designation,
    Habilitation,
    Mandat,
    Organisation,
    Personne,
)
from arpent.plateforme.contrats.models import EmplacementSignature, Partie
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.plans.models import AvisService, Fiche

FINIES = (EtatFiche.REFUSEE.value, EtatFiche.CONTRACTUALISEE.value)


@dataclass(frozen=True, slots=True)
class Suite:
    """Who leaves what, and who follows (None: nobody in particular; the body then)."""

    personne: Personne
    organisation: Organisation
    fonction: str
    successeur: Personne | None = None

    @property
    def vers(self) -> str:
        return self.successeur.nom_complet if self.successeur else self.organisation.nom


@dataclass(frozen=True, slots=True)
class Charge:
    """One thing in charge: what it is, to whom it goes; `faire` does it, inside the caller's transaction."""

    genre: str
    libelle: str
    vers: str
    faire: Callable[[Agent | None], None] = field(repr=False, compare=False)


def _compte(personne: Personne | None) -> Agent | None:
    """The open account of a person. No query when `agent` is loaded."""
    agent = personne.agent if personne else None
    return agent if agent is not None and agent.is_active else None


def _acces_de(suite: Suite, autres: Iterable[str], le: date) -> list[Habilitation]:
    return acces_de_la_fonction(suite.personne, suite.organisation, suite.fonction, autres, le)


def charges_de(suite: Suite, autres: Iterable[str], le: date) -> list[Charge]:
    """All that must not stay with the person from the day `le`. Seven queries a person with an account."""
    charges = [_acces(h, le) for h in _acces_de(suite, autres, le)]
    charges += _fiches(suite)
    charges += _signatures(suite)
    if suite.personne.agent_id is not None and charges_partent(suite, charges):
        charges += [*_avis(suite), *_appuis(suite), *_designations(suite, le), *_absences(suite, le)]
    return charges


def charges_partent(suite: Suite, charges: Iterable[Charge]) -> bool:
    """Whether the account leaves the body: a councillor whose account is of another body keeps its work."""
    return any(c.genre == "accès" for c in charges) or suite.fonction in ROLES_DE


def _acces(habilitation: Habilitation, le: date) -> Charge:
    def faire(par: Agent | None) -> None:
        try:
            clore(habilitation, le=le - timedelta(days=1), motif="Fin du mandat", par=par, de_droit=True)
        except HabilitationRefusee:
            return  # ended meanwhile: nothing is open any more

    ou = habilitation.territoire or habilitation.organisation or ""
    return Charge("accès", f"{habilitation.get_role_display()}, {ou}", "se ferme", faire)


def _fiches(suite: Suite) -> Iterator[Charge]:
    """Fiches of the body whose contact is that very person. One query."""
    cle = cle_personne(suite.personne.nom, suite.personne.prenom)
    fiches = Fiche.objects.filter(maitre_ouvrage=suite.organisation).exclude(etat__in=FINIES)
    for fiche in fiches.exclude(contact_nom="").select_related("demarche__territoire"):
        if not _est_nommee(fiche.contact_nom, cle):
            continue

        def faire(par: Agent | None, fiche: Fiche = fiche) -> None:
            _remplacer_contact(fiche, suite, par)

        nom = f"référent de la fiche n° {fiche.numero}, {fiche.titre} ({fiche.demarche.territoire.nom})"
        yield Charge("fiche", nom, suite.vers, faire)


def _est_nommee(texte: str, cle: str) -> bool:
    """Whether a free text is the name of the person, either way round, with or without « M. » or « Mme »."""
    mots = [m for m in texte.split() if m.lower().strip(".") not in {"m", "mme", "monsieur", "madame"}]
    coupes = range(1, len(mots))
    ecritures = [(mots[i:], mots[:i]) for i in coupes] + [(mots[:i], mots[i:]) for i in coupes]
    return any(cle_personne(" ".join(nom), " ".join(prenom)) == cle for nom, prenom in ecritures)


def _remplacer_contact(fiche: Fiche, suite: Suite, par: Agent | None) -> None:
    avant = fiche.contact_nom
    neuf = suite.successeur
    fiche.contact_nom = neuf.nom_complet if neuf else ""
    fiche.contact_fonction = Mandat.Fonction(suite.fonction).label if neuf else ""
    fiche.contact_courriel = neuf.courriel if neuf else suite.organisation.courriel
    fiche.contact_telephone = neuf.telephone if neuf else suite.organisation.telephone
    fiche.version += 1
    fiche.save(
        update_fields=[
            "contact_nom", "contact_fonction", "contact_courriel", "contact_telephone",
            "version", "modifie_le",
        ]
    )  # fmt: skip
    consigner(
        "transmettre_charge", sur=fiche, par=par, demarche_id=fiche.demarche_id, motif="Fin de mandat",
        avant={"contact_nom": avant}, apres={"contact_nom": fiche.contact_nom},
    )  # fmt: skip


def _signatures(suite: Suite) -> Iterator[Charge]:
    """Places of the body not signed yet, in the name of that person. Two queries."""
    cle = cle_personne(suite.personne.nom, suite.personne.prenom)
    attendues = EmplacementSignature.objects.filter(
        partie__organisation=suite.organisation, etat=EmplacementSignature.Etat.ATTENDUE
    )
    for place in attendues.exclude(signataire="").select_related("circuit"):
        if _est_nommee(place.signataire, cle):
            yield Charge(
                "signature", f"place attendue dans « {place.circuit} »", suite.vers,
                lambda par, place=place: _resigner(place, suite, par),  # type: ignore[misc]
            )  # fmt: skip
    parties = Partie.objects.filter(organisation=suite.organisation).exclude(signataire="")
    preparees = parties.filter(contrat__etat__in=(EtatContrat.REDACTION.value, EtatContrat.VOTE.value))
    for partie in preparees.select_related("contrat__demarche__territoire"):
        if _est_nommee(partie.signataire, cle):
            yield Charge(
                "signature", f"signataire au contrat de {partie.contrat.demarche}", suite.vers,
                lambda par, partie=partie: _resigner(partie, suite, par),  # type: ignore[misc]
            )  # fmt: skip


def _resigner(place: EmplacementSignature | Partie, suite: Suite, par: Agent | None) -> None:
    avant = place.signataire
    place.signataire = suite.successeur.nom_complet if suite.successeur else ""
    place.qualite = Mandat.Fonction(suite.fonction).label if suite.successeur else place.qualite
    place.delegation = ""
    champs = ["signataire", "qualite", "delegation"]
    if isinstance(place, Partie):
        place.version += 1
        champs += ["version", "modifie_le"]
    place.save(update_fields=champs)
    consigner(
        "transmettre_charge", sur=place, par=par, motif="Fin de mandat", avant={"signataire": avant},
        apres={"signataire": place.signataire},
    )  # fmt: skip


def _avis(suite: Suite) -> Iterator[Charge]:
    """Avis asked of the person, not given yet: of their successor, else of the service. One query."""
    for avis in AvisService.objects.attendus().filter(agent=suite.personne.agent_id).select_related("fiche"):
        vers = _compte(suite.successeur)

        def faire(par: Agent | None, avis: AvisService = avis, vers: Agent | None = vers) -> None:
            avis.agent = vers
            avis.save(update_fields=["agent"])
            consigner(
                "transmettre_charge", sur=avis, par=par, motif="Fin de mandat",
                avant={"agent": suite.personne.libelle_journal},
                apres={"agent": vers.libelle_journal if vers else ""},
            )  # fmt: skip

        qui = vers.nom_complet if vers else avis.service
        yield Charge("avis", f"avis demandé sur « {avis.fiche.titre} »", qui, faire)


def _appuis(suite: Suite) -> Iterator[Charge]:
    """Support requests taken in hand: taken by the successor, else open again. One query."""
    prises = DemandeAppui.objects.filter(
        prise_par=suite.personne.agent_id, etat=DemandeAppui.Etat.PRISE
    ).select_related("organisation")
    for demande in prises:
        vers = _compte(suite.successeur)

        def faire(par: Agent | None, demande: DemandeAppui = demande, vers: Agent | None = vers) -> None:
            demande.prise_par = vers
            demande.etat = (DemandeAppui.Etat.PRISE if vers else DemandeAppui.Etat.OUVERTE).value
            demande.save(update_fields=["prise_par", "etat"])
            consigner(
                "transmettre_charge", sur=demande, par=par, motif="Fin de mandat",
                avant={"prise_par": suite.personne.libelle_journal},
                apres={"prise_par": vers.libelle_journal if vers else ""},
            )  # fmt: skip

        yield Charge("appui", str(demande), vers.nom_complet if vers else "à reprendre", faire)


def _designations(suite: Suite, le: date) -> Iterator[Charge]:
    """Named by the body to write, validate or sign: it stops. One query."""
    tenues = Designation.objects.en_cours(le).filter(
        agent=suite.personne.agent_id, organisation=suite.organisation, fin__isnull=True
    )
    for designation in tenues.select_related("organisation", "agent"):

        def faire(par: Agent | None, designation: Designation = designation) -> None:
            cesser(designation, le=le, par=par)

        yield Charge("délégation", designation.get_fonction_display(), suite.organisation.nom, faire)


def _absences(suite: Suite, le: date) -> Iterator[Charge]:
    """Absences and stand-ins that go on after the day: they stop the day before. One query."""
    cle = suite.personne.agent_id
    ouvertes = Absence.objects.filter(Q(agent=cle) | Q(suppleant=cle), fin__gte=le)
    for absence in ouvertes.select_related("agent", "suppleant"):

        def faire(par: Agent | None, absence: Absence = absence) -> None:
            absence.fin = le - timedelta(days=1)
            absence.debut = min(absence.debut, absence.fin)
            absence.save(update_fields=["debut", "fin"])
            consigner(
                "terminer_absence",
                sur=absence.agent,
                par=par,
                motif="Fin de mandat",
                apres={"fin": absence.fin},
            )  # fmt: skip

        yield Charge("suppléance", str(absence), "s’arrête", faire)
