"""Official names: proof of identity, the decision in line, review, bundles, races, and names that never go to strangers."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from registry.flows.act import Act, Caller
from registry.flows.domain.check import CheckDomains, check_domains
from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.domain.delete import DeleteDomain, delete_domain
from registry.flows.domain.info import InfoDomain, info_domain
from registry.flows.domain.purge import PurgeDomain, purge_domain
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import CreatedDomain
from registry.model.verification import PresentedCode
from tests.flows.world import GOV, ORG, A, B, C, World
from tests.kit.clock import FakeClock

SIMPLIFIED, TRADITIONAL, MIXED = (
    "xn--zfr54hdx6e",
    "xn--lhr90h5v6e",
    "xn--lhrx8gky6e",
)  # 国务院, 國務院, 囯務院 (idn.md 8)
TSINGHUA = f"xn--xkry9kk1bz66a.{ORG}"  # 清华大学.公益
COMMON = f"xn--xkrp53d.{ORG}"  # 清华.公益
JOB = Caller("job", "life")


async def test_a_name_needs_a_verification_code(world: World) -> None:
    """Without a code the refusal says how to get one; with a bad one, that it is bad."""
    order = CreateDomain(f"{SIMPLIFIED}.{GOV}", registrant="c-1")
    refusal = await world.refused(A, create_domain, order, Reason.VERIFICATION_MISSING)
    assert "POST /api/v1/verifications" in refusal.text.zh
    assert "POST /api/v1/verifications" in refusal.text.en
    with pytest.raises(Refusal) as caught:
        await world.do(A, create_domain, replace(order, codes=(PresentedCode("bm90IHhtbA=="),)))
    assert caught.value.reason is Reason.VERIFICATION_INVALID


async def test_a_body_gets_its_name_with_the_whole_bundle(world: World) -> None:
    """A code for 国务院 gives 国务院.政务 and 國務院.政务 in one object, and the decision is kept and named."""
    uscc = await world.body("国务院")
    code = await world.code(uscc, "国务院")
    created = await world.domain(f"{SIMPLIFIED}.{GOV}", codes=(code,))

    assert [(member.name, member.unicode, member.role) for member in created.members] == [
        (f"{SIMPLIFIED}.{GOV}", "国务院.政务", "registered"),
        (f"{TRADITIONAL}.{GOV}", "國務院.政务", "traditional"),
    ]
    view = await world.do(A, info_domain, InfoDomain(f"{TRADITIONAL}.{GOV}"))
    assert (view.domain.uscc, view.domain.u_label, view.domain.name) == (uscc, "国务院", f"{SIMPLIFIED}.{GOV}")
    assert await world.detail("domain.created") == {
        "names": [f"{SIMPLIFIED}.{GOV}", f"{TRADITIONAL}.{GOV}"], "zone": GOV,
    }  # fmt: skip
    kept = await world.runner.db.fetchrow(
        "select d.decision, d.uscc, n.verification from domain n join decision d on d.id = (n.verification ->> 'decision')::bigint"
    )
    assert kept
    assert (kept["decision"], kept["uscc"]) == ("pass", uscc)
    assert kept["verification"]["types"] == ["registrant"]


async def test_a_caller_that_was_verified_otherwise_gives_the_body(world: World) -> None:
    """REST names the body by its code; no registrant contact is needed then, because the body is the holder."""
    uscc = await world.body("国务院")
    created = await world.domain(f"{SIMPLIFIED}.{GOV}", registrant=None, uscc=uscc)
    assert (await world.do(A, info_domain, InfoDomain(created.name))).domain.uscc == uscc


async def test_two_proofs_must_name_one_body(world: World) -> None:
    """A code of one body and the claim of another are refused."""
    uscc = await world.body("国务院")
    other = await world.body("清华大学", "12", "00000131")
    code = await world.code(uscc, "国务院")
    order = CreateDomain(f"{SIMPLIFIED}.{GOV}", registrant="c-1", codes=(code,), uscc=other)
    await world.refused(A, create_domain, order, Reason.VERIFICATION_INVALID)


async def test_a_name_that_the_policy_refuses_says_why(world: World) -> None:
    """The deciding findings are the sentence, each with its rule; the whole decision is the evidence."""
    uscc = await world.body("清华大学", "12", "00000131")
    order = CreateDomain(f"xn--xkry9kk1bz66a.{GOV}", registrant="c-1", uscc=uscc)
    refusal = await world.refused(A, create_domain, order, Reason.NAME_REFUSED)

    assert [problem.evidence["rule"] for problem in refusal.problems] == ["ELIGIBILITY.APPROVAL"]
    assert refusal.evidence["decision"] == "refuse"
    assert refusal.text.zh == "".join(problem.text.zh for problem in refusal.problems)
    refusal = await world.refused(A, create_domain, replace(order, name=f"abc.{ORG}"), Reason.NAME_REFUSED)
    assert "LABEL.NO_HAN" in {problem.evidence["rule"] for problem in refusal.problems}


async def test_a_name_for_review_waits_and_is_busy_meanwhile(world: World) -> None:
    """Review: an application with all that is needed later, no domain, and nobody else can take the name at once."""
    uscc = await world.body("清华大学", "12", "00000131")
    created = await world.domain(COMMON, uscc=uscc, years=3)

    assert created.is_pending
    assert (created.roid, created.expires_at) == ("", None)
    await world.refused(A, info_domain, InfoDomain(COMMON), Reason.NOT_FOUND)
    waiting = await world.runner.db.fetchrow("select * from application where id = $1", created.application_id)
    assert waiting
    assert (waiting["state"], waiting["kind"], waiting["name"], waiting["uscc"]) == (
        "submitted",
        "domain",
        COMMON,
        uscc,
    )
    assert (waiting["registrar_id"], waiting["region"]) == (A, "100000")
    assert waiting["request"]["years"] == 3
    assert waiting["request"]["registrant"] == "c-1"
    assert await world.kinds(created.application_id) == ["application.submitted"]
    checked = await world.do(B, check_domains, CheckDomains((COMMON,)))
    assert not checked[COMMON].available
    rival = await world.body("清华", "12", "00000132")
    assert (await world.domain(COMMON, B, uscc=rival)).is_pending


async def test_a_domain_code_stands_for_the_reviewers_yes(world: World) -> None:
    """A name that a reviewer approved beforehand is created at once when its code is presented."""
    uscc = await world.body("清华大学", "12", "00000131")
    codes = (await world.code(uscc, "清华大学"), await world.code(uscc, COMMON, kind="domain"))
    assert not (await world.domain(COMMON, codes=codes)).is_pending


async def test_of_many_who_ask_for_one_name_exactly_one_wins(world: World) -> None:
    """Nine concurrent creates of 国务院, 國務院 and 囯務院 by three registrars: one is created, eight are 2302."""
    uscc = await world.body("国务院")

    async def one(label: str, registrar: str) -> CreatedDomain | Reason:
        try:
            return await world.domain(f"{label}.{GOV}", registrar, uscc=uscc)
        except Refusal as refusal:
            return refusal.reason

    asked = [one(label, registrar) for label in (SIMPLIFIED, TRADITIONAL, MIXED) for registrar in (A, B, C)]
    answers = await asyncio.gather(*asked)
    won = [answer for answer in answers if isinstance(answer, CreatedDomain)]

    assert len(won) == 1
    assert [answer for answer in answers if answer is not won[0]] == [Reason.ALREADY_EXISTS] * 8
    written = await world.written()
    assert (written["domain"], await world.kinds(won[0].roid)) == (1, ["domain.created"])
    assert written["bundle_name"] == len(won[0].members)


async def test_the_database_decides_where_the_code_does_not_look(world: World) -> None:
    """In a test zone nothing but the constraint stands between concurrent spellings: still exactly one wins."""

    async def one(label: str, registrar: str) -> Reason | None:
        try:
            await world.domain(f"{label}.zz--main-1234", registrar)
        except Refusal as refusal:
            return refusal.reason
        return None

    asked = [one(label, registrar) for label in (SIMPLIFIED, TRADITIONAL, MIXED) for registrar in (A, B, C)]
    answers = await asyncio.gather(*asked)
    assert sorted(map(str, answers)) == sorted(["None", *[str(Reason.ALREADY_EXISTS)] * 8])


async def test_a_deleted_official_name_is_its_bodys_or_nobodys(world: World) -> None:
    """Deleted in its add period, 国务院.政务 is gone at once: checked as kept, refused to others, given to its body again."""
    uscc = await world.body("国务院")
    created = await world.domain(f"{SIMPLIFIED}.{GOV}", uscc=uscc)
    assert not (await world.do(A, delete_domain, DeleteDomain(f"{TRADITIONAL}.{GOV}"))).is_pending
    await world.refused(A, info_domain, InfoDomain(created.name), Reason.NOT_FOUND)
    assert await world.kinds(created.roid) == ["domain.created", "domain.purged"]

    stranger = await world.body("国务院", "11", "00000777")
    for spelling in (SIMPLIFIED, TRADITIONAL, MIXED):
        name = f"{spelling}.{GOV}"
        checked = await world.do(B, check_domains, CheckDomains((name,)))
        assert not checked[name].available
        order = CreateDomain(name, registrant="c-1", uscc=stranger)
        await world.refused(B, create_domain, order, Reason.NAME_REFUSED)
    await world.runner.db.execute("update body set status = 'abolished' where uscc = $1", stranger)
    assert not (await world.domain(f"{MIXED}.{GOV}", B, uscc=uscc)).is_pending


async def test_an_official_name_is_kept_after_redemption_too(world: World, clock: FakeClock) -> None:
    """After its add period a delete is pending; the job purges it when redemption is over, and the name is kept."""
    uscc = await world.body("清华大学", "12", "00000131")
    await world.domain(TSINGHUA, uscc=uscc)
    await clock.move(days=6)
    assert (await world.do(A, delete_domain, DeleteDomain(TSINGHUA))).is_pending
    await clock.move(days=35)
    await world.do(JOB, purge_domain, PurgeDomain(TSINGHUA))
    kept = await world.runner.db.fetchrow("select uscc, unicode, reason from retired_name")
    assert kept
    assert (kept["uscc"], kept["unicode"]) == (uscc, "清华大学.公益")


async def test_a_failure_in_the_middle_leaves_nothing(world: World) -> None:
    """Whatever breaks after the domain was written takes history, audit and change back with it."""
    uscc = await world.body("国务院")
    before = await world.written()

    async def breaks(act: Act) -> None:
        await create_domain(act, CreateDomain(f"{SIMPLIFIED}.{GOV}", registrant="c-1", uscc=uscc))
        raise RuntimeError("the machine stumbled")

    with pytest.raises(RuntimeError, match="stumbled"):
        await world.runner.run(Caller("registrar", A), breaks)
    assert await world.written() == before
    assert not (await world.domain(f"{SIMPLIFIED}.{GOV}", uscc=uscc)).is_pending


async def test_the_year_of_a_leap_day_is_a_year(world: World, clock: FakeClock) -> None:
    """A name of 29 February expires on 28 February."""
    await clock.move(seconds=(clock.now().replace(year=2028, month=2, day=29) - clock.now()) / timedelta(seconds=1))
    uscc = await world.body("国务院", changed_at="2028-02-01", annual_report_year="2027")
    created = await world.domain(f"{SIMPLIFIED}.{GOV}", uscc=uscc)
    assert created.expires_at
    assert (created.expires_at.year, created.expires_at.month, created.expires_at.day) == (2029, 2, 28)
