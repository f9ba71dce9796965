import django.db.models.deletion
from django.db import migrations, models

from arpent.plateforme.socle.base_neuve import DES_TABLES

MOT = "Le document d''un circuit de signature ne change pas, un circuit abandonné non plus."
CIRCUITS = "contrats_circuitsignature"
AVANT = "OLD.etat = 'abandonne' OR NEW.document_id <> OLD.document_id OR NEW.contrat_id <> OLD.contrat_id"
APRES = f"{AVANT} OR COALESCE(NEW.avenant_id, 0) <> COALESCE(OLD.avenant_id, 0)"


def _poser(schema_editor, condition):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            f"CREATE TRIGGER circuit_update BEFORE UPDATE ON {CIRCUITS} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{MOT}'); END"
        )
    else:
        schema_editor.execute(
            f"CREATE TRIGGER circuit_fige BEFORE UPDATE ON {CIRCUITS} "
            f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION circuit_fige()"
        )


def _retirer(schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER circuit_update")
    else:
        schema_editor.execute(f"DROP TRIGGER circuit_fige ON {CIRCUITS}")


def retirer(apps, schema_editor):
    """The trigger goes away while the table changes: SQLite would drop it, or refuse the change."""
    _retirer(schema_editor)


def remettre(apps, schema_editor):
    _poser(schema_editor, AVANT)


def poser(apps, schema_editor):
    """As before, and the avenant of a circuit does not change either."""
    _poser(schema_editor, APRES)


class Migration(migrations.Migration):

    dependencies = [
        ('contrats', '0007_seance'),
    ]

    operations = [
        migrations.RunPython(retirer, remettre, hints=DES_TABLES),
        migrations.AddField(
            model_name='circuitsignature',
            name='avenant',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='circuits', to='contrats.avenant'),
        ),
        migrations.RunPython(poser, retirer, hints=DES_TABLES),
        migrations.RemoveField(model_name='avenant', name='fichier'),
        migrations.RemoveField(model_name='avenant', name='nom_fichier'),
        migrations.RemoveField(model_name='avenant', name='sha256'),
        migrations.RemoveField(model_name='avenant', name='type_mime'),
    ]
