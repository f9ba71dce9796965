"""The plans d'actions of the demonstration: real owners, titles, costs and State grants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arpent.metier.argent import partager
from arpent.metier.cycles.fiche import EtatFiche
from arpent.metier.plan_financement import Financeur, StatutFinancement
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.actions import creer_fiches
from arpent.plateforme.plans.models import Axe, Deliberation, Fiche
from arpent.plateforme.plans.saisies import DepenseSaisie, FicheSaisie, LigneSaisie
from arpent.plateforme.reglements.models import Dispositif, PolitiqueSectorielle, Theme

from .projets import SOURCE, Classement, ProjetReel, normaliser
from .strategie import axe_du_theme

AUTORITES = {"lozere": Financeur.DEPARTEMENT, "nouvelle-aquitaine": Financeur.REGION}
ANNEES = (2026, 2027, 2028)
PART_TRAVAUX = Decimal("0.91")
PART_DELIBEREE = Decimal("0.7")
ETUDES = (" etude ", " etudes ", " diagnostic ", " schema ", " faisabilite ", " elaboration ", " zonage ")
NATURES_AVEC_DELIBERATION = {Organisation.Nature.COMMUNE, Organisation.Nature.CC, Organisation.Nature.CA}


class Annuaire:
    """Organisations by INSEE code of the commune or SIREN. Two queries for the whole demonstration."""

    def __init__(self) -> None:
        self._par_code: dict[str, Organisation] = {}
        for organisation in Organisation.objects.select_related("commune"):
            for code in (organisation.commune_id, organisation.siren, organisation.groupement_id):
                if code:
                    self._par_code[code] = organisation

    def trouver(self, projet: ProjetReel) -> Organisation | None:
        """The owner: its own code first, else the commune of today that took it over."""
        return self._par_code.get(projet.code_collectivite) or self._par_code.get(projet.code_commune)


def maturite(projet: ProjetReel, rang: int, nombre: int) -> Fiche.Maturite:
    """Demonstration: a study decides nothing yet; without the owner's vote a project is not ready to start.

    The owners have voted the first fiches only (see `deliberer`); one of the others out of three is vague.
    """
    if any(mot in normaliser(projet.titre) for mot in ETUDES):
        return Fiche.Maturite.AMORCAGE_B
    if rang <= int(nombre * PART_DELIBEREE):
        return Fiche.Maturite.STRUCTURANT
    return Fiche.Maturite.AMORCAGE_B if rang % 3 == 0 else Fiche.Maturite.AMORCAGE_A


def _calendrier(classe: Fiche.Maturite, annee: int) -> dict[str, date | None]:
    """Demonstration: the less a project is ready, the less its calendar is known."""
    debut = None if classe == Fiche.Maturite.AMORCAGE_B else date(annee, 4, 1)
    return {
        "debut_le": debut,
        "fin_le": date(annee + 1, 6, 30) if classe == Fiche.Maturite.STRUCTURANT else None,
    }


def _financements(projet: ProjetReel, autorite: Financeur, classe: Fiche.Maturite) -> tuple[LigneSaisie, ...]:
    demande = projet.aide_demandee
    reste = projet.cout - projet.etat - demande
    lignes = [
        LigneSaisie(
            Financeur.ETAT,
            projet.etat,
            StatutFinancement.ACQUIS,
            f"{projet.dotation} {projet.annee}",
            date(projet.annee, 12, 31),
        )
    ]
    if demande:
        lignes.append(LigneSaisie(autorite, demande, StatutFinancement.SOLLICITE, demonstration=True))
    if reste and classe != Fiche.Maturite.AMORCAGE_B:  # vague: the owner has not said what it pays
        lignes.append(
            LigneSaisie(Financeur.AUTOFINANCEMENT, reste, StatutFinancement.ENVISAGE, demonstration=True)
        )
    return tuple(lignes)


@dataclass(frozen=True, slots=True)
class Rangement:
    """Where the projects of one démarche go: themes, sector policies and axes, by code."""

    dispositif: str
    classement: Classement
    themes: dict[str, Theme]
    politiques: dict[str, PolitiqueSectorielle]
    axes: list[Axe]


def _saisie(
    projet: ProjetReel, maitre_ouvrage: Organisation, rang: int, nombre: int, ou: Rangement
) -> FicheSaisie:
    classe = maturite(projet, rang, nombre)
    theme = ou.classement.theme(ou.dispositif, projet)
    axe = axe_du_theme(ou.dispositif, ou.axes, theme)
    secteur = ou.politiques.get(ou.classement.secteur(projet))
    enjeu = axe.enjeux.first() if axe else None
    annee = ANNEES[rang % len(ANNEES)]
    champs = {
        "titre": projet.titre,
        "description": f"{projet.titre}. Opération aidée par l’État en {projet.annee} ({projet.dotation}) ; "
        "la source publiée n’en dit pas plus.",
        "maitre_ouvrage": maitre_ouvrage,
        "theme": ou.themes[theme],
        "axe": axe,
        "enjeu": enjeu,
        "commune": maitre_ouvrage.commune,
        "etat": EtatFiche.PROPOSEE.value,
        "maturite": classe,
        "priorite_territoire": rang,
        "annee": annee,
        **_calendrier(classe, annee),
        "cout_ht": projet.cout,
        "assiette": projet.cout,
        "aide_demandee": projet.aide_demandee,
        "source": SOURCE.format(annee=projet.annee),
        "source_identifiant": projet.identifiant,
        "demonstration": True,
    }
    return FicheSaisie(
        champs,
        _financements(projet, AUTORITES[ou.dispositif], classe),
        (secteur,) if secteur else (),
        _depenses(projet),
    )


def _depenses(projet: ProjetReel) -> tuple[DepenseSaisie, ...]:
    """Demonstration: the real cost, split between works and project management as it often is."""
    parts = partager(projet.cout, {"travaux": PART_TRAVAUX, "maitrise-oeuvre": 1 - PART_TRAVAUX})
    libelles = {"travaux": "Travaux", "maitrise-oeuvre": "Maîtrise d’œuvre"}
    return tuple(DepenseSaisie(libelles[nature], montant, nature) for nature, montant in parts.items())


def prefill(
    demarche: Demarche, dispositif: Dispositif, projets: Sequence[ProjetReel], annuaire: Annuaire
) -> int:
    """Fills the plan of one démarche, the dearest project first; nothing when it already has fiches."""
    if demarche.fiches.exists():
        return 0
    ou = Rangement(
        dispositif.slug,
        Classement(),
        {t.code: t for t in dispositif.themes.all()},
        {p.code: p for p in dispositif.politiques.all()},
        list(demarche.axes.prefetch_related("enjeux")),
    )
    portes = [
        (projet, maitre_ouvrage)
        for projet in sorted(projets, key=lambda p: (-p.cout, p.identifiant))
        if (maitre_ouvrage := annuaire.trouver(projet))
    ]
    saisies = [_saisie(*porte, rang, len(portes), ou) for rang, porte in enumerate(portes, 1)]
    fiches = creer_fiches(
        demarche,
        saisies,
        par=None,
        source="Dotations d’investissement de l’État 2018 et 2019, DGCL",
        geste="preremplir",
    )
    return len(fiches)


def deliberer(demarche: Demarche, part: Decimal = PART_DELIBEREE) -> int:
    """Gives a demonstration délibération to the first fiches, up to `part` of them."""
    fiches = list(demarche.fiches.select_related("maitre_ouvrage").order_by("numero"))
    voulues = [
        f for f in fiches[: int(len(fiches) * part)] if f.maitre_ouvrage.nature in NATURES_AVEC_DELIBERATION
    ]
    Deliberation.objects.bulk_create(
        Deliberation(
            fiche=f,
            numero=f"DEMO_2026_{f.numero:03d}",
            adoptee_le=date(2026, 9, 1 + f.numero % 28),
            assemblee=f"{f.maitre_ouvrage} (acte de démonstration)"[:200],
        )
        for f in voulues
        if not f.deliberations.exists()
    )
    return len(voulues)
