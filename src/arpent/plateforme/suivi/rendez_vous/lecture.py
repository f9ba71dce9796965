"""One meeting → the data of its pack: what is decided, what is left, who is late, what is to settle.

No number is computed twice: euros are those of `montants_des`, works of `avancement`, deadlines of the files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import prefetch_related_objects

from arpent.metier.argent import ZERO, arrondir, formater_euros
from arpent.metier.avancement import avancement_en_euros
from arpent.metier.cycles import EtatFiche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.actions import demarches_de
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.documents.chartes import charte_doc
from arpent.plateforme.documents.donnees_portrait import GraphiqueDoc
from arpent.plateforme.documents.donnees_rendez_vous import (
    EnveloppeDoc,
    MontantsDoc,
    ProjetSuiviDoc,
    RendezVousDoc,
)
from arpent.plateforme.negociations.enveloppes import montants_des as enveloppes_des
from arpent.plateforme.negociations.reserve.fonds import fonds_de, reserve_de, solde_de
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.subventions.echeances.faits import Situation
from arpent.plateforme.subventions.echeances.lecture import dossiers_suivis, situations
from arpent.plateforme.subventions.models import Dossier
from arpent.plateforme.territoires.models import Commune

from ..etat import LigneEtat, etat_du_contrat
from ..lecture import aides_par_commune, carte_des_aides, commune_de, communes_de, sommes_par_commune
from .decisions_prises import decisions_depuis
from .depuis import precedente_de, un_an_avant
from .noms import noms_des
from .questions import questions_doc
from .retards import retards_de

LARGEUR_CARTE, TETES = 720, 5


@dataclass(frozen=True, slots=True)
class Etat:
    """One territory of the meeting and its projects."""

    demarche: Demarche
    lignes: tuple[LigneEtat, ...]


def etats_de(demarches: Sequence[Demarche], le: date) -> list[Etat]:
    """Seven queries a territory, four for all of them."""
    prefetch_related_objects(list(demarches), "version_processus__processus__dispositif")
    etats = [Etat(d, etat_du_contrat(d, le).lignes) for d in demarches]
    fiches = [x.projet.fiche for e in etats for x in e.lignes]
    prefetch_related_objects(fiches, "theme", "commune", "maitre_ouvrage__commune")
    return etats


def situations_des(demarches: Sequence[Demarche], le: date) -> dict[int, list[Situation]]:
    """The deadlines of the awarded files, by fiche. Five queries."""
    par_fiche: dict[int, list[Situation]] = {}
    for lue in situations(dossiers_suivis(Dossier.objects.filter(demarche__in=demarches)), le):
        par_fiche.setdefault(lue.dossier.fiche_id, []).append(lue)
    return par_fiche


def rendez_vous_doc(reunion: Reunion, le: date) -> RendezVousDoc:
    """The whole content. A number of queries that depends on the territories, not on their projects."""
    demarches = demarches_de(reunion)
    noms = noms_des(demarches)
    etats = etats_de(demarches, le)
    lus = situations_des(demarches, le)
    precedente = precedente_de(reunion, demarches)
    depuis = precedente.jour if precedente else un_an_avant(reunion.jour)
    autorite = reunion.demarche.autorite
    projets = tuple(_projet(noms[e.demarche.pk], x) for e in etats for x in e.lignes)
    carte, tetes = _carte(demarches, etats, le)
    return RendezVousDoc(
        titre=reunion.titre,
        lieu=reunion.lieu,
        tenue_le=reunion.jour,
        autorite=autorite.nom,
        dispositif=reunion.demarche.processus.dispositif.nom,
        territoires=tuple(noms[d.pk] for d in demarches),
        depuis=depuis,
        depuis_reunion=precedente is not None,
        etabli_le=le,
        projets=projets,
        retards=tuple(
            sorted(
                (r for e in etats for r in retards_de(noms[e.demarche.pk], e.lignes, lus, le)),
                key=lambda r: (-r.jours, r.territoire, r.numero),
            )
        ),
        enveloppes=_enveloppes(noms, projets),
        reserve=_reserve(reunion.demarche),
        decisions=decisions_depuis(reunion, noms, depuis, le),
        questions=questions_doc(reunion, noms),
        carte=carte,
        tetes_de_la_carte=tetes,
        charte=charte_doc(autorite.pk, autorite.nom),
        demonstration=reunion.demonstration
        or any(x.projet.fiche.demonstration for e in etats for x in e.lignes),
    )


def nom_de_la_commune(fiche: Fiche) -> str:
    """Where its aid is counted, as on the map; empty when it serves the whole territory. No query."""
    code = commune_de(fiche)
    if code is None:
        return ""
    lieu: Commune | None = fiche.commune or fiche.maitre_ouvrage.commune
    return lieu.nom if lieu else code


def _projet(territoire: str, x: LigneEtat) -> ProjetSuiviDoc:
    fiche, euros = x.projet.fiche, x.montants
    realise = arrondir(avancement_en_euros(x.projet.projet).fait)
    au_contrat = fiche.etat == EtatFiche.CONTRACTUALISEE.value
    return ProjetSuiviDoc(
        territoire=territoire,
        numero=fiche.numero,
        titre=fiche.titre,
        maitre_ouvrage=fiche.maitre_ouvrage.nom,
        commune=nom_de_la_commune(fiche),
        theme=fiche.theme.libelle if fiche.theme else "",
        etat=str(fiche.get_etat_display()).lower(),
        montants=MontantsDoc(
            cout=euros.cout,
            accorde=euros.accorde,
            contractualise=euros.accorde if au_contrat else ZERO,
            vote=euros.vote,
            engage=euros.engage,
            paye=euros.paye,
            reste_a_engager=euros.reste_a_engager,
            reste_a_payer=euros.reste_a_payer,
            realise=realise,
            reste_a_realiser=euros.cout - realise,
        ),
        jours_de_retard=x.projet.jours,
    )


def _enveloppes(noms: Mapping[int, str], projets: Sequence[ProjetSuiviDoc]) -> tuple[EnveloppeDoc, ...]:
    """Of the territories whose envelope is known. One query."""
    dotations = enveloppes_des(noms)
    return tuple(
        EnveloppeDoc(
            nom,
            dotations[pk],
            sum((p.montants.accorde for p in projets if p.territoire == nom), ZERO),
        )
        for pk, nom in noms.items()
        if pk in dotations
    )


def _reserve(demarche: Demarche) -> EnveloppeDoc | None:
    """The reserve of the dispositif, as the ledger tells it; None without one. Two queries."""
    dispositif = demarche.processus.dispositif
    solde = solde_de(fonds_de(dispositif, reserve_de(dispositif)))
    if solde is None:
        return None
    return EnveloppeDoc("Réserve de l’autorité", solde.dote - solde.libere, solde.reserve + solde.tire)


def _carte(
    demarches: Sequence[Demarche], etats: Sequence[Etat], le: date
) -> tuple[GraphiqueDoc | None, tuple[tuple[str, str], ...]]:
    """Aid decided per inhabitant, and its first communes; None without decisions or contours. One query."""
    communes = communes_de([d.territoire_id for d in demarches], le)
    sommes = sommes_par_commune((x.projet.fiche, x.montants.accorde) for e in etats for x in e.lignes)
    if not any(sommes.values()):
        return None, ()
    aides = aides_par_commune(communes, sommes)
    figure = carte_des_aides(communes, aides)
    if figure is None:
        return None, ()
    tetes = sorted((a for a in aides if a.par_habitant), key=lambda a: (-(a.par_habitant or ZERO), a.nom))
    dites = tuple((a.nom, formater_euros(a.par_habitant, centimes=False)) for a in tetes[:TETES])
    carte = GraphiqueDoc(
        figure.titre,
        figure.description,
        figure.svg_autonome(LARGEUR_CARTE),
        figure.entetes,
        figure.lignes,
        "aides décidées ; population municipale (INSEE)",
        LARGEUR_CARTE,
    )
    return carte, dites
