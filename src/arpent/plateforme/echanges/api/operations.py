"""The operations of the API: two for each resource, and those that have a rule of their own.

No `from __future__ import annotations` here: the annotations are read to make the schema.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Header, Path, Query, Schema
from pydantic import ConfigDict, Field, create_model

from arpent.plateforme.contrats.avenants.lecture import AvenantRefuse
from arpent.plateforme.diagnostics.lecture import lire_portrait
from arpent.plateforme.observatoire.magasin import ObservatoireVide

from . import dossiers, fiches, idempotence
from .application import REFUS, REFUS_ECRITURE, api, exiger, sans_inconnus
from .lecteur import Porteur
from .portees import DOSSIERS, FICHES, LECTURE
from .problemes import Probleme
from .reponses import PAGE_MAX, PAR_PAGE, exiger_version, feuille, repondre
from .ressources import RESSOURCES, Ressource
from .ressources.base import ENTIER_MAX, Cle, Forme, JourDemande
from .ressources.contrats import ContratConsolide, consolider, contrats_lus
from .ressources.projets import FicheLue, ecrire_fiche, fiches_lues
from .ressources.realisation import DossierLu, dossiers_lus, ecrire_dossier

__all__ = ["RACINE", "api"]
RACINE = "/api/v1"
_Numero = Annotated[int, Field(ge=0, le=ENTIER_MAX)]
_ETIQUETTE = Annotated[str | None, Header(alias="If-None-Match", max_length=200)]


class Moi(Forme):
    compte: str
    jeton: str
    portees: list[str]
    sert_jusqu_au: date
    limite_a_la_demarche: int | None
    roles: list[str]


class IndicateurLu(Forme):
    code: str
    libelle: str
    famille: str
    valeur: float | None
    unite: str
    millesime: str
    source: str
    couverture: float
    secret: bool
    note: str
    departement: float | None
    region: float | None
    france: float | None


class Indicateurs(Forme):
    demarche: Cle
    resultats: list[IndicateurLu]


# --- one list and one detail for each resource ---------------------------------------------------------


def _curseur(ressource: Ressource) -> Any:
    forme = ressource.cle_texte or r"^[0-9]{1,18}$"
    return Annotated[str, Field(pattern=forme, description="La valeur « suivant » de la page d’avant.")]


def _demande(ressource: Ressource) -> type[Schema]:
    """The parameters of a list."""
    champs: dict[str, Any] = {
        "limite": (
            Annotated[int, Field(ge=1, le=PAGE_MAX, description="Nombre de lignes au plus.")], PAR_PAGE,
        ),
        "curseur": (_curseur(ressource) | None, None),
    }  # fmt: skip
    for nom, filtre in ressource.filtres.items():
        champs[nom] = (Annotated[filtre.genre | None, Field(description=filtre.aide)], None)
    nom = "Demande" + ressource.code.title().replace("-", "")
    return create_model(nom, __base__=Schema, **champs)


def _page(ressource: Ressource) -> type[Schema]:
    nom = "Page" + ressource.code.title().replace("-", "")
    return create_model(
        nom,
        __base__=Forme,
        resultats=(list[ressource.forme], ...),  # type: ignore[name-defined]
        suivant=(str | None, ...),
    )


def _liste(ressource: Ressource) -> Callable[..., HttpResponse]:
    demande_de = _demande(ressource)
    connus = set(demande_de.model_fields)

    def liste(
        request: HttpRequest,
        demande: Query[demande_de],  # type: ignore[valid-type]
        if_none_match: _ETIQUETTE = None,
    ) -> HttpResponse:
        lecteur = exiger(request, ressource.portee)
        sans_inconnus(request, connus)
        voulues = demande.dict()  # type: ignore[attr-defined]
        lignes = ressource.lire(lecteur)
        for nom, filtre in ressource.filtres.items():
            if voulues[nom] is not None:
                lignes = lignes.filter(**{filtre.recherche: voulues[nom]})
        lues, suivant = feuille(lignes, voulues["curseur"], voulues["limite"])
        if ressource.parmi is not None:
            lues = ressource.parmi(lecteur, lues)
        return repondre(request, {"resultats": [ressource.ecrire(x) for x in lues], "suivant": suivant})

    return liste


def _un(ressource: Ressource) -> Callable[..., HttpResponse]:
    genre: Any = Annotated[str, Field(pattern=ressource.cle_texte)] if ressource.cle_texte else _Numero
    ecrire = ressource.detailler or ressource.ecrire

    def un(
        request: HttpRequest,
        cle: Path[genre],
        if_none_match: _ETIQUETTE = None,
    ) -> HttpResponse:
        lecteur = exiger(request, ressource.portee)
        sans_inconnus(request, set())
        lue = ressource.lire(lecteur).filter(pk=cle).first()
        if lue is None or (ressource.parmi is not None and not ressource.parmi(lecteur, [lue])):
            raise Probleme(404)
        return repondre(request, ecrire(lue))

    return un


def _declarer(ressource: Ressource) -> None:
    aide = f"{ressource.aide} Droit demandé : « {ressource.droit} »."
    commun: dict[str, Any] = {"tags": [ressource.rubrique], "description": aide}
    api.get(
        f"/{ressource.code}",
        response={200: _page(ressource), 304: None} | REFUS,
        operation_id=f"lister_{ressource.code.replace('-', '_')}",
        summary=f"{ressource.titre} : liste",
        **commun,
    )(_liste(ressource))
    api.get(
        f"/{ressource.code}/{{cle}}",
        response={200: ressource.detail or ressource.forme, 304: None} | REFUS,
        operation_id=f"lire_{ressource.code.replace('-', '_')}",
        summary=f"{ressource.titre} : un seul",
        **commun,
    )(_un(ressource))


# --- those that have a rule of their own ------------------------------------------------------------


@api.get(
    "/moi", response={200: Moi, 304: None} | REFUS, operation_id="lire_moi", tags=["Votre jeton"],
    summary="Ce que ce jeton permet", description="Le compte, les portées, les rôles, la date de fin.",
)  # fmt: skip
def moi(request: HttpRequest, if_none_match: _ETIQUETTE = None) -> HttpResponse:
    lecteur: Porteur = request.auth  # type: ignore[attr-defined]
    sans_inconnus(request, set())
    jeton = lecteur.jeton
    return repondre(
        request,
        {
            "compte": lecteur.agent.nom_complet,
            "jeton": jeton.nom,
            "portees": sorted(jeton.codes_portees),
            "sert_jusqu_au": jeton.fin,
            "limite_a_la_demarche": jeton.demarche_id,
            "roles": [h.role for h in lecteur.agent.habilitations_en_cours],
        },
    )


for _ressource in RESSOURCES:
    _declarer(_ressource)


class _DemandeConsolide(Schema):
    model_config = ConfigDict(extra="forbid")
    le: JourDemande | None = Field(None, description="Le jour voulu ; aujourd’hui par défaut.")


@api.get(
    "/contrats/{cle}/consolide", response={200: ContratConsolide, 304: None} | REFUS,
    operation_id="lire_contrat_consolide", tags=["Contrats"], summary="Le contrat à une date",
    description="La version signée et les avenants en vigueur ce jour-là. Droit demandé : « contrat.voir ».",
)  # fmt: skip
def contrat_consolide(
    request: HttpRequest,
    cle: Path[_Numero],
    demande: Query[_DemandeConsolide],
    if_none_match: _ETIQUETTE = None,
) -> HttpResponse:
    lecteur = exiger(request, LECTURE)
    sans_inconnus(request, {"le"})
    contrat = contrats_lus(lecteur).filter(pk=cle).first()
    if contrat is None:
        raise Probleme(404)
    le = date.fromisoformat(demande.le) if demande.le else date.today()
    try:
        return repondre(request, consolider(contrat, le))
    except AvenantRefuse as refus:
        raise Probleme(404, str(refus)) from None


@api.get(
    "/demarches/{cle}/indicateurs", response={200: Indicateurs, 304: None} | REFUS,
    operation_id="lire_indicateurs", tags=["Diagnostic et projets"],
    summary="Les indicateurs d’un territoire",
    description="Le portrait : valeur, millésime, source, part couverte. Droit : « diagnostic.voir ».",
)  # fmt: skip
def indicateurs(
    request: HttpRequest,
    cle: Path[_Numero],
    if_none_match: _ETIQUETTE = None,
) -> HttpResponse:
    lecteur = exiger(request, LECTURE)
    sans_inconnus(request, set())
    demarche = lecteur.demarches("diagnostic.voir").avec_contexte().filter(pk=cle).first()
    if demarche is None:
        raise Probleme(404)
    try:
        lu = lire_portrait(demarche, date.today())
    except (ObservatoireVide, ValueError) as vide:
        raise Probleme(404, str(vide)) from None
    lignes = [
        {
            "code": x.indicateur.code,
            "libelle": x.indicateur.libelle,
            "famille": famille.code,
            "valeur": x.valeur.valeur,
            "unite": x.valeur.unite,
            "millesime": x.valeur.millesime,
            "source": x.valeur.source,
            "couverture": x.valeur.couverture,
            "secret": x.valeur.secret,
            "note": x.valeur.note,
            "departement": x.departement,
            "region": x.region,
            "france": x.france,
        }
        for famille in lu.familles
        for x in famille.lignes
    ]
    return repondre(request, {"demarche": demarche.pk, "resultats": lignes})


_CLE_D_ENVOI = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{8,100}$",
        description="Rejoue la même réponse pendant une semaine si le même envoi est répété.",
    ),
]  # fmt: skip


@api.post(
    "/fiches", response={201: FicheLue} | REFUS_ECRITURE, operation_id="creer_fiche",
    tags=["Diagnostic et projets"], summary="Créer une fiche",
    description="Un brouillon, avec les contrôles de la page. Portée « fiches.ecrire ».",
)  # fmt: skip
def creer_fiche(
    request: HttpRequest,
    corps: Body[fiches.FicheNouvelle],
    idempotency_key: _CLE_D_ENVOI = None,
) -> HttpResponse:
    lecteur = exiger(request, FICHES)
    sans_inconnus(request, set())

    def faire() -> HttpResponse:
        fiche = fiches.creer(lecteur, corps)
        lieu = {"Location": f"{RACINE}/fiches/{fiche.pk}"}
        return repondre(request, ecrire_fiche(fiche), statut=201, entetes=lieu)

    return idempotence.une_fois(request, lecteur, faire)


@api.patch(
    "/fiches/{cle}", response={200: FicheLue} | REFUS_ECRITURE, operation_id="modifier_fiche",
    tags=["Diagnostic et projets"], summary="Modifier une fiche",
    description="Seuls les champs envoyés bougent. « If-Match » porte l’ETag de la fiche lue : si elle a "
    "changé depuis, rien n’est écrit (412). Portée « fiches.ecrire ».",
)  # fmt: skip
def modifier_fiche(
    request: HttpRequest,
    cle: Path[_Numero],
    corps: Body[fiches.FicheEcrite],
    if_match: Annotated[str, Header(alias="If-Match", max_length=200)],
    idempotency_key: _CLE_D_ENVOI = None,
) -> HttpResponse:
    lecteur = exiger(request, FICHES)
    sans_inconnus(request, set())

    def faire() -> HttpResponse:
        fiche = fiches_lues(lecteur).filter(pk=cle).first()
        if fiche is None:
            raise Probleme(404)
        exiger_version(request, ecrire_fiche(fiche))
        return repondre(request, ecrire_fiche(fiches.modifier(lecteur, fiche, corps)))

    return idempotence.une_fois(request, lecteur, faire)


@api.post(
    "/dossiers", response={201: DossierLu} | REFUS_ECRITURE, operation_id="creer_dossier",
    tags=["Réalisation et bilan"], summary="Préparer un dossier de subvention",
    description="Un brouillon sur la ligne du contrat de cette fiche, prérempli comme à l’écran. Les pièces "
    "et le dépôt se font à l’écran. Portée « dossiers.ecrire ».",
)  # fmt: skip
def creer_dossier(
    request: HttpRequest,
    corps: Body[dossiers.DossierNouveau],
    idempotency_key: _CLE_D_ENVOI = None,
) -> HttpResponse:
    lecteur = exiger(request, DOSSIERS)
    sans_inconnus(request, set())

    def faire() -> HttpResponse:
        dossier = dossiers.creer(lecteur, corps)
        lieu = {"Location": f"{RACINE}/dossiers/{dossier.pk}"}
        return repondre(request, ecrire_dossier(dossier), statut=201, entetes=lieu)

    return idempotence.une_fois(request, lecteur, faire)


@api.patch(
    "/dossiers/{cle}", response={200: DossierLu} | REFUS_ECRITURE, operation_id="modifier_dossier",
    tags=["Réalisation et bilan"], summary="Modifier un dossier de subvention",
    description="Seuls les champs envoyés bougent, tant que le dossier est entre les mains de son maître "
    "d’ouvrage. « If-Match » porte l’ETag du dossier lu : s’il a changé depuis, rien n’est écrit (412). "
    "Portée « dossiers.ecrire ».",
)  # fmt: skip
def modifier_dossier(
    request: HttpRequest,
    cle: Path[_Numero],
    corps: Body[dossiers.DossierEcrit],
    if_match: Annotated[str, Header(alias="If-Match", max_length=200)],
    idempotency_key: _CLE_D_ENVOI = None,
) -> HttpResponse:
    lecteur = exiger(request, DOSSIERS)
    sans_inconnus(request, set())

    def faire() -> HttpResponse:
        dossier = dossiers_lus(lecteur).filter(pk=cle).first()
        if dossier is None:
            raise Probleme(404)
        exiger_version(request, ecrire_dossier(dossier))
        return repondre(request, ecrire_dossier(dossiers.modifier(lecteur, dossier, corps)))

    return idempotence.une_fois(request, lecteur, faire)
