"""The same form sent twice has one effect; headers; GET never writes."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.socle.middleware import EcritureInterdite, lecture_seule
from arpent.plateforme.socle.models import Soumission
from arpent.plateforme.socle.soumission import SoumissionUnique, avec_effet, oublier, rejouable
from tests.plateforme import fabrique


class _Session:
    session_key = "seance"


def _post(jeton: str, vue: object) -> HttpResponse | None:
    requete = RequestFactory().post("/x/", {"_soumission": jeton})
    requete.session = _Session()  # type: ignore[assignment]
    return SoumissionUnique(lambda _: HttpResponse()).process_view(requete, vue, (), {})  # type: ignore[arg-type]


@pytest.mark.django_db
def test_un_double_envoi_n_a_qu_un_effet_et_rejoue_la_reponse() -> None:
    effets: list[int] = []

    def vue(requete: object) -> HttpResponse:
        effets.append(1)
        return HttpResponse(status=302, headers={"Location": f"/fait/{len(effets)}/"})

    premiere, seconde, autre = _post("a", vue), _post("a", vue), _post("b", vue)
    assert premiere is not None
    assert seconde is not None
    assert autre is not None
    assert premiere.headers["Location"] == seconde.headers["Location"] == "/fait/1/"
    assert autre.headers["Location"] == "/fait/2/"
    assert len(effets) == 2


@pytest.mark.django_db
def test_un_formulaire_refuse_peut_etre_renvoye() -> None:
    reponses = iter(
        [HttpResponse("erreurs", status=200), HttpResponse(status=302, headers={"Location": "/ok/"})]
    )
    premiere, seconde = _post("c", lambda _: next(reponses)), _post("c", lambda _: next(reponses))
    assert premiere is not None
    assert premiere.status_code == 200
    assert seconde is not None
    assert seconde.headers["Location"] == "/ok/"
    assert Soumission.objects.count() == 1


@pytest.mark.django_db
def test_un_compte_rendu_se_rejoue_tel_quel_une_semaine() -> None:
    effets: list[int] = []

    def vue(requete: object) -> HttpResponse:
        effets.append(1)
        return rejouable(HttpResponse(f"fait {len(effets)} fois"))

    for _ in range(2):
        reponse = _post("d", vue)
        assert reponse is not None
        assert (reponse.status_code, reponse.content) == (200, b"fait 1 fois")
    Soumission.objects.update(recue_le=timezone.now() - timedelta(days=8))
    _post("e", vue)
    assert oublier(timezone.now()) == 1
    assert Soumission.objects.count() == 1
    assert effets == [1, 1]


@pytest.mark.django_db
@pytest.mark.parametrize(("garder", "ecrites"), [(avec_effet, 1), (lambda page: page, 0)])
def test_une_page_ne_garde_son_effet_que_si_elle_le_dit(garder: object, ecrites: int) -> None:
    def vue(requete: object) -> HttpResponse:
        Soumission.objects.create(cle="ecrit", reponse_url="/")
        return garder(HttpResponse("vu"))  # type: ignore[operator]

    reponse = _post("d", vue)
    assert reponse is not None
    assert reponse.content == b"vu"
    assert Soumission.objects.filter(cle="ecrit").count() == ecrites
    assert Soumission.objects.exclude(cle="ecrit").count() == 0  # the same form can be sent again


@pytest.mark.django_db
def test_sans_jeton_la_vue_suit_son_cours() -> None:
    assert _post("", lambda _: HttpResponse()) is None


@pytest.mark.django_db
def test_un_get_qui_ecrit_est_refuse() -> None:
    def ecrit(requete: object) -> HttpResponse:
        Notification.objects.create(destinataire_id=1, sujet="x", texte="y")
        return HttpResponse()

    with pytest.raises(EcritureInterdite), transaction.atomic():
        lecture_seule(ecrit)(RequestFactory().get("/"))
    assert lecture_seule(ecrit)(RequestFactory().post("/")).status_code == 200
    assert Notification.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["SELECT 1", "  (SELECT 1)", "SAVEPOINT a"])
def test_un_get_peut_lire(sql: str) -> None:
    def lit(requete: object) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute(sql if not sql.startswith("  (") or connection.vendor != "sqlite" else "SELECT 1")
        return HttpResponse()

    assert lecture_seule(lit)(RequestFactory().get("/")).status_code == 200


@pytest.mark.django_db
def test_les_entetes_de_securite_sont_sur_chaque_page(client: Client) -> None:
    reponse = client.get("/connexion/")
    assert reponse.status_code == 200
    politique = reponse.headers["Content-Security-Policy"]
    assert "unsafe" not in politique
    assert "default-src 'none'" in politique
    assert "frame-ancestors 'none'" in politique
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    assert reponse.headers["X-Frame-Options"] == "DENY"
    assert reponse.headers["Referrer-Policy"] == "same-origin"
    assert reponse.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in reponse.headers["Permissions-Policy"]
    assert "no-store" in reponse.headers["Cache-Control"]


@pytest.mark.django_db
def test_une_page_inconnue_est_une_404_en_francais() -> None:
    client = Client()
    client.force_login(
        fabrique.agent("administrateur"), backend="arpent.plateforme.acteurs.moteur.MoteurAgents"
    )
    reponse = client.get("/nulle/part/")
    assert reponse.status_code == 404
    assert "introuvable" in reponse.content.decode().lower()
