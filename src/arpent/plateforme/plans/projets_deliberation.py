"""The draft délibération of the owner's assembly, from its fiche. No article of law that was not checked."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from arpent.metier.plan_financement import Financeur, StatutFinancement
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.documents.donnees import VisaDoc
from arpent.plateforme.documents.donnees_fiche import CollectiviteDoc, DeliberationDoc, SeanceDoc
from arpent.plateforme.documents.rendu.texte import jour
from arpent.plateforme.reglements.models import VersionReglement
from arpent.plateforme.territoires.models import Appartenance

from .models import Deliberation, Fiche
from .sorties import lignes_du_plan
from .valeurs import calendrier

N = Organisation.Nature
SEUIL_CONVOCATION = 3_500
"""Inhabitants from which L2121-12 gives five clear days."""
_MUNICIPAL, _COMMUNAUTAIRE = "conseil municipal", "conseil communautaire"
_NOMS: dict[str, tuple[str, str, str]] = {
    N.COMMUNE: (_MUNICIPAL, "la commune", "le maire"),
    N.CC: (_COMMUNAUTAIRE, "la communauté de communes", "le président"),
    N.CA: (_COMMUNAUTAIRE, "la communauté d’agglomération", "le président"),
    N.CU: (_COMMUNAUTAIRE, "la communauté urbaine", "le président"),
    N.METROPOLE: ("conseil de la métropole", "la métropole", "le président"),
    N.SYNDICAT: ("comité syndical", "le syndicat", "le président"),
    N.PETR: ("comité syndical", "le pôle d’équilibre territorial et rural", "le président"),
    N.ASSOCIATION: ("conseil d’administration", "l’association", "le président"),
    N.DEPARTEMENT: ("conseil départemental", "le Département", "le président"),
    N.REGION: ("conseil régional", "la Région", "le président"),
}
_AUTRE = ("organe délibérant", "la structure", "le représentant légal")
# The assemblies to which the rules of the conseil municipal apply, directly or by reference.
_REGLES_MUNICIPALES = frozenset({N.COMMUNE, N.CC, N.CA, N.CU, N.METROPOLE})
_FONDS_DE_CONCOURS = {"CC": "L5214-16, V", "CA": "L5216-5, VI", "CU": "L5215-26"}
_PUBLICS = frozenset(N.values) - {N.ASSOCIATION, N.AUTRE}


def deliberation_doc(fiche: Fiche, le: date) -> DeliberationDoc:
    """The draft act of one fiche of `sorties.completes`. Two queries."""
    acte = _acte(fiche)
    demarche = fiche.demarche
    plan = lignes_du_plan(fiche)
    collectivite = collectivite_de(fiche.maitre_ouvrage)
    return DeliberationDoc(
        collectivite=collectivite,
        autorite=demarche.autorite.nom,
        dispositif=demarche.processus.dispositif.nom,
        territoire=demarche.territoire.nom,
        numero_fiche=str(fiche.numero),
        titre_projet=fiche.titre,
        etabli_le=le,
        seance=_seance(acte),
        visas=tuple(VisaDoc(x) for x in _visas(fiche, le)),
        expose=_expose(fiche),
        calendrier=calendrier(fiche),
        cout_ht=fiche.cout_ht or None,
        assiette=fiche.assiette,
        plan=plan,
        aide_demandee=fiche.aide_demandee or None,
        rappels=_rappels(fiche),
        demonstration=fiche.demonstration,
    )


def collectivite_de(organisation: Organisation) -> CollectiviteDoc:
    assemblee, designation, executif = _NOMS.get(organisation.nature, _AUTRE)
    return CollectiviteDoc(organisation.nom, assemblee, designation, executif, organisation.siren)


def _acte(fiche: Fiche) -> Deliberation | None:
    """The act to take, else the last one taken."""
    actes = list(fiche.deliberations.all())
    return next((d for d in actes if d.adoptee_le is None), next(iter(actes), None))


def _seance(acte: Deliberation | None) -> SeanceDoc:
    if acte is None:
        return SeanceDoc()
    return SeanceDoc(
        numero=acte.numero,
        tenue_le=acte.adoptee_le,
        convoquee_le=acte.convoquee_le,
        en_exercice=acte.en_exercice,
        presents=acte.presents,
        representes=acte.representes,
        pour=acte.pour,
        contre=acte.contre,
        abstentions=acte.abstentions,
    )


def _visas(fiche: Fiche, le: date) -> list[str]:
    code = "le code général des collectivités territoriales"
    nature = fiche.maitre_ouvrage.nature
    visas = []
    if nature in _REGLES_MUNICIPALES:
        renvoi = "" if nature == N.COMMUNE else ", applicables par renvoi aux intercommunalités"
        visas.append(f"{code}, notamment ses articles L2121-17, L2121-20 et L2121-21{renvoi}")
    if _participation_minimale(fiche):
        visas.append(
            f"{code}, notamment son article L1111-10 sur la participation minimale du maître d’ouvrage"
        )
    if article := _fonds_de_concours(fiche, le):
        visas.append(f"{code}, notamment son article {article} sur les fonds de concours")
    if _a_detr(fiche):
        visas.append(
            f"{code}, notamment ses articles R2334-24 à R2334-31 sur la dotation d’équipement des "
            "territoires ruraux"
        )
    if version := VersionReglement.objects.en_vigueur(fiche.demarche.processus.dispositif, le):
        visas.append(visa_du_reglement(version, fiche.demarche.autorite.nom))
    visas.append(
        f"la fiche projet n° {fiche.numero} du plan d’actions du territoire {fiche.demarche.territoire.nom}"
    )
    return visas


def visa_du_reglement(version: VersionReglement, autorite: str) -> str:
    """The règlement in force, with the act that adopted it when it is known."""
    acte = f" ({version.acte})" if version.acte else ""
    return (
        f"le règlement « {version.intitule} » {_du(autorite)}, version {version.numero}, en vigueur le "
        f"{jour(version.en_vigueur_le)}{acte}"
    )


def _du(nom: str) -> str:
    """« du Département de la Lozère », « de la Région Nouvelle-Aquitaine »."""
    if nom.lower().startswith("région"):
        return f"de la {nom}"
    return f"du {nom}" if nom.lower().startswith(("département", "conseil")) else f"de : {nom}"


def _participation_minimale(fiche: Fiche) -> bool:
    return (
        fiche.maitre_ouvrage.nature in _PUBLICS and fiche.nature_depense == Fiche.NatureDepense.INVESTISSEMENT
    )


def _financeurs(fiche: Fiche) -> dict[str, str]:
    """Funder → what its rows say, the refused ones left out."""
    dits: dict[str, str] = {}
    for row in fiche.financements.all():
        if row.statut != StatutFinancement.REFUSE:
            dits[row.financeur] = f"{dits.get(row.financeur, '')} {row.libelle}".lower()
    return dits


def _a_detr(fiche: Fiche) -> bool:
    return "detr" in _financeurs(fiche).get(Financeur.ETAT, "")


def _fonds_de_concours(fiche: Fiche, le: date) -> str:
    """The article for the nature of the owner's intercommunality; empty when there is no such money."""
    if Financeur.EPCI not in _financeurs(fiche) or not fiche.maitre_ouvrage.commune_id:
        return ""
    natures = (
        Appartenance.objects.filter(
            Q(fin__isnull=True) | Q(fin__gt=le),
            commune=fiche.maitre_ouvrage.commune_id,
            debut__lte=le,
            groupement__nature__in=list(_FONDS_DE_CONCOURS),
        )
        .order_by("groupement__nature")
        .values_list("groupement__nature", flat=True)
    )
    return next((_FONDS_DE_CONCOURS[n] for n in natures), "")


def _expose(fiche: Fiche) -> tuple[str, ...]:
    textes = [fiche.description, fiche.besoin, fiche.effets]
    paragraphes = [p.strip() for t in textes for p in t.splitlines() if p.strip()]
    if paragraphes and fiche.commune:
        paragraphes.append(f"Le projet se situe sur la commune de {fiche.commune.nom}.")
    return tuple(paragraphes)


def _rappels(fiche: Fiche) -> tuple[str, ...]:
    nature = fiche.maitre_ouvrage.nature
    financeurs = _financeurs(fiche)
    rappels = []
    if nature in _REGLES_MUNICIPALES:
        rappels.append(
            "Quorum : la majorité des membres en exercice est présente (CGCT, L2121-17) ; chaque membre ne "
            "porte qu’un pouvoir (L2121-20)."
        )
        rappels.append("Un membre intéressé à l’affaire ne prend pas part au vote (CGCT, L2131-11).")
        rappels.append(
            "L’acte devient exécutoire une fois publié et transmis au préfet (CGCT, L2131-1). Reportez "
            "ensuite son numéro et sa date sur la fiche."
        )
    else:
        rappels.append(
            "Convocation, quorum, pouvoirs et majorité : suivez les statuts et les textes propres à "
            "l’organisme ; ce projet ne les connaît pas."
        )
    commune = fiche.maitre_ouvrage.commune if nature == N.COMMUNE else None
    if commune is not None and (commune.population or 0) >= SEUIL_CONVOCATION:
        rappels.append("La convocation part cinq jours francs avant la séance (CGCT, L2121-12).")
    if Financeur.EPCI in financeurs or Financeur.COMMUNE in financeurs:
        rappels.append(
            "Un fonds de concours demande des délibérations concordantes de la commune et de "
            "l’intercommunalité ; il ne dépasse pas la part que le bénéficiaire finance, hors subventions."
        )
    if _a_detr(fiche):
        rappels.append("DETR : ne commencez pas les travaux avant que le dossier soit reconnu complet.")
    if fiche.demonstration:
        rappels.append("Cette fiche contient des valeurs de démonstration : vérifiez chaque montant.")
    return tuple(rappels)
