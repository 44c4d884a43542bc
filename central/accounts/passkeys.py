"""Passkeys: keys of an account that lie in a person's own device, and the ceremonies by which they are made and used (WebAuthn)."""

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Double, ForeignKey, Index, Integer, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from central.accounts.account_book import Account, account_of
from central.accounts.secret import digest
from central.database.table import BIG_KEY, Table
from protocol.errors import RefusalError

CHALLENGE_S = 300.0
"""A person has so long to find their device (WebAuthn level 3, section 15.1, recommends 300 to 600 s)."""
MOST_CHALLENGES = 10_000
"""Challenges that are waited for at one time: a flood of browsers that ask for one takes 1 MB and no more."""
MOST_OF_AN_ACCOUNT = 10
"""Passkeys of one account: a telephone, a computer and a key on a ring are three."""


class PasskeyError(RefusalError):
    """A passkey cannot be made or used; the text says why."""


class PasskeyRow(Table):
    """One passkey; the private half never leaves its device."""

    __tablename__ = "passkey"
    __table_args__ = (Index("passkey_by_account", "account"),)

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    account: Mapped[int] = mapped_column(BIG_KEY, ForeignKey("account.id"))
    credential: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the name by which its device knows it, which may be long."""
    credential_id: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    uses: Mapped[int] = mapped_column(Integer)
    """As its device counts them; one that counts and goes back was copied."""
    made_wall_s: Mapped[float] = mapped_column(Double)


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner sees it."""

    id: int
    made_wall_s: float


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys are good for: the address that people type."""

    origin: str

    @property
    def name(self) -> str:
        """The name that a passkey is tied to."""
        return urlsplit(self.origin).hostname or ""

    @property
    def possible(self) -> bool:
        """Whether browsers make passkeys there: for a name and not for a number, and by HTTPS save on this machine.

        >>> Site("https://desks.example.com").possible, Site("http://127.0.0.1:8080").possible, Site("http://localhost:8080").possible
        (True, False, True)
        """
        named = ":" not in self.name and not self.name.rpartition(".")[2].isdecimal()
        return named and (self.origin.startswith("https://") or self.name == "localhost")


class Challenges:
    """The challenges that browsers have been given and not answered yet, each good for one answer."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, of: str, challenge: bytes, now_wall_s: float) -> None:
        """Remember the challenge of a browser, in place of an older one of its own."""
        with self._lock:
            self._waiting.pop(of, None)
            self._waiting[of] = challenge, now_wall_s
            while len(self._waiting) > MOST_CHALLENGES:
                self._waiting.popitem(last=False)

    def take(self, of: str, now_wall_s: float) -> bytes:
        """The challenge of a browser, which is used up by it.

        Raises:
            PasskeyError: There is none, or it is too old.
        """
        with self._lock:
            challenge, since_s = self._waiting.pop(of, (b"", 0.0))
        if not challenge or now_wall_s - since_s > CHALLENGE_S:
            raise PasskeyError("this took too long: try again")
        return challenge


def passkeys(session: Session, account: int) -> tuple[Passkey, ...]:
    """The passkeys of an account, oldest first."""
    rows = session.scalars(select(PasskeyRow).where(PasskeyRow.account == account).order_by(PasskeyRow.id))
    return tuple(Passkey(row.id, row.made_wall_s) for row in rows)


def ask_to_make(session: Session, site: Site, account: Account) -> tuple[str, bytes]:
    """What a browser is asked, as JSON, to make a passkey; and the challenge in it."""
    known = session.scalars(select(PasskeyRow.credential_id).where(PasskeyRow.account == account.id))
    options = generate_registration_options(
        rp_id=site.name,
        rp_name="Deskside",
        user_name=account.name,
        user_id=account.actor.encode(),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return options_to_json(options), options.challenge


def ask_to_use(site: Site) -> tuple[str, bytes]:
    """What a browser is asked, as JSON, to use any passkey of this site; and the challenge in it."""
    options = generate_authentication_options(
        rp_id=site.name, user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json(options), options.challenge


def keep_passkey(
    session: Session, site: Site, account: Account, answer: str, challenge: bytes, now_wall_s: float
) -> None:
    """Keep the passkey that a browser has made.

    Raises:
        PasskeyError: It is not what was asked for, is kept already, or the account has too many.
    """
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyError("the passkey cannot be used: {error}", error=error) from None
    name = _name(made.credential_id)
    if session.scalar(select(PasskeyRow.id).where(PasskeyRow.credential == name)) is not None:
        raise PasskeyError("this passkey is kept already")
    if len(passkeys(session, account.id)) >= MOST_OF_AN_ACCOUNT:
        raise PasskeyError(
            "an account has {most_of_an_account} passkeys at most: take one away first",
            most_of_an_account=MOST_OF_AN_ACCOUNT,
        )
    session.add(
        PasskeyRow(
            account=account.id,
            credential=name,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            uses=made.sign_count,
            made_wall_s=now_wall_s,
        )
    )
    session.flush()


def account_by_passkey(session: Session, site: Site, answer: str, challenge: bytes) -> Account:
    """Whose passkey has answered.

    Raises:
        PasskeyError: It is nobody's, did not answer this challenge, or was copied; or the account is closed.
    """
    try:
        row = session.scalar(
            select(PasskeyRow).where(
                PasskeyRow.credential == _name(base64url_to_bytes(json.loads(answer)["rawId"]))
            )
        )
        if row is None:
            raise PasskeyError("no account has this passkey")
        used = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.uses,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyError("the passkey cannot be used: {error}", error=error) from None
    row.uses = used.new_sign_count
    account = account_of(session, row.account)
    if account is None or not account.open:
        raise PasskeyError("no account has this passkey")
    return account


def drop_passkey(session: Session, account: int, number: int) -> None:
    """Take a passkey of an account away; another account's stays."""
    row = session.get(PasskeyRow, number)
    if row is not None and row.account == account:
        session.delete(row)


def _name(credential_id: bytes) -> str:
    return digest(credential_id.hex())
