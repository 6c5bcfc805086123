"""BUNDLE.*: whether the name, in any spelling, is held, waited for, withheld or blocked (NAME-POLICY, "Bundle")."""

from collections.abc import Iterator

from registry.kernel.errors import Text
from registry.model.decision import INFO, REFUSE, REVIEW, Finding
from registry.policy.idn.bundle import Disposition, disposition, stored_bundle
from registry.policy.naming.case import Case
from registry.policy.naming.request import Registration

_STANDING = (Disposition.REGISTERED, Disposition.BUNDLED)


def rules(case: Case) -> Iterator[Finding]:
    """Registered bundles, waiting applications and names that were official once, under the index label."""
    for registration in case.facts.registrations:
        if registration.key == case.key:
            yield _registered(case, registration)
    yield from _pending(case)
    yield from _retired(case)


def _registered(case: Case, held: Registration) -> Finding:
    bundle = stored_bundle(held.registered, held.simplified, held.traditional)
    state = disposition(bundle, case.label.u, case.tables.idn)
    own = bool(case.code) and held.holder_uscc == case.code
    evidence = {"registered": held.registered, "holder": held.holder_name, "state": str(state)}
    if state in _STANDING:
        return Finding("BUNDLE.TAKEN", REFUSE, _taken(held, own), evidence)
    if state is Disposition.WITHHELD:
        outcome = REVIEW if own else REFUSE
        return Finding("BUNDLE.WITHHELD", outcome, _withheld(held, own), evidence)
    text = Text(
        f"这是“{held.registered}”的混合写法，对任何单位都不开放，请使用规范的简体或繁体写法。",
        f"This is a mixed spelling of {held.registered}, which nobody gets; please use a pure spelling.",
    )
    return Finding("BUNDLE.BLOCKED", REFUSE, text, evidence)


def _taken(held: Registration, own: bool) -> Text:
    if own:
        return Text(
            f"本单位已持有“{held.registered}”，同一名称的简繁写法属于同一组，无须再次申请。",
            f"The body already holds {held.registered}; all spellings of it belong to that registration.",
        )
    return Text(
        f"“{held.registered}”（含其简繁写法）已由“{held.holder_name}”注册，请另选名称。",
        f"{held.registered}, with all its spellings, is registered by {held.holder_name}; please choose another name.",
    )


def _withheld(held: Registration, own: bool) -> Text:
    if own:
        return Text(
            f"这是本单位名称“{held.registered}”的保留写法，启用须经审核。",
            f"This spelling is withheld for the own name {held.registered}; a reviewer decides on its use.",
        )
    return Text(
        f"这是他人名称“{held.registered}”的保留写法，请另选名称。",
        f"This spelling is withheld for the holder of {held.registered}; please choose another name.",
    )


def _pending(case: Case) -> Iterator[Finding]:
    waiting = [entry for entry in case.facts.pending if entry.key == case.key]
    others = [entry.application for entry in waiting if entry.uscc != case.code]
    if others:
        text = Text(
            "另一单位对同一名称的申请正在审核，两件申请将一并交争议处理岗位。",
            "An application of another body for this name is waiting; both go to the dispute desk.",
        )
        yield Finding("BUNDLE.PENDING", REVIEW, text, {"applications": others})
    elif waiting:
        text = Text("本单位对该名称的申请正在审核。", "The body's own application for this name is waiting.")
        yield Finding("BUNDLE.PENDING", INFO, text, {"applications": [entry.application for entry in waiting]})


def _retired(case: Case) -> Iterator[Finding]:
    family = {case.code, *(body.uscc for body in case.facts.predecessors)}
    for retired in case.facts.retired:
        if retired.key == case.key and retired.uscc not in family:
            text = Text(
                "该名称曾由其他单位用作官方名称，永久保留，不再开放。",
                "This was the official name of another body; it is kept for good and never released.",
            )
            yield Finding("BUNDLE.BLOCKED", REFUSE, text, {"retired": retired.name, "holder": retired.uscc})
