import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("territoires", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="VersionPerimetre",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("numero", models.PositiveIntegerField(verbose_name="numéro")),
                ("debut", models.DateField(verbose_name="en vigueur à partir du")),
                ("motif", models.CharField(blank=True, max_length=300)),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="enregistrée le")),
                ("cree_par", models.CharField(blank=True, max_length=200, verbose_name="enregistrée par")),
                (
                    "territoire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions_perimetre",
                        to="territoires.territoire",
                    ),
                ),
            ],
            options={"verbose_name": "version de périmètre", "ordering": ["territoire", "numero"]},
        ),
        migrations.AddConstraint(
            model_name="versionperimetre",
            constraint=models.UniqueConstraint(
                fields=("territoire", "numero"), name="version_perimetre_numero"
            ),
        ),
        migrations.AddConstraint(
            model_name="versionperimetre",
            constraint=models.UniqueConstraint(
                fields=("territoire", "debut"), name="version_perimetre_debut"
            ),
        ),
    ]
