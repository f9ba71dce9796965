"""The names of authors held apart. The column of the lines keeps its name and its content: no line moves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0004_par_auteur")]
    operations = [
        migrations.CreateModel(
            name="AuteurJournal",
            fields=[
                ("cle", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("agent_id", models.BigIntegerField(db_index=True)),
                ("nom", models.CharField(max_length=200)),
                ("sel", models.CharField(blank=True, max_length=32)),
            ],
            options={"verbose_name": "auteur du journal", "verbose_name_plural": "auteurs du journal"},
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("entree", "par_nom", "auteur_cle"),
                migrations.AlterField(
                    "entree", "auteur_cle", models.CharField(db_column="par_nom", max_length=200)
                ),
            ]
        ),
    ]
