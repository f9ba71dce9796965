from datetime import timedelta

from django.db import migrations

DELAI = timedelta(days=15)


def rattacher(apps, schema_editor):
    """Each request now names its démarche, its authority and its fiche; the others take their territory's."""
    Fiche = apps.get_model("plans", "Fiche")
    Demarche = apps.get_model("demarches", "Demarche")
    DemandeAppui = apps.get_model("acteurs", "DemandeAppui")
    liens = Fiche.demandes_appui.through.objects.select_related(
        "fiche__demarche__version_processus__processus"
    )
    for lien in liens.iterator():
        fiche = lien.fiche
        DemandeAppui.objects.filter(pk=lien.demandeappui_id).update(
            demarche_id=fiche.demarche_id,
            autorite_id=fiche.demarche.version_processus.processus.autorite_id,
            objet_genre="fiche",
            objet_id=fiche.numero,
            objet_libelle=f"Fiche {fiche.numero}\N{NO-BREAK SPACE}: {fiche.titre}"[:300],
        )
    for demande in DemandeAppui.objects.filter(demarche_id=None).iterator():
        demarche = (
            Demarche.objects.filter(territoire=demande.territoire_id)
            .select_related("version_processus__processus")
            .order_by("-pk")
            .first()
        )
        if demarche is not None:
            demande.demarche_id = demarche.pk
            demande.autorite_id = demarche.version_processus.processus.autorite_id
            demande.save(update_fields=["demarche_id", "autorite"])
    for demande in DemandeAppui.objects.filter(echeance_le=None).iterator():
        demande.echeance_le = demande.souhaitee_le or (demande.demandee_le + DELAI).date()
        demande.premiere_reponse_le = demande.close_le
        demande.resultat = "resolu" if demande.etat == "close" else ""
        demande.save(update_fields=["echeance_le", "premiere_reponse_le", "resultat"])


class Migration(migrations.Migration):
    dependencies = [
        ("acteurs", "0030_appui"),
        ("plans", "0010_pieces_et_mentions"),
    ]

    operations = [
        migrations.RunPython(rattacher, migrations.RunPython.noop),
        migrations.RemoveField(model_name="fiche", name="demandes_appui"),
    ]
