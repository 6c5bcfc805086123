"""Letters by SMTP (RFC 5321), with STARTTLS or TLS from the start as configured."""

from pathlib import Path

import aiosmtplib

from registry.jobs.delivery.letter import email_of
from registry.jobs.delivery.outcome import Outcome, Result, outcome
from registry.kernel.config import Config, MailConfig
from registry.store.deliveries import Delivery

SECONDS = 30.0  # a relay of our own; a slower one is tried again
_FOR_EVER = range(500, 600)  # RFC 5321, section 4.2.1: a permanent negative completion


async def send_email(config: Config, one: Delivery, code: str) -> Outcome:
    """Hand one letter to the relay. Without a configured relay nothing is sent and the letter waits."""
    mail = config.mail
    if not mail.host:
        return outcome(Result.LATER, "no mail relay is configured")
    letter = email_of(one, mail.sender, config.public_url, code)
    try:
        _, said = await aiosmtplib.send(
            letter,
            hostname=mail.host,
            port=mail.port,
            username=mail.username or None,
            password=_password(mail),
            use_tls=mail.security == "tls",
            start_tls=mail.security == "starttls",
            cert_bundle=mail.ca_file or None,
            timeout=SECONDS,
        )
    except aiosmtplib.SMTPRecipientsRefused as refused:
        return _refused(refused.recipients[0].code, refused.recipients[0].message)
    except aiosmtplib.SMTPResponseException as refused:
        return _refused(refused.code, refused.message)
    except (aiosmtplib.SMTPException, OSError) as error:
        return outcome(Result.LATER, f"{type(error).__name__}: {error}")
    return outcome(Result.SENT, said)


def _refused(code: int, said: str) -> Outcome:
    return outcome(Result.NEVER if code in _FOR_EVER else Result.LATER, f"{code} {said}")


def _password(mail: MailConfig) -> str | None:
    return Path(mail.password_file).read_text().strip() if mail.password_file else None
