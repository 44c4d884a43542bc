"""Sends what is to be told of an alert: an e-mail, or a text to a chat's webhook."""

import json
import smtplib
import ssl
import urllib.error
import urllib.request
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from central.alerts.alert_book import ListedAlert
from central.alerts.chat_messages import ChatKind, chat_post, refusal
from central.reports.indicator_wording import title
from central.reports.language import gettext
from central.settings import AlertChannel, MailServer
from central.showrooms.premises import Showroom
from central.statistics.indicators import INDICATORS

ANSWER_BYTES = 4096
"""Of a chat's answer, as much as is read."""
PATIENCE_S = 15.0
"""How long a mail server or a chat may take for a step; the next try comes in a minute."""


def alert_text(alert: ListedAlert, place: Showroom, url: str) -> str:
    """An alert in words, in the language of the moment: where, what, since when, and the page."""
    if alert.source is not None:
        overdue = gettext("{company}: a note of monitoring is overdue since {day}: {title}")
        told = overdue.format(company=place.company, day=alert.began.isoformat(), title=alert.source_title)
        page = gettext("What is to be noted: {page}").format(page=f"{url}/monitoring/{alert.source}")
        return f"{told}\n{page}"
    changed = gettext("{company} / {showroom}: since {day} the level is another.")
    lines = [
        changed.format(company=place.company, showroom=place.name, day=alert.began.isoformat()),
        *(
            _direction(up).format(indicator=title(INDICATORS[code]))
            for code, up, lasts in alert.signals
            if lasts and code in INDICATORS
        ),
        gettext("Charts, and who sees to it: {page}").format(page=f"{url}/alerts"),
    ]
    return "\n".join(lines)


def _direction(up: bool) -> str:  # noqa: FBT001  (which way is all there is to say)
    return gettext("- {indicator}: higher") if up else gettext("- {indicator}: lower")


def tell(channel: AlertChannel, mail: MailServer, subject: str, text: str, now_wall_s: float) -> str | None:
    """Tell a channel; None where it took the text, else why not, without any secret.

    Args:
        channel: Whom.
        mail: The server for e-mail.
        subject: Of an e-mail.
        text: Plain.
        now_wall_s: The present, as Unix time.
    """
    try:
        if channel.kind == "email":
            _mail(channel, mail, subject, text)
            return None
        return _chat(channel, channel.kind, text, now_wall_s)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        # What is said of a chat's error may hold its address, which is a secret.
        return f"{type(error).__name__}: {error}" if channel.kind == "email" else _without_address(error)


def _mail(channel: AlertChannel, server: MailServer, subject: str, text: str) -> None:
    if not server.host or not server.sender:
        raise ValueError("central.toml names no [mail] host and sender")
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, server.sender, ", ".join(channel.to)
    message.set_content(text)
    trusted = ssl.create_default_context()
    opened = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE_S, context=trusted)
        if server.security == "tls"
        else smtplib.SMTP(server.host, server.port, timeout=PATIENCE_S)
    )
    with opened as smtp:
        if server.security == "starttls":
            smtp.starttls(context=trusted)
        if server.user and server.password_file is not None:
            password = _secret(server.password_file)
            if not password.isascii():
                # smtplib would say which letter it is.
                raise ValueError(
                    "what stands in password_file has letters outside of ASCII, which a mail server's log-in does not carry"
                )
            smtp.login(server.user, password)
        smtp.send_message(message)


def _chat(channel: AlertChannel, kind: ChatKind, text: str, now_wall_s: float) -> str | None:
    if channel.url_file is None:
        return "central.toml names no url_file"
    secret = None if channel.secret_file is None else _secret(channel.secret_file)
    post = chat_post(kind, _secret(channel.url_file), text, secret, now_wall_s)
    if not post.url.startswith(("https://", "http://")):
        return "what stands in url_file is no address"
    asked = urllib.request.Request(  # noqa: S310 - http and https only, see above
        post.url, json.dumps(post.body).encode(), {"content-type": "application/json; charset=utf-8"}
    )
    try:
        with _STRAIGHT.open(asked, timeout=PATIENCE_S) as answer:
            return refusal(answer.status, answer.read(ANSWER_BYTES).decode(errors="replace"))
    except urllib.error.HTTPError as error:
        with error:
            return refusal(error.code, error.read(ANSWER_BYTES).decode(errors="replace"))


class _NoDetour(urllib.request.HTTPRedirectHandler):
    """Takes an answer that sends elsewhere for the refusal that it is: the text goes where the settings say, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing."""


_STRAIGHT = urllib.request.build_opener(_NoDetour)


def _without_address(error: Exception) -> str:
    reason = getattr(error, "reason", None)
    return f"it cannot be reached: {reason if isinstance(reason, OSError) else type(error).__name__}"


def _secret(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip()
