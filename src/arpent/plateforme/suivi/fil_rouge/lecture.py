"""The thread, from statistic to result: stored links only; a broken one says what is missing and what to do.

statistic → finding → enjeu → axis → project → euros → result. One thread by enjeu; a project has its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from arpent.metier.argent import formater_euros, formater_taux
from arpent.metier.evaluation import contribution
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import ConstatTerritorial, Enjeu
from arpent.plateforme.plans.models import Axe, Fiche

from ..avancement.lecture import LigneProjet, lignes_suivies
from ..evaluation.lecture import LigneIndicateur, axes_de, liens_des, lignes_indicateurs
from ..montants import Montants, montants_des, total


@dataclass(frozen=True, slots=True)
class Maille:
    """One thing on the thread, with the page where it is kept."""

    titre: str
    detail: str = ""
    url: str = ""
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Rupture:
    """A link that is missing, and the page where it is made."""

    manque: str
    faire: str
    url: str


@dataclass(frozen=True, slots=True)
class Etage:
    """One of the seven floors of a thread."""

    code: str
    titre: str
    mailles: tuple[Maille, ...]
    ruptures: tuple[Rupture, ...] = ()


@dataclass(frozen=True, slots=True)
class Fil:
    """The thread of one enjeu, or of one project."""

    titre: str
    url: str
    etages: tuple[Etage, ...]

    @property
    def ruptures(self) -> list[Rupture]:
        return [r for e in self.etages for r in e.ruptures]

    @property
    def entier(self) -> bool:
        return not self.ruptures

    def dans_le_sens(self, retour: bool) -> tuple[Etage, ...]:
        """From the statistic to the result, or back."""
        return self.etages[::-1] if retour else self.etages


@dataclass(frozen=True, slots=True)
class Pelote:
    """All that the threads of a démarche are made of, read once."""

    demarche: Demarche
    enjeux: tuple[Enjeu, ...]
    axes: tuple[Axe, ...]
    projets: tuple[LigneProjet, ...]
    montants: Mapping[int, Montants]
    liens: Mapping[int, Mapping[int, Decimal]]
    indicateurs: tuple[LigneIndicateur, ...]
    orphelins: tuple[ConstatTerritorial, ...]
    """Findings tied to no enjeu."""

    def page(self, nom: str, *args: Any) -> str:
        return reverse(nom, args=[self.demarche.slug, *args])


def lire(demarche: Demarche, le: date) -> Pelote:
    """Twelve queries whatever the number of projects, findings and indicators."""
    projets = lignes_suivies(demarche, le)
    fiches = [p.fiche for p in projets]
    axes = axes_de(demarche)
    enjeux = Enjeu.objects.filter(demarche=demarche).prefetch_related("constats").order_by("priorite", "pk")
    sans = ConstatTerritorial.objects.filter(demarche=demarche, enjeux=None).order_by("pk")
    return Pelote(
        demarche, tuple(enjeux), tuple(axes), tuple(projets), montants_des(fiches), liens_des(fiches, axes),
        tuple(lignes_indicateurs(demarche)), tuple(sans),
    )  # fmt: skip


# --- floors ---------------------------------------------------------------------------------------


def _chiffres(p: Pelote, constats: Sequence[ConstatTerritorial]) -> Etage:
    mailles, ruptures = [], []
    for c in constats:
        if c.valeur_citee:
            url = p.page("diagnostics:indicateur", c.indicateur) if c.indicateur else ""
            mailles.append(Maille(c.valeur_citee, c.millesime_cite, url, c.demonstration))
        else:
            ruptures.append(
                Rupture(
                    f"Aucun chiffre ne montre « {c.texte} ».",
                    "Citez un indicateur, ou gardez-le comme constat de terrain.",
                    p.page("diagnostics:constat_modifier", c.pk),
                )
            )
    return Etage("chiffre", "Les chiffres", tuple(mailles), tuple(ruptures))


def _constats(p: Pelote, enjeu: Enjeu | None, constats: Sequence[ConstatTerritorial]) -> Etage:
    ruptures: tuple[Rupture, ...] = ()
    if enjeu is not None and not constats:
        ruptures = (
            Rupture(
                "Aucun constat ne montre cet enjeu.",
                "Reliez-le aux constats du diagnostic.",
                p.page("diagnostics:enjeu_modifier", enjeu.pk),
            ),
        )
    return Etage(
        "constat",
        "Ce que l’on constate",
        tuple(
            Maille(c.texte, c.get_nature_display(), p.page("diagnostics:constat", c.pk), c.demonstration)
            for c in constats
        ),
        ruptures,
    )


def _enjeu(p: Pelote, enjeux: Iterable[Enjeu], rupture: Rupture | None = None) -> Etage:
    return Etage(
        "enjeu",
        "Ce qui est en jeu",
        tuple(
            Maille(
                e.libelle, f"priorité {e.priorite}", p.page("suivi:fil_rouge_enjeu", e.pk), e.demonstration
            )
            for e in enjeux
        ),
        (rupture,) if rupture else (),
    )


def _axes(p: Pelote, axes: Iterable[Axe], rupture: Rupture | None) -> Etage:
    mailles = tuple(
        Maille(str(a), "", f"{p.page('plans:plan')}?axe={a.numero}", a.demonstration) for a in axes
    )
    return Etage("axe", "La réponse du plan", mailles, (rupture,) if rupture and not mailles else ())


def _projets(p: Pelote, projets: Sequence[LigneProjet], rupture: Rupture | None) -> Etage:
    mailles = tuple(
        Maille(
            x.fiche.titre,
            f"{x.fiche.maitre_ouvrage.nom}, "
            + (f"fait à {formater_taux(x.taux.valeur, 0)}" if x.taux.total else "avancement à écrire"),
            p.page("suivi:fil_rouge_projet", x.fiche.numero),
            bool(x.suivi and x.suivi.demonstration),
        )
        for x in projets
    )
    return Etage("projet", "Les projets retenus", mailles, (rupture,) if rupture and not mailles else ())


def _euros(p: Pelote, sommes: Montants, *, servis: Decimal | None = None) -> Etage:
    """`servis`: the part of the aids that serves this enjeu, when its projects serve others too."""
    url = p.page("subventions:realisation")
    mailles = [
        Maille(formater_euros(sommes.cout, centimes=False), "de travaux, hors taxes", url),
        Maille(formater_euros(sommes.accorde, centimes=False), "d’aide accordée par l’autorité", url),
        Maille(formater_euros(sommes.engage, centimes=False), "engagés", url),
        Maille(formater_euros(sommes.paye, centimes=False), "payés", url),
    ]
    if servis is not None and servis != sommes.accorde:
        detail = "de ces aides pour cet enjeu, le reste pour d’autres"
        ici = f"{p.page('suivi:evaluation')}#contribution"
        mailles.insert(2, Maille(formater_euros(servis, centimes=False), detail, ici))
    return Etage("euros", "Les euros", tuple(mailles))


def _resultats(p: Pelote, lus: Sequence[LigneIndicateur], sur: str, quoi: str) -> Etage:
    mailles, ruptures = [], []
    for x in lus:
        i = x.indicateur
        if x.derniere is None:
            ruptures.append(
                Rupture(f"« {i.libelle} » n’est pas encore mesuré.", "Notez sa valeur.", i.get_absolute_url())
            )
            continue
        vers = f", pour une cible de {x.cible}" if x.cible else ""
        depuis = f" ; {x.depart} en {i.reference_annee}" if x.depart and i.reference_annee else ""
        mailles.append(
            Maille(
                f"{i.libelle} : {x.valeur}{vers}", f"{x.chemin}{depuis}", i.get_absolute_url(),
                i.demonstration or x.derniere.demonstration,
            )
        )  # fmt: skip
    if not lus:
        creer = f"{p.page('suivi:indicateur_creer')}?sur={sur}"
        ruptures.append(Rupture(f"Aucun indicateur ne dit ce que {quoi} change.", "Choisissez-en un.", creer))
    return Etage("resultat", "Ce que cela change", tuple(mailles), tuple(ruptures))


# --- threads --------------------------------------------------------------------------------------


def fil_de_l_enjeu(p: Pelote, enjeu: Enjeu) -> Fil:
    """No query: all comes from the pelote."""
    constats = list(enjeu.constats.all())
    axes = [a for a in p.axes if enjeu in a.enjeux.all()]
    projets = [x for x in p.projets if enjeu.pk in p.liens[x.fiche.pk]]
    siens = {x.fiche.pk for x in projets}
    numeros = {a.pk for a in axes}
    lus = [
        x for x in p.indicateurs
        if x.indicateur.enjeu_id == enjeu.pk or x.indicateur.axe_id in numeros
        or x.indicateur.fiche_id in siens
    ]  # fmt: skip
    accordes = {pk: p.montants[pk].accorde for pk in siens}
    servis = contribution(accordes, p.liens).get(enjeu.pk, Decimal(0))
    sans_axe = Rupture(
        "Aucun axe ne répond à cet enjeu.", "Reliez-le à un axe du plan.", p.page("plans:plan")
    )
    sans_projet = Rupture(
        "Aucun projet retenu ne sert cet enjeu.",
        "Reliez-lui une fiche, ou retenez-en une dans la négociation.",
        p.page("negociations:maquette"),
    )
    return Fil(
        enjeu.libelle,
        p.page("suivi:fil_rouge_enjeu", enjeu.pk),
        (
            _chiffres(p, constats),
            _constats(p, enjeu, constats),
            _enjeu(p, [enjeu]),
            _axes(p, axes, None if projets else sans_axe),
            _projets(p, projets, sans_projet),
            _euros(p, total(p.montants[pk] for pk in siens), servis=servis),
            _resultats(p, lus, f"enjeu-{enjeu.pk}", "l’on fait"),
        ),
    )


def fil_du_projet(p: Pelote, ligne: LigneProjet) -> Fil:
    """The project read back to its findings, and on to its euros and result. No query."""
    fiche: Fiche = ligne.fiche
    enjeux = [e for e in p.enjeux if e.pk in p.liens[fiche.pk]]
    constats = list({c.pk: c for e in enjeux for c in e.constats.all()}.values())
    fiche_url = p.page("plans:fiche", fiche.numero)
    sans_enjeu = None if enjeux else Rupture(
        "Ce projet n’est relié à aucun enjeu.", "Choisissez son enjeu, ou un axe qui en a un.", fiche_url
    )  # fmt: skip
    sans_axe = Rupture("Ce projet n’est dans aucun axe.", "Choisissez son axe dans la fiche.", fiche_url)
    lus = [x for x in p.indicateurs if x.indicateur.fiche_id == fiche.pk]
    lus += [x for x in p.indicateurs if x.indicateur.enjeu_id in {e.pk for e in enjeux}]
    return Fil(
        fiche.titre,
        p.page("suivi:fil_rouge_projet", fiche.numero),
        (
            _chiffres(p, constats),
            _constats(p, enjeux[0] if enjeux else None, constats),
            _enjeu(p, enjeux, sans_enjeu),
            _axes(p, [a for a in p.axes if a.pk == fiche.axe_id], sans_axe),
            _projets(p, [ligne], None),
            _euros(p, p.montants[fiche.pk]),
            _resultats(p, lus, f"fiche-{fiche.pk}", "ce projet"),
        ),
    )


def tous_les_fils(p: Pelote) -> list[Fil]:
    return [fil_de_l_enjeu(p, e) for e in p.enjeux]


def projets_sans_enjeu(p: Pelote) -> list[LigneProjet]:
    return [x for x in p.projets if not p.liens[x.fiche.pk]]
