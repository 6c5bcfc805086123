"""The centre's reviewers edit the templates of letters; every version is kept."""

from collections.abc import Sequence
from dataclasses import replace

from registry.flows.act import Act
from registry.kernel.db import UniqueViolation
from registry.kernel.errors import Reason, Refusal
from registry.model.letter import BUILT_IN, KINDS, Template, check_template
from registry.model.person import Person, Role
from registry.store import letters


async def list_templates(act: Act) -> Sequence[Template]:
    """The one of each kind that the next letter is made of."""
    return [await letters.template(act.conn, kind) or BUILT_IN[kind] for kind in KINDS]


async def edit_template(act: Act, by: Person, wanted: Template) -> Template:
    """Write the next version; ``wanted.version`` is the one that was looked at.

    Refuses with NOT_PERMITTED (another role), as :func:`check_template`, STATUS_FORBIDS (edited meanwhile, or nothing was changed).
    """
    if by.role is not Role.REVIEWER_CENTRAL:
        zh, en = "只有中央审核员可以修改文书模板", "only reviewers of the centre edit templates"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="person", value=by.username)
    check_template(wanted)
    now = await letters.template(act.conn, wanted.kind) or BUILT_IN[wanted.kind]
    if now.version != wanted.version or (now.title, now.text_zh, now.text_en) == (
        wanted.title,
        wanted.text_zh,
        wanted.text_en,
    ):
        raise _stale()
    made = replace(wanted, version=now.version + 1, edited_by=by.username)
    try:
        await letters.add_template(act.conn, made, act.now)
    except UniqueViolation:
        raise _stale() from None
    await act.remember(
        "letter.template_edited",
        f"{made.kind} {made.version}",
        {"title": made.title, "text_zh": made.text_zh, "text_en": made.text_en},
    )
    return made


def _stale() -> Refusal:
    zh, en = "模板没有变化，或已由他人修改，请重新查看", "nothing was changed, or somebody else edited it meanwhile"
    return Refusal(Reason.STATUS_FORBIDS, zh, en, where="version")
