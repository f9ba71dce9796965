"""An authenticator in memory: makes a passkey and signs with it, as a phone or a key would."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData, AuthenticatorData


class Authentificateur:
    """One passkey. `reponse_a` and `signature_de` give what the browser would send, as JSON."""

    def __init__(self, origine: str = "http://testserver", hote: str = "testserver") -> None:
        self.origine, self.hote = origine, hote
        self.cle = ec.generate_private_key(ec.SECP256R1())
        self.identifiant, self.compteur, self.titulaire = secrets.token_bytes(16), 0, b""

    def _client(self, genre: str, options: dict[str, Any]) -> bytes:
        defi = {
            "type": genre,
            "challenge": options["challenge"],
            "origin": self.origine,
            "crossOrigin": False,
        }
        return json.dumps(defi).encode()

    def _donnees(self, *, atteste: AttestedCredentialData | None = None, verifie: bool = True) -> bytes:
        drapeaux = AuthenticatorData.FLAG.UP | (AuthenticatorData.FLAG.UV if verifie else 0)
        if atteste is not None:
            drapeaux |= AuthenticatorData.FLAG.AT
        empreinte = hashlib.sha256(self.hote.encode()).digest()
        return bytes(AuthenticatorData.create(empreinte, drapeaux, self.compteur, atteste or b""))

    def reponse_a(self, options: dict[str, Any], *, verifie: bool = True) -> str:
        """The answer to `create`."""
        publique = options["publicKey"]
        self.titulaire = publique["user"]["id"].encode()
        cose = ES256.from_cryptography_key(self.cle.public_key())
        atteste = AttestedCredentialData.create(b"\0" * 16, self.identifiant, cose)
        donnees = self._donnees(atteste=atteste, verifie=verifie)
        objet = cbor.encode({"fmt": "none", "attStmt": {}, "authData": donnees})
        return self._json(clientDataJSON=self._client("webauthn.create", publique), attestationObject=objet)

    def signature_de(self, options: dict[str, Any], *, verifie: bool = True, avec: Any = None) -> str:
        """The answer to `get`. `avec`: another key, for a forgery."""
        self.compteur += 1
        client = self._client("webauthn.get", options["publicKey"])
        donnees = self._donnees(verifie=verifie)
        a_signer = donnees + hashlib.sha256(client).digest()
        signature = (avec or self.cle).sign(a_signer, ec.ECDSA(hashes.SHA256()))
        return self._json(
            clientDataJSON=client, authenticatorData=donnees, signature=signature, userHandle=self.titulaire
        )

    def _json(self, **reponse: bytes) -> str:
        numero = websafe_encode(self.identifiant)
        en_texte = {
            nom: v.decode() if nom == "userHandle" else websafe_encode(v) for nom, v in reponse.items()
        }
        return json.dumps(
            {
                "id": numero, "rawId": numero, "type": "public-key", "response": en_texte,
                "clientExtensionResults": {},
            }
        )  # fmt: skip
