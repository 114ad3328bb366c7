"""The keys that seal what members write, and the bytes they make."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from functools import cache
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.padding import PKCS7

KEY_BYTES = 32
SAMPLE_KEY = bytes(KEY_BYTES)  # what deploy/env.example shows; never a secret


class Unopenable(Exception):  # noqa: N818 - named for what the value is, as every error of ours
    """A sealed value that does not open here: moved from another place, damaged, or its key is gone."""


class Sealed(bytes):
    """What the database holds: version, length and id of the key, nonce, ciphertext. Shows nothing of itself."""

    __slots__ = ()

    @property
    def key_id(self) -> str:
        """Which key sealed it. Unopenable when these are not sealed bytes."""
        return _header_of(self)[2:].decode("ascii")

    def __repr__(self) -> str:
        return "<sealed>"

    __str__ = __repr__


class Keyring:
    """The first key seals, all keys open."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        """`keys` by id, in order; `Keyring.parse` is the way in for anything that was configured."""
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self.first = next(iter(keys))
        derive = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"steppingstone fingerprint")
        self._fingerprint_key = derive.derive(keys[self.first])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `id:base64,id2:base64`. ValueError with a sentence that names a position, never a value."""
        keys: dict[str, bytes] = {}
        for position, part in enumerate(filter(None, (part.strip() for part in text.split(","))), start=1):
            name, key = _read_key(part, position)
            if name in keys:
                message = f"Key {position} has the id of an earlier one. Give each key an id of its own."
                raise ValueError(message)
            if key in keys.values():
                message = f"Key {position} repeats an earlier key. Remove it, or make a new one."
                raise ValueError(message)
            keys[name] = key
        if not keys:
            message = "There is no key. Give at least one, as id:base64 of 32 random bytes."
            raise ValueError(message)
        return cls(keys)

    @staticmethod
    def generate() -> str:
        """A new key in the form that `parse` reads, under a random id."""
        return f"{secrets.token_hex(4)}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"

    @property
    def header(self) -> bytes:
        """The bytes with which everything sealed by the first key begins."""
        return _header(self.first)

    def seal(self, text: str, *, place: bytes) -> Sealed:
        """Seal under the first key, for this place alone."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        # Padded, because the length alone would tell one feeling of a fixed list from another.
        padder = PKCS7(_BLOCK_BYTES * 8).padder()
        plain = padder.update(text.encode("utf-8", "surrogatepass")) + padder.finalize()
        return Sealed(self.header + nonce + self._ciphers[self.first].encrypt(nonce, plain, self.header + place))

    def open(self, sealed: Sealed, *, place: bytes) -> str:
        """The text again. Unopenable when it was sealed for another place or by a key that is not here."""
        header = _header_of(sealed)
        cipher = self._ciphers.get(header[2:].decode("ascii"))
        if cipher is None:
            message = "This was sealed by a key that is not in the keyring. Add the key again to read it."
            raise Unopenable(message)
        nonce, ciphertext = sealed[len(header) :][:_NONCE_BYTES], sealed[len(header) + _NONCE_BYTES :]
        try:
            padded = cipher.decrypt(nonce, ciphertext, header + place)
        except (InvalidTag, ValueError):
            message = "This does not open here: it is damaged, or was sealed for another row, column or member."
            raise Unopenable(message) from None
        unpadder = PKCS7(_BLOCK_BYTES * 8).unpadder()
        return (unpadder.update(padded) + unpadder.finalize()).decode("utf-8", "surrogatepass")

    def adopt(self, newer: Keyring) -> None:
        """Seal as `newer` does, and open what it opens too. Fingerprints stay, so that what is in flight is found."""
        self._ciphers |= newer._ciphers
        self.first = newer.first

    def fingerprint(self, text: str) -> bytes:
        """32 bytes that stand for `text` without telling it. They change with the first key: for short-lived rows."""
        return hmac.digest(self._fingerprint_key, text.encode("utf-8", "surrogatepass"), "sha256")

    def __repr__(self) -> str:
        return f"<Keyring {', '.join(self._ciphers)}>"


def place(*, table: str, column: str, owner: str, row: str) -> bytes:
    """The associated data of one value. Lengths are written, so that no two places share their bytes."""
    return _column(table, column) + _part(owner) + _part(row)


@cache  # there are only so many columns, and each value that is read asks for its own
def _column(table: str, column: str) -> bytes:
    return _part(table) + _part(column)


def _part(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(4, "big") + encoded


def _read_key(part: str, position: int) -> tuple[str, bytes]:
    name, colon, encoded = part.partition(":")
    if not colon or not _KEY_ID.fullmatch(name):
        message = (
            f"Key {position} has no id. Write it as id:base64, "
            "the id being up to 32 letters, digits, hyphens or underscores."
        )
        raise ValueError(message)
    try:
        key = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        message = f"Key {position} is not base64."
        raise ValueError(message) from None
    if len(key) != KEY_BYTES:
        message = f"Key {position} must be {KEY_BYTES} bytes long before base64."
        raise ValueError(message)
    if hmac.compare_digest(key, SAMPLE_KEY):
        message = f"Key {position} is the sample from deploy/env.example, which everybody knows. Make one of your own."
        raise ValueError(message)
    return name, key


def _header(key_id: str) -> bytes:
    return bytes((_VERSION, len(key_id))) + key_id.encode("ascii")


def _header_of(sealed: bytes) -> bytes:
    header = sealed[: 2 + sealed[1]] if len(sealed) > _NONCE_BYTES and sealed[0] == _VERSION else b""
    if not header or not header.isascii():
        message = "These are not sealed bytes."
        raise Unopenable(message)
    return header


_VERSION = 1
_NONCE_BYTES = 12
_BLOCK_BYTES = 64
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
