from django.db import migrations, models


def figer(apps, schema_editor):
    """What was issued before keeps the duration its policy has today: it does not move any more."""
    VersionContrat = apps.get_model("contrats", "VersionContrat")
    chemin = "contrat__demarche__version_processus__processus__dispositif__duree_annees"
    for pk, duree in VersionContrat.objects.order_by("pk").values_list("pk", chemin):
        VersionContrat.objects.filter(pk=pk).update(duree_annees=duree)


class Migration(migrations.Migration):

    dependencies = [
        ("contrats", "0009_fin_contrat"),
        ("demarches", "0001_initial"),
        ("reglements", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="versioncontrat",
            name="duree_annees",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="durée en années"),
        ),
        migrations.RunPython(figer, migrations.RunPython.noop),
    ]
