"""Accounts as a security officer sees them."""

from registry.flows.act import Act
from registry.kernel.errors import Reason, Refusal
from registry.model.person import Person
from registry.store import people
from registry.store.people import ListedPerson

PAGE = 100
MAX_USERNAME = 64


async def list_accounts(act: Act, after: str = "") -> list[ListedPerson]:
    """A page of the accounts in the order of their names; ``after`` is the last name of the page before."""
    return await people.listed(act.conn, act.now, after, PAGE)


async def find_account(act: Act, username: str) -> ListedPerson:
    """One account. Refuses with NOT_FOUND."""
    found = await people.one_listed(act.conn, act.now, username) if is_username(username) else None
    if found is None:
        raise no_account(username)
    return found


async def person_of(act: Act, username: str) -> Person:
    """The person of an account that can sign in. Refuses with NOT_FOUND."""
    account = await people.find(act.conn, username) if is_username(username) else None
    if account is None or account.disabled_at is not None:
        raise no_account(username)
    return account.person


def no_account(username: str) -> Refusal:
    """The refusal for an account that is not there."""
    shown = username if is_username(username) else ""
    return Refusal(Reason.NOT_FOUND, "没有这个账户", "there is no such account", where="username", value=shown)


def is_username(text: str) -> bool:
    """Whether an account could bear this name: 1 to 64 characters, none of them invisible."""
    return 0 < len(text) <= MAX_USERNAME and text.isprintable()
