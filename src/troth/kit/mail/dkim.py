"""Signing mail (RFC 6376): rsa-sha256, relaxed for headers and body alike."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_PADDING: Final = padding.PKCS1v15()
_HASH: Final = hashes.SHA256()
BITS: Final = 2048


def new_key() -> bytes:
    """A fresh RSA-2048 key (RFC 8301 section 3.2) as DER."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@dataclass(frozen=True)
class Signer:
    """Signs for `domain` with the key that is published at ``<selector>._domainkey.<domain>``."""

    domain: str
    selector: str
    der: bytes

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        key = serialization.load_der_private_key(self.der, None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return key

    @cached_property
    def _fixed(self) -> bytes:
        return (
            f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={self.domain}; s={self.selector};"
        ).encode("ascii")

    def header(
        self,
        headers: Sequence[tuple[bytes, bytes]],
        body: bytes,
        *,
        at: int,
        after: Sequence[tuple[bytes, bytes]] = (),
    ) -> bytes:
        """The DKIM-Signature header with its line end, signed at `at` (seconds since 1970).

        `headers` are names and values as they stand in the message, every one to be signed; a fold
        is CRLF and one space. `after` are further ones, the same in many messages. `body` has to be
        in relaxed canonical form, as `quoted` writes it. From is named once more than it is there,
        so that none can be added.
        """
        later, lines_after = _block(tuple(after))
        names = b":".join([*(name.lower() for name, _ in headers), *later, b"from"])
        digest = base64.b64encode(hashlib.sha256(body).digest())
        value = b"%s t=%d;\r\n h=%s;\r\n bh=%s;\r\n b=" % (self._fixed, at, names, digest)
        lines = [_relaxed(name, text) for name, text in headers]
        lines += [lines_after, _relaxed(b"DKIM-Signature", value)[:-2]]
        signed = base64.b64encode(self._key.sign(b"".join(lines), _PADDING, _HASH))
        folded = b"\r\n ".join(signed[at : at + 72] for at in range(0, len(signed), 72))
        return b"DKIM-Signature: " + value + folded + b"\r\n"

    def record(self) -> tuple[str, str]:
        """Name and text of the DNS record (type TXT) to publish."""
        public = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        text = f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode('ascii')}"
        return f"{self.selector}._domainkey.{self.domain}", text


@lru_cache(maxsize=64)
def _block(headers: tuple[tuple[bytes, bytes], ...]) -> tuple[tuple[bytes, ...], bytes]:
    """Names and canonical lines of headers that many messages have."""
    names = tuple(name.lower() for name, _ in headers)
    return names, b"".join(_relaxed(name, value) for name, value in headers)


def _relaxed(name: bytes, value: bytes) -> bytes:
    """RFC 6376 section 3.4.2, for values in which a fold is CRLF and one space."""
    return (
        name.lower() + b":" + b" ".join(value.replace(b"\r\n", b"").split(b" ")).strip() + b"\r\n"
    )
