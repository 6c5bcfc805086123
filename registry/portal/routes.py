"""The routes of the portal, each with its handler; who may use it stands in ``rights``."""

from aiohttp import web

from registry.kernel.web.app import Context
from registry.portal import (
    account_orders,
    accounts,
    application,
    apply,
    audit,
    body_tasks,
    cases,
    desk,
    dispute,
    establishment,
    held_names,
    queue,
    set_up,
    sign_in,
)
from registry.portal.comparison import desk as comparison_desk
from registry.portal.comparison import tasks as comparison_tasks
from registry.portal.guard import Handler, OpenHandler, guarded, open_door, unguarded
from registry.portal.institutions import acts, files, lists
from registry.portal.notices import addresses, inbox, outbox
from registry.portal.registrars import commands, operators, own, rehearsal

OPEN: tuple[tuple[str, str, OpenHandler], ...] = (
    ("GET", "/portal", sign_in.to_home),
    ("GET", "/portal/sign-in", sign_in.show_form),
    ("POST", "/portal/sign-in", sign_in.take_form),
    ("GET", "/portal/setup", set_up.show_form),
    ("POST", "/portal/setup", set_up.take_form),
)
GUARDED: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/portal/sign-out", sign_in.leave),
    ("GET", "/portal/", desk.show_home),
    ("GET", "/portal/notices", inbox.show_inbox),
    ("POST", "/portal/notices/read", inbox.take_reading),
    ("GET", "/portal/notices/addresses", addresses.show_addresses),
    ("POST", "/portal/notices/addresses", addresses.take_address),
    ("GET", "/portal/notices/{notice}", inbox.show_letter),
    ("GET", "/portal/deliveries", outbox.show_deliveries),
    ("POST", "/portal/deliveries/{delivery}/retry", outbox.take_another_try),
    ("GET", "/portal/registrar", own.show_own),
    ("POST", "/portal/registrar", own.take_own),
    ("GET", "/portal/registrar/report", own.show_report),
    ("GET", "/portal/registrars", operators.show_registrars),
    ("POST", "/portal/registrars", operators.take_registrars),
    ("GET", "/portal/commands", commands.show_commands),
    ("GET", "/portal/rehearsal", rehearsal.show_rehearsal),
    ("POST", "/portal/rehearsal", rehearsal.take_rehearsal),
    ("GET", "/portal/apply", apply.show_form),
    ("POST", "/portal/apply", apply.take_form),
    ("GET", "/portal/names/{name}", held_names.show_name),
    ("POST", "/portal/names/{name}/delegation", held_names.take_change),
    ("POST", "/portal/names/{name}/renewal", held_names.take_renewal),
    ("GET", "/portal/changes", held_names.show_changes),
    ("POST", "/portal/changes/{change}", held_names.take_step),
    ("GET", "/portal/body-tasks", body_tasks.show_tasks),
    ("GET", "/portal/body-tasks/{task}", body_tasks.show_task),
    ("POST", "/portal/body-tasks/{task}", body_tasks.take_decision),
    ("GET", "/portal/figures", establishment.show_figures),
    ("GET", "/portal/bodies", establishment.show_bodies),
    ("GET", "/portal/bodies/{uscc}", establishment.show_one),
    ("GET", "/portal/queue", queue.show_queue),
    ("GET", "/portal/applications/{id}", application.show_card),
    ("POST", "/portal/applications/{id}/decision", application.take_decision),
    ("POST", "/portal/applications/{id}/withdrawal", application.take_withdrawal),
    ("POST", "/portal/applications/{id}/return", application.take_return),
    ("POST", "/portal/applications/{id}/answer", application.take_answer),
    ("POST", "/portal/applications/{id}/decline", application.take_refusal_to_accept),
    ("POST", "/portal/applications/{id}/claim", application.take_claim),
    ("POST", "/portal/applications/{id}/message", application.take_message),
    ("POST", "/portal/applications/{id}/appeal", application.take_appeal),
    ("GET", "/portal/applications/{id}/dispute", dispute.show_dispute),
    ("POST", "/portal/applications/{id}/dispute", dispute.take_dispute),
    ("GET", "/portal/institution", lists.show_desk),
    ("POST", "/portal/institution/liquidation", lists.take_liquidation),
    ("GET", "/portal/institutions", lists.show_queue),
    ("GET", "/portal/institutions/new", acts.show_new),
    ("POST", "/portal/institutions/new", acts.take_new),
    ("GET", "/portal/institutions/{act}", acts.show_act),
    ("POST", "/portal/institutions/{act}", acts.take_step),
    ("POST", "/portal/institutions/{act}/documents", files.take_upload),
    ("GET", "/portal/documents/{document}", files.send_document),
    ("POST", "/portal/documents/{document}/removal", files.take_removal),
    ("GET", "/portal/password", set_up.show_password),
    ("POST", "/portal/password", set_up.take_password),
    ("GET", "/portal/comparisons", comparison_desk.show_comparisons),
    ("GET", "/portal/comparisons/{comparison}", comparison_desk.show_findings),
    ("GET", "/portal/comparisons/{comparison}/report", comparison_desk.show_report),
    ("GET", "/portal/comparisons/{comparison}/export", comparison_desk.send_export),
    ("GET", "/portal/comparisons/{comparison}/findings/{finding}", comparison_desk.show_card),
    ("POST", "/portal/comparisons/{comparison}/findings/{finding}", comparison_desk.take_verdict),
    ("GET", "/portal/corrections", comparison_tasks.show_corrections),
    ("POST", "/portal/corrections/{task}", comparison_tasks.take_correction),
    ("GET", "/portal/accounts", accounts.show_accounts),
    ("GET", "/portal/account-orders", account_orders.show_orders),
    ("GET", "/portal/account-orders/new", account_orders.show_form),
    ("POST", "/portal/account-orders/new", account_orders.take_form),
    ("POST", "/portal/account-orders/{order}", account_orders.take_decision),
    ("POST", "/portal/accounts/{username}/restoring", account_orders.take_restoring),
    ("GET", "/portal/accounts/{username}", accounts.show_account),
    ("POST", "/portal/accounts/{username}/disabling", accounts.take_disabling),
    ("GET", "/portal/cases", cases.show_cases),
    ("GET", "/portal/cases/{case}", cases.show_case),
    ("POST", "/portal/cases/{case}", cases.take_act),
    ("GET", "/portal/cases/{case}/package", cases.send_package),
    ("GET", "/portal/cases/{case}/evidence/{number}", cases.send_evidence),
    ("GET", "/portal/audit", audit.show_trail),
    ("POST", "/portal/audit/proof", audit.take_proof),
)


def routes(context: Context) -> list[web.RouteDef]:
    """All of them, behind one door."""
    door = open_door(context)
    return [
        *(unguarded(door, *route) for route in OPEN),
        *(guarded(door, *route) for route in GUARDED),
    ]
