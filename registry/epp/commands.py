"""Every command of this door, in one ordered list: verb and object, who reads it, which flow does it, who writes the answer.

``hello``, ``login`` and ``logout`` are not here: they belong to the session (``registry/epp/session``).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from registry.epp import ttl
from registry.epp.answer import Answer
from registry.epp.contact.check import read_contact_check, write_contact_check
from registry.epp.contact.create import read_contact_create, write_contact_create
from registry.epp.contact.delete import read_contact_delete
from registry.epp.contact.info import read_contact_info, write_contact_info
from registry.epp.contact.transfer import read_contact_transfer, write_contact_transfer
from registry.epp.contact.update import change_contact, read_contact_update
from registry.epp.domain import codes, dnssec, idn, launching, restore, tokens
from registry.epp.domain.check import read_domain_check, write_domain_check
from registry.epp.domain.create import read_domain_create, write_domain_create
from registry.epp.domain.delete import delete_or_withdraw, read_domain_delete, write_domain_delete
from registry.epp.domain.info import read_domain_info, write_domain_info
from registry.epp.domain.renew import read_domain_renew, write_domain_renew
from registry.epp.domain.restore import change_or_restore, read_change_or_restore, write_change_or_restore
from registry.epp.domain.transfer import read_domain_transfer, write_domain_transfer
from registry.epp.host.check import read_host_check, write_host_check
from registry.epp.host.create import read_host_create, write_host_create
from registry.epp.host.delete import read_host_delete
from registry.epp.host.info import read_host_info, write_host_info
from registry.epp.host.update import read_host_update
from registry.epp.maintenance.info import read_maintenance_info, write_maintenance_info
from registry.epp.namespaces import CONTACT, DOMAIN, HOST, MAINTENANCE
from registry.epp.poll.acknowledge import read_poll_acknowledge, write_poll_acknowledge
from registry.epp.poll.request import read_poll_request, write_poll_request
from registry.epp.request import Asked, ElementName
from registry.flows.act import Act
from registry.flows.contact.check import check_contacts
from registry.flows.contact.create import create_contact
from registry.flows.contact.delete import delete_contact
from registry.flows.contact.info import info_contact
from registry.flows.contact.transfer import transfer_contact
from registry.flows.domain.check import check_domains
from registry.flows.domain.create import create_domain
from registry.flows.domain.pending import info_held_or_pending
from registry.flows.domain.renew import renew_domain
from registry.flows.domain.transfer import transfer_domain
from registry.flows.host.check import check_hosts
from registry.flows.host.create import create_host
from registry.flows.host.delete import delete_host
from registry.flows.host.info import view_host
from registry.flows.host.update import update_host
from registry.flows.maintenance.info import info_maintenance
from registry.flows.poll.acknowledge import poll_acknowledge
from registry.flows.poll.request import poll_request
from registry.kernel.errors import Reason, Refusal


@dataclass(frozen=True, slots=True)
class Command:
    """One row. ``read`` makes the order of the flow, ``write`` renders what came back in the session's language.

    ``operation`` is the attribute ``op`` that selects the row, empty when the row serves all; ``extensions`` are the
    elements that may stand in the command's ``extension``; ``only_reads`` marks a flow that asks one question of the register.
    """

    verb: str
    namespace: str
    read: Callable[[Asked], Any]
    flow: Callable[[Act, Any], Awaitable[Any]]
    write: Callable[[Asked, Any, str], Answer]
    extensions: frozenset[ElementName] = frozenset()
    operation: str = ""
    only_reads: bool = False


def write_done(asked: Asked, result: object, language: str) -> Answer:  # noqa: ARG001  # every writer has the same arguments
    """Code 1000 and nothing else."""
    return Answer()


CHECKING = frozenset({launching.CHECK, tokens.SHOWN})
LOOKING = frozenset({codes.ASKED, launching.INFO, tokens.ASKED, ttl.ASKED})
CREATING = frozenset(
    {dnssec.CREATE, codes.PRESENTED, launching.CREATE, idn.DATA, idn.BUNDLED, tokens.SHOWN, ttl.CREATE}
)
UPDATING = frozenset({dnssec.UPDATE, restore.RESTORE, codes.PRESENTED, ttl.UPDATE})
WITHDRAWING = frozenset({launching.DELETE})

COMMANDS = (
    Command(
        "check",
        DOMAIN,
        read_domain_check,
        check_domains,
        write_domain_check,
        CHECKING,
        only_reads=True,
    ),
    Command("info", DOMAIN, read_domain_info, info_held_or_pending, write_domain_info, LOOKING, only_reads=True),
    Command("create", DOMAIN, read_domain_create, create_domain, write_domain_create, CREATING),
    Command("update", DOMAIN, read_change_or_restore, change_or_restore, write_change_or_restore, UPDATING),
    Command("renew", DOMAIN, read_domain_renew, renew_domain, write_domain_renew),
    Command(
        "transfer",
        DOMAIN,
        read_domain_transfer,
        transfer_domain,
        write_domain_transfer,
        frozenset({tokens.SHOWN}),
    ),
    Command("delete", DOMAIN, read_domain_delete, delete_or_withdraw, write_domain_delete, WITHDRAWING),
    Command("check", HOST, read_host_check, check_hosts, write_host_check, only_reads=True),
    Command("info", HOST, read_host_info, view_host, write_host_info, frozenset({ttl.ASKED}), only_reads=True),
    Command("create", HOST, read_host_create, create_host, write_host_create, frozenset({ttl.CREATE})),
    Command("update", HOST, read_host_update, update_host, write_done, frozenset({ttl.UPDATE})),
    Command("delete", HOST, read_host_delete, delete_host, write_done),
    Command("check", CONTACT, read_contact_check, check_contacts, write_contact_check, only_reads=True),
    Command("info", CONTACT, read_contact_info, info_contact, write_contact_info, only_reads=True),
    Command("create", CONTACT, read_contact_create, create_contact, write_contact_create),
    Command("update", CONTACT, read_contact_update, change_contact, write_done),
    Command("transfer", CONTACT, read_contact_transfer, transfer_contact, write_contact_transfer),
    Command("delete", CONTACT, read_contact_delete, delete_contact, write_done),
    Command("info", MAINTENANCE, read_maintenance_info, info_maintenance, write_maintenance_info, only_reads=True),
    Command("poll", "", read_poll_request, poll_request, write_poll_request, operation="req", only_reads=True),
    Command("poll", "", read_poll_acknowledge, poll_acknowledge, write_poll_acknowledge, operation="ack"),
)
_BY_KEY = {(row.verb, row.namespace, row.operation): row for row in COMMANDS}


def find_command(asked: Asked, services: frozenset[str]) -> Command:
    """The row for a document that is in order. Refuses what was not announced at login, and an extension out of place."""
    row = _BY_KEY.get((asked.verb, asked.namespace, "")) or _BY_KEY.get((asked.verb, asked.namespace, asked.operation))
    if row is None:
        raise Refusal(
            Reason.COMMAND_UNSUPPORTED, f"该对象没有命令 {asked.verb}", f"there is no {asked.verb} for this object"
        )
    if asked.namespace and asked.namespace not in services:
        raise _unannounced(Reason.OBJECT_UNSUPPORTED, asked.namespace)
    for uri, name in asked.extensions:
        if uri not in services:
            raise _unannounced(Reason.EXTENSION_UNSUPPORTED, uri)
        if (uri, name) not in row.extensions:
            raise Refusal(
                Reason.EXTENSION_UNSUPPORTED,
                f"扩展元素 {name}（{uri}）不能用于该命令",
                f"the extension element {name} of {uri} does not belong to this command",
            )
    return row


def _unannounced(reason: Reason, uri: str) -> Refusal:
    return Refusal(reason, f"登录时没有声明 {uri}", f"{uri} was not announced at login")
