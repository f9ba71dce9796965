"""A local OpenID provider, ProConnect's profile: code flow with PKCE, userinfo as a signed JWT."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlparse

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "arpent", "secret-d-essai"


class Fournisseur:
    """What it will say is set by the test: `infos`, `jeton` and `cle` overwrite what is right."""

    def __init__(self) -> None:
        self.cle = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.autre_cle = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.infos: dict[str, Any] = {}
        self.jeton: dict[str, Any] = {}
        self.en_json, self.signee_par, self.en_panne = False, self.cle, False
        self.codes: dict[str, dict[str, str]] = {}
        fournisseur = self

        class Reponses(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                fournisseur.repondre(self, self.path, {})

            def do_POST(self) -> None:
                corps = self.rfile.read(int(self.headers["Content-Length"])).decode()
                fournisseur.repondre(self, self.path, {c: v[0] for c, v in parse_qs(corps).items()})

            def log_message(self, *args: Any) -> None:
                pass

        self.serveur = ThreadingHTTPServer(("127.0.0.1", 0), Reponses)
        self.emetteur = f"http://127.0.0.1:{self.serveur.server_address[1]}"
        threading.Thread(target=self.serveur.serve_forever, args=(0.05,), daemon=True).start()

    def arreter(self) -> None:
        self.serveur.shutdown()
        self.serveur.server_close()

    def autoriser(self, adresse: str) -> dict[str, str]:
        """The person agrees: the code and state that come back."""
        demande = {c: v[0] for c, v in parse_qs(urlparse(adresse).query).items()}
        code = secrets.token_hex(8)
        self.codes[code] = demande
        return {"code": code, "state": demande["state"]}

    def _signer(self, contenu: dict[str, Any]) -> str:
        return jwt.encode(contenu, self.signee_par, algorithm="RS256", headers={"kid": "k1"})

    def repondre(self, vers: BaseHTTPRequestHandler, chemin: str, envoi: dict[str, str]) -> None:
        if self.en_panne:
            return self._rendre(vers, 500, b"{}")
        commun = {"iss": self.emetteur, "aud": CLIENT, "exp": int(time.time()) + 60}
        if chemin == "/jwks":
            publique = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.cle.public_key()))
            return self._rendre(
                vers, 200, json.dumps({"keys": [publique | {"kid": "k1", "alg": "RS256"}]}).encode()
            )
        if chemin == "/token":
            demande = self.codes.pop(envoi["code"], {})
            defi = hashlib.sha256(envoi["code_verifier"].encode()).digest()
            attendu = base64.urlsafe_b64encode(defi).decode().rstrip("=")
            if demande.get("code_challenge") != attendu or envoi["client_secret"] != SECRET:
                return self._rendre(vers, 400, b'{"error": "invalid_grant"}')
            contenu = commun | {"sub": "s1", "nonce": demande["nonce"], "acr": "eidas1"} | self.jeton
            jetons = {"access_token": "a", "id_token": self._signer({c: v for c, v in contenu.items() if v})}
            return self._rendre(vers, 200, json.dumps(jetons).encode())
        infos = commun | {"sub": "s1", "email_verified": True} | self.infos
        if self.en_json:
            return self._rendre(vers, 200, json.dumps(infos).encode())
        return self._rendre(vers, 200, self._signer(infos).encode(), "application/jwt")

    def _rendre(
        self, vers: BaseHTTPRequestHandler, statut: int, corps: bytes, genre: str = "application/json"
    ) -> None:
        vers.send_response(statut)
        vers.send_header("Content-Type", genre)
        vers.end_headers()
        vers.wfile.write(corps)
