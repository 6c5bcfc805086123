"""Answers in memory: bounded, never kept past a change, trusted only while the feed is read (without a database)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.kernel.feed import Change
from registry.model.domain import Deadlines, Domain, Grace, GraceKind, Transfer
from registry.model.lock import Lock
from registry.published.names import read_name
from registry.published.records import DomainRecord, Member, RegistrarRecord
from whois.cache.answers import OVERHEAD, Answer, Answers
from whois.cache.depends import EVERYTHING, SILENT, of_missing_name, touched
from whois.cache.lifetime import changes_at

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


def answer(size: int = 1000, *keys: str, found: bool = True) -> Answer:
    return Answer(b"x" * size, b"", 0.0, frozenset(keys), found=found)


def opened(max_bytes: int = 100_000) -> Answers:
    memory = Answers(max_bytes)
    memory.open()
    memory.keep_until(10.0)
    return memory


def test_memory_is_bounded_in_bytes_and_forgets_the_oldest() -> None:
    """However much is kept, the bound holds, and what was asked for last stays."""
    memory = opened()
    for number in range(500):
        memory.put(number, answer(1000, f"domain:{number}"), memory.number())
        memory.get(0, 1.0, 0.0)
        assert memory.bytes <= 100_000
    assert memory.get(0, 1.0, 0.0) is not None
    assert memory.get(1, 1.0, 0.0) is None
    assert len(memory._index) == len(memory)


def test_negative_answers_never_push_out_real_ones() -> None:
    """A flood of names that nobody has fills its own eighth and nothing else."""
    memory = opened()
    memory.put("real", answer(1000, "domain:1"), memory.number())
    for number in range(2000):
        memory.put(number, answer(200, f"class:{number}", found=False), memory.number())
    assert memory.get("real", 1.0, 0.0) is not None
    assert memory.bytes <= 100_000 // 8 + 1000 + OVERHEAD


def test_an_answer_larger_than_the_bound_is_not_kept() -> None:
    """One giant cannot empty the memory."""
    assert not opened().put("giant", answer(100_001), 1)


def test_a_change_takes_out_exactly_what_shows_it() -> None:
    """What depends on the touched key goes, everything else stays."""
    memory = opened()
    memory.put("a", answer(10, "domain:1", "host:1"), memory.number())
    memory.put("b", answer(10, "domain:2", "host:1"), memory.number())
    memory.put("c", answer(10, "domain:3"), memory.number())
    assert memory.touch({"domain:1"}) == 1
    assert [bool(memory.get(key, 1.0, 0.0)) for key in "abc"] == [False, True, True]
    assert memory.touch({"host:1"}) == 1
    assert memory.touch({EVERYTHING}) == 1
    assert (len(memory), memory.bytes, memory._index) == (0, 0, {})


def test_what_changed_while_it_was_looked_up_is_not_kept() -> None:
    """An answer that was read before a change and finished after it is given once and forgotten."""
    memory = opened()
    number = memory.number()
    memory.touch({"domain:1"})
    assert not memory.put("a", answer(10, "domain:1"), number)
    assert memory.put("b", answer(10, "domain:2"), number)
    for step in range(600):
        memory.touch({f"domain:{step + 10}"})
    assert not memory.put("c", answer(10, "domain:3"), number), "too long ago to know"


def test_nothing_is_answered_when_the_feed_is_not_read() -> None:
    """Past the instant up to which the feed vouches, and before it was ever followed, memory knows nothing."""
    memory = opened()
    memory.put("a", answer(10, "domain:1"), memory.number())
    assert memory.get("a", 9.9, 0.0) is not None
    assert memory.get("a", 10.0, 0.0) is None
    memory.close()
    memory.keep_until(99.0)
    assert (memory.get("a", 1.0, 0.0), memory.number()) == (None, None)
    number = Answers(1000).number()
    assert number is None


def test_an_answer_ends_at_its_instant() -> None:
    """An answer that time changes is not given after that instant."""
    memory = opened()
    memory.put("a", Answer(b"", b"", 100.0, frozenset()), memory.number())
    assert memory.get("a", 1.0, 99.9) is not None
    assert memory.get("a", 1.0, 100.0) is None
    assert len(memory) == 0


def change(kind: str, subject: str = "X", **detail: object) -> Change:
    return Change(1, NOW, kind, subject, detail)


def test_an_unknown_kind_of_change_touches_everything() -> None:
    """A new act of the register may cost speed, never a wrong answer; acts that show nowhere touch nothing."""
    assert touched([change("tld.created")]) == {EVERYTHING}
    assert touched([change("something.new")]) == {EVERYTHING}
    assert touched([change(f"{noun}.done") for noun in sorted(SILENT)]) == set()


@pytest.mark.parametrize(
    ("told", "key"),
    [
        (change("domain.created", "D1", names=["xn--xkry9kk1bz66a.xn--55qw42g"]), "domain:D1"),
        (change("host.updated", "H1", name="ns1.a.example", former_name="ns2.a.example"), "name:ns2.a.example"),
        (change("contact.updated", "C1"), "contact:C1"),
        (change("registrar.status_changed", "registrar-a"), "registrar:registrar-a"),
        (change("mark.suspended", "M1", uscc="12100000400000624D"), "body:12100000400000624D"),
        (change("establishment.imported", "7"), "bodies"),
        (change("institution.accepted", "7"), "bodies"),
    ],
)
def test_each_kind_of_change_touches_its_object(told: Change, key: str) -> None:
    """Domains, hosts, contacts, registrars, marks and bodies are each known by their own key."""
    assert key in touched([told])
    assert EVERYTHING not in touched([told])


def test_any_spelling_that_is_registered_ends_a_negative_answer() -> None:
    """Whoever was told that a traditional spelling is free hears otherwise once the simplified one is taken."""
    asked = read_name("國家稅務總局.政务")
    assert asked
    simplified = read_name("国家税务总局.政务")
    assert simplified
    created = change("domain.created", "D1", names=[simplified.name])
    assert of_missing_name("國家稅務總局.政务") & touched([created])


INSTANTS = st.integers(-40, 60).map(lambda hours: NOW + timedelta(hours=hours))
MAYBE = st.one_of(st.none(), INSTANTS)


@st.composite
def records(draw: st.DrawFn) -> DomainRecord:
    graces = draw(st.lists(st.builds(Grace, st.sampled_from(list(GraceKind)), INSTANTS, st.just("r")), max_size=3))
    transfer_ends, open_until, deleted_at = draw(MAYBE), draw(MAYBE), draw(MAYBE)
    domain = Domain(
        roid="D1-X", name="a.example", u_label="a", tld="example", registrar_id="r", created_at=NOW, created_by="", expires_at=NOW,
        index_label="a", table_id="t", tld_set="example", members=(Member("a.example", "a.example", "registered"),),
        graces=tuple(graces),
        transfer=Transfer("a", "b", NOW, transfer_ends, 1) if transfer_ends else None,
        lock=Lock(NOW, open_until) if draw(st.booleans()) else None, deleted_at=deleted_at,
    )  # fmt: skip
    registrar = RegistrarRecord("r", "R", 1, "active", "", "", "", "", NOW)
    return DomainRecord(
        domain, Deadlines(timedelta(hours=30), timedelta(hours=5)), domain.members[0], registrar, None, None, (), (), ()
    )


@settings(max_examples=200, deadline=None)
@given(records())
def test_between_two_instants_a_name_keeps_its_statuses(record: DomainRecord) -> None:
    """Until the instant at which an answer ends, its statuses are the same at every hour and half hour."""
    end = changes_at(record, NOW)
    now = (record.statuses(NOW), record.grace_statuses(NOW))
    at = NOW
    while at < (end or NOW + timedelta(hours=100)):
        assert (record.statuses(at), record.grace_statuses(at)) == now
        at += timedelta(minutes=30)
