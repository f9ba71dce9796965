# Sessions, invitations, factors, tries, retention rules.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('acteurs', '0003_personnes_et_mandats'),
        ('territoires', '0002_versions_de_perimetre'),
    ]

    operations = [
        migrations.CreateModel(
            name='CodeTemporel',
            fields=[
                ('agent', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='code_temporel', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('secret', models.CharField(max_length=200)),
                ('active_le', models.DateTimeField(blank=True, null=True, verbose_name='activé le')),
                ('dernier_pas', models.BigIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'code temporel',
                'verbose_name_plural': 'codes temporels',
            },
        ),
        migrations.CreateModel(
            name='RegleConservation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('objet', models.CharField(choices=[('comptes', 'comptes qui ne servent plus'), ('invitations', 'invitations closes'), ('notifications', 'notifications lues'), ('saisies', 'saisies laissées en cours'), ('journal', 'journal des gestes'), ('dossiers', 'fiches, contrats, délibérations, documents émis')], max_length=13, verbose_name='données')),
                ('duree_mois', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='durée en mois')),
                ('depuis', models.DateField(verbose_name='en vigueur depuis')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='source ou décision')),
                ('saisie_par_nom', models.CharField(max_length=200, verbose_name='saisie par')),
            ],
            options={
                'verbose_name': 'règle de conservation',
                'verbose_name_plural': 'règles de conservation',
                'ordering': ['objet', '-depuis', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='agent',
            name='anonymise_le',
            field=models.DateTimeField(blank=True, null=True, verbose_name='anonymisé le'),
        ),
        migrations.AddField(
            model_name='agent',
            name='jeton_session',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='habilitation',
            name='role',
            field=models.CharField(choices=[('chef_de_projet', 'chef de projet territorial'), ('mission_appui', 'mission d’appui'), ('instructeur', 'instructeur'), ('elu_autorite', 'élu de l’autorité'), ('president_epci', 'président d’intercommunalité'), ('agent_epci', 'agent d’intercommunalité'), ('maire', 'maire'), ('secretaire_mairie', 'secrétaire de mairie'), ('president_syndicat', 'président de syndicat'), ('sous_prefet', 'sous-préfet'), ('invite', 'invité en lecture'), ('invite_redacteur', 'invité rédacteur'), ('administrateur', 'administrateur')], max_length=30, verbose_name='rôle'),
        ),
        migrations.CreateModel(
            name='CleAcces',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=60, verbose_name='nom de la clé')),
                ('identifiant', models.CharField(max_length=400, unique=True, verbose_name='numéro')),
                ('donnees', models.BinaryField()),
                ('compteur', models.BigIntegerField(default=0)),
                ('creee_le', models.DateTimeField(verbose_name='créée le')),
                ('utilisee_le', models.DateTimeField(blank=True, null=True, verbose_name='utilisée le')),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cles_acces', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'clé d’accès',
                'verbose_name_plural': 'clés d’accès',
                'ordering': ['creee_le', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Essai',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('genre', models.CharField(max_length=12)),
                ('compte', models.CharField(max_length=64)),
                ('adresse', models.CharField(max_length=64)),
                ('appareil', models.CharField(blank=True, max_length=32)),
                ('le', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'essai',
                'ordering': ['-le'],
                'indexes': [models.Index(fields=['compte', 'le'], name='essai_du_compte'), models.Index(fields=['adresse', 'le'], name='essai_de_l_adresse'), models.Index(fields=['le'], name='essai_a_effacer')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('courriel', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                ('nom', models.CharField(max_length=100)),
                ('prenom', models.CharField(blank=True, max_length=100, verbose_name='prénom')),
                ('fonction', models.CharField(blank=True, max_length=150)),
                ('role', models.CharField(choices=[('chef_de_projet', 'chef de projet territorial'), ('mission_appui', 'mission d’appui'), ('instructeur', 'instructeur'), ('elu_autorite', 'élu de l’autorité'), ('president_epci', 'président d’intercommunalité'), ('agent_epci', 'agent d’intercommunalité'), ('maire', 'maire'), ('secretaire_mairie', 'secrétaire de mairie'), ('president_syndicat', 'président de syndicat'), ('sous_prefet', 'sous-préfet'), ('invite', 'invité en lecture'), ('invite_redacteur', 'invité rédacteur'), ('administrateur', 'administrateur')], max_length=30, verbose_name='rôle')),
                ('themes', models.CharField(blank=True, max_length=200, verbose_name='thèmes (codes séparés par des virgules)')),
                ('debut', models.DateField(verbose_name='début')),
                ('fin', models.DateField(blank=True, null=True)),
                ('etat', models.CharField(choices=[('envoyee', 'envoyée'), ('acceptee', 'acceptée'), ('annulee', 'annulée')], default='envoyee', max_length=8, verbose_name='état')),
                ('nonce', models.CharField(max_length=32)),
                ('envoyee_le', models.DateTimeField(verbose_name='envoyée le')),
                ('expire_le', models.DateTimeField(verbose_name='valable jusqu’au')),
                ('envois', models.PositiveSmallIntegerField(default=1)),
                ('invite_par_nom', models.CharField(max_length=200, verbose_name='invitée par')),
                ('acceptee_le', models.DateTimeField(blank=True, null=True, verbose_name='acceptée le')),
                ('acceptee_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations_acceptees', to=settings.AUTH_USER_MODEL)),
                ('autorite', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='acteurs.organisation')),
                ('invite_par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='acteurs.organisation')),
                ('territoire', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='territoires.territoire')),
            ],
            options={
                'verbose_name': 'invitation',
                'ordering': ['-envoyee_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SessionOuverte',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.CharField(max_length=40, unique=True)),
                ('empreinte', models.CharField(max_length=64)),
                ('ouverte_le', models.DateTimeField(verbose_name='ouverte le')),
                ('moyen', models.CharField(max_length=40)),
                ('adresse', models.CharField(blank=True, max_length=45)),
                ('navigateur', models.CharField(blank=True, max_length=120)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions_ouvertes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'session ouverte',
                'verbose_name_plural': 'sessions ouvertes',
                'ordering': ['-ouverte_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CodeSecours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('empreinte', models.CharField(max_length=64)),
                ('utilise_le', models.DateTimeField(blank=True, null=True, verbose_name='utilisé le')),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes_secours', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'code de secours',
                'verbose_name_plural': 'codes de secours',
                'constraints': [models.UniqueConstraint(fields=('agent', 'empreinte'), name='code_secours_unique')],
            },
        ),
    ]
