"""From the funds of a dispositif and the values of its territories to the share of each démarche."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from arpent.metier.cycles.demarche import EtatDemarche
from arpent.metier.repartition import Formule, Repartition, appliquer, lire_formule
from arpent.metier.repartition.reserve import lire_reserve
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.vulnerabilites.classe import classe_de
from arpent.plateforme.reglements.models import Dispositif, Fonds
from arpent.plateforme.territoires.models import Appartenance
from arpent.plateforme.territoires.perimetres import appartenances_en_cours

from .models import DonneeRepartition, Genre, Mouvement, PartEnveloppe

EGALITE, SAISIE, OBSERVATOIRE = "egalite", "saisie", "observatoire"
DIVISION = "division"
"""Code of the part that comes from the lines of a fund above the territories."""


@dataclass(frozen=True, slots=True)
class Critere:
    """A key of the formula. `origine`: equal share, typed in, or summed over the communes."""

    code: str
    libelle: str
    unite: str
    origine: str


# Used for a dispositif that does not describe its own criteria.
_CONNUS = (
    Critere("forfait", "Part égale", "", EGALITE),
    Critere("voirie", "Longueur de voirie", "km", SAISIE),
    Critere("population", "Population", "habitants", OBSERVATOIRE),
    Critere("superficie", "Superficie", "ha", OBSERVATOIRE),
)


@dataclass(frozen=True, slots=True)
class Valeur:
    """The value of one criterion for one territory; `version` is that of its row (0: none yet)."""

    valeur: Decimal | None
    source: str = ""
    demonstration: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class LigneCle:
    """One line of the explanation: criterion, weight, the territory's value, the total, the amount."""

    critere: Critere
    poids: Decimal
    valeur: Valeur
    total: Decimal | None
    montant_cle: Decimal
    montant: Decimal | None
    manquants: tuple[str, ...]

    @property
    def en_attente(self) -> bool:
        return bool(self.manquants)


@dataclass(frozen=True, slots=True)
class LigneEtape:
    """What another step of the formula gives or moves; `montant` None: it waits for a value."""

    libelle: str
    phrase: str
    montant: Decimal | None
    manquants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explication:
    """How a fund reaches one démarche, line by line."""

    fonds: Fonds
    lignes: tuple[LigneCle, ...]
    nombre: int
    total: Decimal
    etapes: tuple[LigneEtape, ...] = ()

    @property
    def demonstration(self) -> bool:
        return self.fonds.demonstration or any(
            ligne.valeur.demonstration and not ligne.en_attente for ligne in self.lignes
        )


Valeurs = Mapping[str, Mapping[int, Valeur]]
"""Criterion code → démarche pk → value."""


def criteres_de(dispositif: Dispositif) -> dict[str, Critere]:
    """The criteria of the dispositif by code: its own description first, else the common ones."""
    connus = {critere.code: critere for critere in _CONNUS}
    for decrit in dispositif.parametres.get("criteres") or ():
        connus[decrit["code"]] = Critere(
            decrit["code"], decrit["libelle"], decrit.get("unite") or "", decrit.get("origine") or SAISIE
        )
    return connus


def cles_du_fonds(fonds: Fonds, dispositif: Dispositif) -> list[tuple[Critere, Decimal]]:
    """The criteria of the keys of a fund with their weights, in the order of its formula."""
    criteres = criteres_de(dispositif)
    return [
        (critere_de(criteres, cle.critere), cle.poids) for cle in lire_formule(fonds.cle_repartition).cles
    ]


def critere_de(criteres: Mapping[str, Critere], code: str) -> Critere:
    """The criterion of that code; one nobody described is typed in."""
    return criteres.get(code) or Critere(code, code, "", SAISIE)


def criteres_lus(formules: Iterable[Formule], dispositif: Dispositif) -> list[Critere]:
    """The criteria whose values these formulas read, once each."""
    criteres = criteres_de(dispositif)
    codes = dict.fromkeys(code for formule in formules for code in formule.criteres())
    return [critere_de(criteres, code) for code in codes]


def formules_de(fonds: Iterable[Fonds]) -> list[Formule]:
    return [lire_formule(un.cle_repartition) for un in fonds]


def demarches_dotees(dispositif: Dispositif) -> list[Demarche]:
    """The démarches that share the funds: all those of the dispositif that are not closed. One query."""
    return list(
        Demarche.objects.filter(version_processus__processus_id=dispositif.processus_id)
        .exclude(etat=EtatDemarche.CLOSE.value)
        .select_related("territoire")
        .order_by("territoire__nom", "pk")
    )


def fonds_ordinaires(dispositif: Dispositif) -> list[Fonds]:
    """The funds that pay lines of a maquette: all but the reserve, the first one first. One query."""
    reserve = lire_reserve(dispositif.parametres.get("reserve"))
    return [f for f in dispositif.fonds.order_by("ordre", "pk") if reserve is None or f.code != reserve.fonds]


def fonds_a_repartir(dispositif: Dispositif) -> list[Fonds]:
    """Funds with an amount and a published key, the first one first, less what is divided at their top.

    Two queries.
    """
    fonds = [f for f in fonds_ordinaires(dispositif) if f.montant is not None and f.cle_repartition]
    sorties = Mouvement.objects.filter(
        enveloppe__fonds__in=fonds, enveloppe__parent__isnull=True, genre=Genre.DIVISION
    ).sommes("enveloppe__fonds")
    for un in fonds:
        un.divise = -sorties[un.pk].alloue if un.pk in sorties else Decimal("0.00")
    return fonds


def sommes_communales(demarches: Sequence[Demarche]) -> dict[int, dict[str, Decimal | None]]:
    """Population and area of each territory: sums over its communes of today, None if one is missing."""
    lignes = (
        Appartenance.objects.filter(
            appartenances_en_cours(date.today()),
            groupement__compositions__territoire__in={d.territoire_id for d in demarches},
        )
        .order_by()
        .values("groupement__compositions__territoire")
        .annotate(
            population=Sum("commune__population"),
            superficie=Sum("commune__surface_ha"),
            sans_population=Count("pk", filter=Q(commune__population__isnull=True)),
            sans_superficie=Count("pk", filter=Q(commune__surface_ha__isnull=True)),
        )
    )
    return {
        ligne["groupement__compositions__territoire"]: {
            "population": None if ligne["sans_population"] else Decimal(ligne["population"]),
            "superficie": None if ligne["sans_superficie"] else Decimal(ligne["superficie"]),
        }
        for ligne in lignes
    }


def valeurs_des(demarches: Sequence[Demarche], criteres: Sequence[Critere]) -> Valeurs:
    """Values of the criteria for each démarche. At most two queries."""
    sommes = sommes_communales(demarches)
    saisies = {
        (donnee.territoire_id, donnee.critere): donnee
        for donnee in DonneeRepartition.objects.filter(territoire__in={d.territoire_id for d in demarches})
    }
    lues: dict[str, dict[int, Valeur]] = {}
    for critere in criteres:
        par_demarche: dict[int, Valeur] = {}
        for demarche in demarches:
            if critere.origine == OBSERVATOIRE:
                somme = sommes.get(demarche.territoire_id, {}).get(critere.code)
                par_demarche[demarche.pk] = Valeur(somme, "Somme des communes membres (INSEE)")
            elif donnee := saisies.get((demarche.territoire_id, critere.code)):
                par_demarche[demarche.pk] = Valeur(
                    donnee.valeur, donnee.source, donnee.demonstration, donnee.version
                )
            else:
                par_demarche[demarche.pk] = Valeur(None)
        lues[critere.code] = par_demarche
    return lues


def repartir(
    fonds: Fonds,
    dispositif: Dispositif,
    demarches: Sequence[Demarche],
    valeurs: Valeurs,
    formule: Formule | None = None,
) -> Repartition:
    """The fund cut by its formula (or another one) between the démarches. RepartitionImpossible (French).

    No query, unless the formula reads the classes.
    """
    formule = lire_formule(fonds.cle_repartition) if formule is None else formule
    criteres = criteres_lus([formule], dispositif)
    return appliquer(
        max((fonds.montant or Decimal("0.00")) - fonds.divise, Decimal("0.00")),
        formule,
        [str(d.pk) for d in demarches],
        {
            critere.code: None
            if critere.origine == EGALITE
            else {str(d.pk): valeurs[critere.code][d.pk].valeur for d in demarches}
            for critere in criteres
        },
        classes={str(d.pk): c.code for d in demarches if (c := classe_de(d.pk))} if formule.bonus else {},
        libelles={critere.code: critere.libelle for critere in criteres},
        noms={str(d.pk): d.territoire.nom for d in demarches},
    )


def expliquer(demarche: Demarche, dispositif: Dispositif) -> list[Explication]:
    """How each fund reaches that démarche, recomputed from today's values. Four queries."""
    demarches = demarches_dotees(dispositif)
    if demarche.pk not in {d.pk for d in demarches}:
        return []
    noms = {str(d.pk): d.territoire.nom for d in demarches}
    fonds_publies = fonds_a_repartir(dispositif)
    valeurs = valeurs_des(demarches, criteres_lus(formules_de(fonds_publies), dispositif))
    explications = []
    for fonds in fonds_publies:
        resultat = repartir(fonds, dispositif, demarches, valeurs)
        part = resultat.parts[str(demarche.pk)]
        lignes = []
        for critere, poids in cles_du_fonds(fonds, dispositif):
            de_tous = [valeurs[critere.code][d.pk].valeur for d in demarches]
            connues = [v for v in de_tous if v is not None]
            egale = critere.origine == EGALITE
            lignes.append(
                LigneCle(
                    critere=critere,
                    poids=poids,
                    valeur=Valeur(Decimal(1)) if egale else valeurs[critere.code][demarche.pk],
                    total=Decimal(len(demarches)) if egale else sum(connues, Decimal(0)) if connues else None,
                    montant_cle=resultat.sommes.get(critere.code, Decimal("0.00")),
                    montant=part.detail.get(critere.code),
                    manquants=tuple(noms[pk] for pk in resultat.manquants.get(critere.code, ())),
                )
            )
        etapes = tuple(
            LigneEtape(
                etape.libelle,
                etape.phrase,
                None if etape.code in resultat.manquants else part.detail.get(etape.code, Decimal("0.00")),
                tuple(noms[pk] for pk in resultat.manquants.get(etape.code, ())),
            )
            for etape in resultat.etapes
        )
        explications.append(Explication(fonds, tuple(lignes), len(demarches), part.total, etapes))
    return explications


def parts_de(demarche: Demarche) -> list[PartEnveloppe]:
    """The stored parts of a démarche, main fund first. One query."""
    return list(
        PartEnveloppe.objects.filter(demarche=demarche)
        .select_related("fonds")
        .order_by("fonds__ordre", "fonds_id", "pk")
    )


def parts_principales(parts: Sequence[PartEnveloppe]) -> list[PartEnveloppe]:
    """Those of the first fund that was shared out."""
    return [part for part in parts if part.fonds_id == parts[0].fonds_id]


def montant_des(parts: Sequence[PartEnveloppe]) -> Decimal | None:
    """The envelope: sum of the parts of every fund; None when none was published or shared out."""
    return sum((part.montant for part in parts), Decimal("0.00")) if parts else None


def montants_des(demarches: Collection[int]) -> dict[int, Decimal]:
    """The envelope of each of those démarches (pk) that has one, as `montant_des`. One query."""
    par_demarche: dict[int, list[PartEnveloppe]] = {}
    parts = PartEnveloppe.objects.filter(demarche__in=demarches).order_by(
        "demarche_id", "fonds__ordre", "fonds_id", "pk"
    )
    for part in parts:
        par_demarche.setdefault(part.demarche_id, []).append(part)
    return {
        pk: montant for pk, siennes in par_demarche.items() if (montant := montant_des(siennes)) is not None
    }
