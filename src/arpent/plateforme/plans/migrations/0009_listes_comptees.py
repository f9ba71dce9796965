import django.db.models.deletion
from django.db import migrations, models

from arpent.plateforme.socle.recherche import InstallerRecherche


class Migration(migrations.Migration):
    """SQLite may rebuild the table of the fiches: its search triggers are set again."""

    dependencies = [("plans", "0008_aide_accordee")]

    operations = [
        migrations.AlterField(
            model_name='fiche',
            name='fusionnee_dans',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='fusionnees', to='plans.fiche', verbose_name='fusionnée dans'),
        ),
        migrations.AddIndex(
            model_name='fiche',
            index=models.Index(fields=['demarche', 'etat', 'realisation', 'aide_demandee', 'fusionnee_dans', 'id'], name='fiche_listees'),
        ),
        migrations.AddIndex(
            model_name='fiche',
            index=models.Index(condition=models.Q(('fusionnee_dans__isnull', False)), fields=['fusionnee_dans'], name='fiche_fusionnees'),
        ),
        InstallerRecherche("plans_fiche"),
    ]
