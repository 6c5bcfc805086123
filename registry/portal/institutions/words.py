"""The words and tones of the pages about institutions."""

from collections.abc import Mapping
from types import SimpleNamespace

from registry.flows.institution.wording import FUNDING, GROUNDS, ITEMS, PURPOSES
from registry.model.institution import KIND_WORDS, MOVE_WORDS, REPORT_WORDS, STAGE_WORDS, ActStage, ReportState

STAGE_TONES: Mapping[str, str] = {
    ActStage.DRAFT: "plain",
    ActStage.FILED: "plain",
    ActStage.RETURNED: "warn",
    ActStage.ACCEPTED: "plain",
    ActStage.ENDORSED: "warn",
    ActStage.OBJECTED: "warn",
    ActStage.REGISTERED: "good",
    ActStage.REFUSED: "bad",
    ActStage.DECLINED: "bad",
    ActStage.WITHDRAWN: "plain",
    ActStage.LAPSED: "plain",
}
REPORT_TONES: Mapping[str, str] = {
    ReportState.NOT_OWED: "plain",
    ReportState.NOT_YET: "plain",
    ReportState.DUE: "warn",
    ReportState.RECEIVED: "plain",
    ReportState.PUBLISHED: "good",
    ReportState.OVERDUE: "bad",
}


def shown_value(key: str, value: str) -> str:
    """A value as people read it: the words of a choice, everything else as it is."""
    for choices in (FUNDING, GROUNDS):
        if key in {"funding", "ground"} and value in choices:
            return f"{choices[value].zh} {choices[value].en}"
    return value


ACT_WORDS = SimpleNamespace(
    kinds=KIND_WORDS,
    stages=STAGE_WORDS,
    stage_tones=STAGE_TONES,
    moves=MOVE_WORDS,
    reports=REPORT_WORDS,
    report_tones=REPORT_TONES,
    purposes=PURPOSES,
    items=ITEMS,
    value=shown_value,
)
