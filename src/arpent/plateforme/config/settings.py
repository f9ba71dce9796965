"""Settings of an Arpent instance. Everything that varies comes from the environment.

| variable | meaning | default |
|---|---|---|
| ARPENT_DONNEES | directory that holds all that the application writes | ./donnees |
| DATABASE_URL | database | SQLite file in ARPENT_DONNEES |
| ARPENT_CLE | secret key | generated once, kept in ARPENT_DONNEES/cle-secrete |
| ARPENT_HOTES | host names served, comma separated | 127.0.0.1,localhost |
| ARPENT_HTTPS | 1 behind TLS: secure cookies, HSTS | 0 |
| ARPENT_FICHIERS | bucket of the kept files: s3://bucket/folder?hote=https://… | a folder |
| ARPENT_FICHIERS_CLE, _SECRET | its access key | what boto3 finds |
| ARPENT_CERTIFICATS | certificates: SIREN.p12 of each body, racines/*.pem | ARPENT_DONNEES/certificats |
| ARPENT_CERTIFICAT_<SIREN> | password of that certificate | typed at each signature |
| ARPENT_HORODATAGE | URL of a time-stamping server (RFC 3161), level B-T | none: level B-B |
| ARPENT_SIGNATURE_DURABLE | 1 keeps the proofs in the file (level B-LTA), with ARPENT_HORODATAGE | 0 |
| ARPENT_URL | address people type, in the mails: https://contrats.exemple.fr | http://127.0.0.1:8000 |
| ARPENT_SMTP_HOTE | mail server; without it mails are written as files in ARPENT_DONNEES/courriels | none |
| ARPENT_SMTP_PORT, _UTILISATEUR, _MOT_DE_PASSE | its port and account | 587, none, none |
| ARPENT_SMTP_SECURITE | starttls, tls or aucune | starttls |
| ARPENT_EXPEDITEUR | sender of the mails: Arpent <contrats@exemple.fr> | arpent@ the host of ARPENT_URL |
| ARPENT_SECOND_FACTEUR | 1: administrators must have a second factor; tous: everybody | 0 |
| ARPENT_ANTIVIRUS | clamd that examines each file: unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310 | none |
| ARPENT_OIDC_… | single sign-on: docs/connexion-unique.md | none |
| ARPENT_MESURES_JETON | token that opens /mesures/ (Prometheus) | none: 404 |
| ARPENT_JOURNAUX | json: one JSON object a line on the output | plain lines |
| ARPENT_DONNEES_OUVERTES | 1 opens /donnees/ to everybody | 1 for a demonstration |
| ARPENT_SORTIES_PERMISES | inner networks that events may be sent to: 10.1.0.0/16,… | none |
| ARPENT_DEMO | 1 shows the one-click accounts | 1 when the demo was loaded |
"""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF

from .fichiers import depot_de

django_stubs_ext.monkeypatch()  # forms.ModelForm[Model] and the like are then true at run time too

DONNEES = Path(os.environ.get("ARPENT_DONNEES", "donnees")).resolve()
DONNEES.mkdir(parents=True, exist_ok=True)
ARPENT_DONNEES = DONNEES


def _secret_key() -> str:
    """The key of this instance, made at first start and readable by its owner only."""
    if key := os.environ.get("ARPENT_CLE"):
        return key
    path = DONNEES / "cle-secrete"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def _origine(adresse: str) -> str:
    """Scheme and host of a URL: where the log-out form may lead."""
    return "/".join(adresse.split("/")[:3])


SECRET_KEY = _secret_key()
DEBUG = False
ARPENT_HTTPS = os.environ.get("ARPENT_HTTPS", "0") == "1"
ARPENT_DEMO = os.environ.get("ARPENT_DEMO", "1" if (DONNEES / "demo").exists() else "0") == "1"
ARPENT_COMPOSANTS = os.environ.get("ARPENT_COMPOSANTS", "1" if ARPENT_DEMO else "0") == "1"
ALLOWED_HOSTS = os.environ.get("ARPENT_HOTES", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{h}" for h in ALLOWED_HOSTS] if ARPENT_HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "leaflet",
    "arpent.plateforme.socle",
    "arpent.plateforme.journal",
    "arpent.plateforme.documents",
    "arpent.plateforme.notifications",
    "arpent.plateforme.territoires",
    "arpent.plateforme.acteurs",
    "arpent.plateforme.observatoire",
    "arpent.plateforme.demarches",
    "arpent.plateforme.reglements",
    "arpent.plateforme.diagnostics",
    "arpent.plateforme.plans",
    "arpent.plateforme.negociations",
    "arpent.plateforme.contrats",
    "arpent.plateforme.subventions",
    "arpent.plateforme.suivi",
    "arpent.plateforme.echanges",
    "arpent.plateforme.portail",
]

MIDDLEWARE = [
    "arpent.plateforme.socle.traces.suivi",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "arpent.plateforme.socle.middleware.entetes",
    "arpent.plateforme.socle.panne.sans_attendre",
    "arpent.plateforme.echanges.api.middleware.api_en_json",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "arpent.plateforme.acteurs.middleware.session_bornee",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "arpent.plateforme.socle.middleware.sans_caractere_nul",
    "arpent.plateforme.socle.middleware.lecture_seule",
    "arpent.plateforme.socle.antivirus.FichiersExamines",
    "arpent.plateforme.socle.soumission.SoumissionUnique",
]

ROOT_URLCONF = "arpent.plateforme.config.urls"
WSGI_APPLICATION = "arpent.plateforme.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "arpent.plateforme.portail.contexte.commun",
            ],
            "builtins": [
                "django.templatetags.static",
                "arpent.plateforme.socle.templatetags.formats",
                "arpent.plateforme.socle.templatetags.composants",
            ],
        },
    }
]

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{DONNEES / 'arpent.sqlite3'}", conn_max_age=600, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {  # STACK: deferred transactions lose writes under concurrency
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-16000;"
        ),
    }
else:  # short queries on two cores: compiling or sharing them out costs more than running them
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
        "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1 -c statement_timeout=600000"
    )
    # A server that has gone without a word is found out in seconds, not in hours.
    DATABASES["default"]["OPTIONS"] |= {
        "connect_timeout": 2, "tcp_user_timeout": 2_000,
        "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2,
    }  # fmt: skip

AUTH_USER_MODEL = "acteurs.Agent"
AUTHENTICATION_BACKENDS = ["arpent.plateforme.acteurs.moteur.MoteurAgents"]
PASSWORD_HASHERS = [
    "arpent.plateforme.acteurs.mots_de_passe.Argon2Borne",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "arpent.plateforme.acteurs.mots_de_passe.MotsDePasseCourants"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "arpent.plateforme.acteurs.mots_de_passe.MotsDuContexte"},
]
LOGIN_URL = "portail:connexion"
LOGIN_REDIRECT_URL = "portail:accueil"
LOGOUT_REDIRECT_URL = "portail:connexion"
PASSWORD_RESET_TIMEOUT = 3600
ARPENT_SECOND_FACTEUR = os.environ.get("ARPENT_SECOND_FACTEUR", "0")

# Single sign-on (docs/connexion-unique.md). Without an issuer the routes answer 404.
ARPENT_OIDC_EMETTEUR = os.environ.get("ARPENT_OIDC_EMETTEUR", "").rstrip("/")
ARPENT_OIDC_NOM = os.environ.get("ARPENT_OIDC_NOM", "ProConnect")
ARPENT_OIDC_ACR = os.environ.get("ARPENT_OIDC_ACR", "")
ARPENT_OIDC_COURRIEL_VERIFIE = os.environ.get("ARPENT_OIDC_COURRIEL_VERIFIE", "0") == "1"
ARPENT_OIDC_FIN = os.environ.get("ARPENT_OIDC_FIN", f"{ARPENT_OIDC_EMETTEUR}/session/end")
OIDC_OP_AUTHORIZATION_ENDPOINT = os.environ.get("ARPENT_OIDC_ENTREE", f"{ARPENT_OIDC_EMETTEUR}/authorize")
OIDC_OP_TOKEN_ENDPOINT = os.environ.get("ARPENT_OIDC_JETON", f"{ARPENT_OIDC_EMETTEUR}/token")
OIDC_OP_USER_ENDPOINT = os.environ.get("ARPENT_OIDC_IDENTITE", f"{ARPENT_OIDC_EMETTEUR}/userinfo")
OIDC_OP_JWKS_ENDPOINT = os.environ.get("ARPENT_OIDC_CLES", f"{ARPENT_OIDC_EMETTEUR}/jwks")
OIDC_RP_CLIENT_ID = os.environ.get("ARPENT_OIDC_CLIENT", "")
OIDC_RP_CLIENT_SECRET = os.environ.get("ARPENT_OIDC_SECRET", "")
OIDC_RP_SIGN_ALGO = os.environ.get("ARPENT_OIDC_ALGORITHME", "RS256")
OIDC_RP_SCOPES = os.environ.get("ARPENT_OIDC_PORTEES", "openid email given_name usual_name")
OIDC_AUTHENTICATION_CALLBACK_URL = "compte:unique_retour"
OIDC_USE_NONCE = OIDC_USE_PKCE = True
OIDC_CREATE_USER = OIDC_STORE_ACCESS_TOKEN = False
OIDC_STORE_ID_TOKEN = True
OIDC_TIMEOUT = 5


SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ARPENT_HTTPS
SESSION_COOKIE_NAME = "__Host-arpent" if ARPENT_HTTPS else "arpent"
CSRF_COOKIE_SECURE = ARPENT_HTTPS
CSRF_COOKIE_NAME = "__Host-arpent_csrf" if ARPENT_HTTPS else "arpent_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "arpent.plateforme.portail.erreurs.csrf"
ARPENT_INACTIVITE_ADMIN = 30 * 60
ARPENT_INACTIVITE = 4 * 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = ARPENT_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sante/", r"^mesures/$"]  # asked by machines, from inside
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ARPENT_HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if ARPENT_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ARPENT_HTTPS
SECURE_HSTS_PRELOAD = ARPENT_HTTPS
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *([_origine(ARPENT_OIDC_FIN)] if ARPENT_OIDC_EMETTEUR else [])],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

STATIC_URL = "/statique/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "arpent.plateforme.socle.finders.PolicesFinder",
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = DONNEES / "fichiers"
STORAGES = {
    "default": depot_de(os.environ),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
ARPENT_TAILLE_MAX_FICHIER = 20 * 1024 * 1024
ARPENT_ANTIVIRUS = os.environ.get("ARPENT_ANTIVIRUS", "")
ARPENT_CERTIFICATS = Path(os.environ.get("ARPENT_CERTIFICATS", DONNEES / "certificats"))
ARPENT_HORODATAGE = os.environ.get("ARPENT_HORODATAGE", "")
ARPENT_SIGNATURE_DURABLE = os.environ.get("ARPENT_SIGNATURE_DURABLE", "") == "1"

ARPENT_MESURES_JETON = os.environ.get("ARPENT_MESURES_JETON", "")

ARPENT_URL = os.environ.get("ARPENT_URL", "http://127.0.0.1:8000").rstrip("/")
EMAIL_HOST = os.environ.get("ARPENT_SMTP_HOTE", "")
EMAIL_PORT = int(os.environ.get("ARPENT_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("ARPENT_SMTP_UTILISATEUR", "")
EMAIL_HOST_PASSWORD = os.environ.get("ARPENT_SMTP_MOT_DE_PASSE", "")
_SECURITE = os.environ.get("ARPENT_SMTP_SECURITE", "starttls")
EMAIL_USE_TLS, EMAIL_USE_SSL = _SECURITE == "starttls", _SECURITE == "tls"
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DONNEES / "courriels"
DEFAULT_FROM_EMAIL = os.environ.get("ARPENT_EXPEDITEUR", f"Arpent <arpent@{urlsplit(ARPENT_URL).hostname}>")

ARPENT_DONNEES_OUVERTES = os.environ.get("ARPENT_DONNEES_OUVERTES", "1" if ARPENT_DEMO else "0") == "1"
ARPENT_SORTIES_PERMISES = os.environ.get("ARPENT_SORTIES_PERMISES", "").split(",")

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # unique whatever its case: a constraint on Lower(courriel)
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # identifiers stay as they are; amounts go through `formats`
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "ligne": {"format": "{asctime} {levelname} {name} {numero} {message}", "style": "{"},
        "json": {"()": "arpent.plateforme.socle.traces.EnJson"},
    },
    "filters": {"numero": {"()": "arpent.plateforme.socle.traces.AvecNumero"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if os.environ.get("ARPENT_JOURNAUX", "") == "json" else "ligne",
            "filters": ["numero"],
        }
    },
    "root": {"handlers": ["console"], "level": os.environ.get("ARPENT_NIVEAU_JOURNAL", "WARNING")},
    "loggers": {"django.security": {"level": "ERROR"}, "arpent.securite": {"level": "INFO"}},
}
