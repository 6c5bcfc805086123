"""The name decision: given a label and a body, pass, review or refuse, and why (NAME-POLICY; CONTRACT).

Theory of operation. The holder is judged first, then the label is read; a broken label stops the rest. Otherwise every
rule of :data:`RULES` is asked in the order of NAME-POLICY and all findings are collected: any refuse refuses, else any
review reviews, else the name passes. What passes for the body instead is tried out by the very same rules.

Pure: the same request, facts, tables and day give the same decision. Never raises on any text.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date

from registry.model.decision import PASS, REFUSE, REVIEW, BundleNames, Decision, Finding, gravest
from registry.policy.codes import check_uscc, kind_of
from registry.policy.idn.bundle import Role, stored_bundle
from registry.policy.idn.label import Label
from registry.policy.naming import basis, bundles, eligibility, holder, place, reserved, similar
from registry.policy.naming.case import Case
from registry.policy.naming.labels import Read, read_name
from registry.policy.naming.request import Facts, NameRequest
from registry.policy.naming.suggestions import MAX_SUGGESTIONS, candidates
from registry.policy.naming.tables import Tables

PASSING = frozenset({"full", "short", "alias", "derived"})  # the kinds of basis that pass by themselves
Rule = Callable[[Case], Iterable[Finding]]

# NAME-POLICY: label → holder → eligibility → bundle → basis → place, national, reserved, content → similarity
RULES: tuple[Rule, ...] = (
    holder.rules,
    eligibility.rules,
    bundles.rules,
    basis.rules,
    place.rules,
    reserved.rules,
    similar.rules,
)


def decide(request: NameRequest, facts: Facts, tables: Tables, today: date) -> Decision:
    """The decision for one request. ``facts`` are those that ``keys_to_look_up`` asked for."""
    read = read_name(request, tables)
    code = _checked(request.uscc)
    standing = tuple(holder.holder_findings(request, facts, tables, today))
    findings = (*read.findings, *standing)
    if read.label is not None:
        findings = (*findings, *_judged(_case(read.label, read.tld, code, facts, tables, today)))
    return Decision(
        name=read.name,
        a_label=f"{read.label.a}.{tables.tlds[read.tld]}" if read.label else "",
        decision=gravest(findings),
        findings=findings,
        bundle=_bundle(read),
        suggestions=tuple(_suggested(read, code, facts, tables, today, standing)),
        policy_version=tables.policy_version,
    )


def _judged(case: Case) -> Iterator[Finding]:
    for rule in RULES:
        yield from rule(case)


def _checked(text: str) -> str:
    code = check_uscc(text)
    return code if isinstance(code, str) else ""


def _case(label: Label, tld: str, code: str, facts: Facts, tables: Tables, today: date) -> Case:
    own = facts.own if code else None
    chain = tables.gazetteer.read(label.index)
    profile = tables.profile(own) if own else None
    return Case(
        label=label,
        tld=tld,
        code=code,
        kind=own.kind if own else kind_of(code) if code else "",
        facts=facts,
        tables=tables,
        today=today,
        profile=profile,
        chain=chain,
        exact=profile.exact.get(label.index) if profile else None,
        basis=basis.find_basis(label, chain, profile, facts, tables) if profile else None,
    )


def _suggested(
    read: Read, code: str, facts: Facts, tables: Tables, today: date, standing: tuple[Finding, ...]
) -> Iterator[str]:
    """Labels that would pass now; none when the holder itself stands in the way."""
    own = facts.own
    if own is None or not read.tld or gravest(standing) != PASS:
        return
    asked, given = read.label.index if read.label else "", 0
    facts = replace(facts, similar=())  # what is only shown never decides, and scoring it costs the most
    for text in candidates(own, tables):
        label = tables.own_label(text)
        if label is None or label.index == asked:
            continue
        case = _case(label, read.tld, code, facts, tables, today)
        if case.basis_kind in PASSING and not any(finding.outcome in (REFUSE, REVIEW) for finding in _judged(case)):
            yield f"{label.u}.{read.tld}"
            given += 1
        if given == MAX_SUGGESTIONS:
            return


def _bundle(read: Read) -> BundleNames:
    if read.label is None:
        return BundleNames()
    label, tld = read.label, read.tld
    members = stored_bundle(label.u, label.simplified, label.traditional).members
    fits = {member.u_label for member in members if member.active or member.role is Role.REGISTERED}
    return BundleNames(
        registered=f"{label.u}.{tld}",
        simplified=f"{label.simplified}.{tld}" if label.simplified in fits else "",
        traditional=f"{label.traditional}.{tld}" if label.traditional in fits else "",
    )
