"""The words and tones of the portal's pages, in Chinese and English."""

from collections.abc import Mapping
from types import SimpleNamespace

from registry.flows.review.compare import MATCH_WORDS, Match
from registry.kernel.errors import Text
from registry.kernel.names import to_u
from registry.model.application import STAGE_WORDS, Stage
from registry.model.person import REVIEWERS, ROLE_WORDS, Role
from registry.published.places import kind_words, places_of

STAGE_TONES: Mapping[str, str] = {
    Stage.SUBMITTED: "plain",
    Stage.ENDORSED: "warn",
    Stage.OBJECTED: "warn",
    Stage.APPROVED: "good",
    Stage.REFUSED: "bad",
    Stage.WITHDRAWN: "plain",
    Stage.RETURNED: "warn",
    Stage.DECLINED: "bad",
    Stage.LAPSED: "plain",
}
MATCH_TONES: Mapping[str, str] = {
    Match.SAME: "good",
    Match.DIFFERENT: "bad",
    Match.NOT_GIVEN: "plain",
    Match.NOT_ON_FILE: "warn",
}
OUTCOMES: Mapping[str, tuple[str, Text]] = {
    "pass": ("good", Text("通过", "pass")),
    "review": ("warn", Text("需人工审核", "review")),
    "refuse": ("bad", Text("不予通过", "refuse")),
    "info": ("plain", Text("提示", "note")),
}
MOVES: Mapping[str, Text] = {
    "approve": Text("同意", "approved"),
    "refuse": Text("驳回", "refused"),
    "withdraw": Text("撤回", "withdrew"),
    "return": Text("要求补正", "asked for a correction"),
    "answer": Text("已补正", "corrected"),
    "decline": Text("不予受理", "did not accept"),
    "lapse": Text("逾期关闭", "closed, no answer in time"),
    "claim": Text("受理", "took the case"),
    "release": Text("退回待办", "put the case back"),
    "appeal": Text("申请复核", "appealed"),
    "confirmed": Text("责任人确认", "confirmed by the responsible person"),
    "denied": Text("责任人否认", "denied by the responsible person"),
    "fail": Text("开通失败", "could not be created"),
}
MARKS: Mapping[str, Text] = {
    "=": Text("申请时与现在相同", "then and now"),
    "-": Text("只在申请时成立", "only then"),
    "+": Text("现在新出现", "new since"),
}
LEVELS: Mapping[str, Text] = {
    "central": Text("中央", "central"),
    "province": Text("省级", "province"),
    "city": Text("市级", "city"),
    "county": Text("县级", "county"),
    "town": Text("乡镇", "town"),
}
STATUSES: Mapping[str, Text] = {
    "normal": Text("正常", "normal"),
    "renamed": Text("已更名", "renamed"),
    "merged": Text("已合并", "merged"),
    "split": Text("已分立", "split"),
    "abolished": Text("已撤销", "abolished"),
    "cancelled": Text("已注销", "cancelled"),
    "suspended": Text("已暂停", "suspended"),
}
NAME_ROLES: Mapping[str, Text] = {
    "full": Text("全称", "full name"),
    "short": Text("规范简称", "short name"),
    "alias": Text("别名", "other name"),
    "former": Text("曾用名", "former name"),
}
KINDS: Mapping[str, Text] = {
    "domain": Text("域名注册", "registration of a name"),
    "verification": Text("核验", "verification"),
}

SEVERITIES: Mapping[str, tuple[str, Text]] = {
    "news": ("plain", Text("告知", "news")),
    "action": ("warn", Text("需办理", "to act on")),
    "urgent": ("bad", Text("紧急", "urgent")),
}

SCANS: Mapping[str, tuple[str, Text]] = {
    "clean": ("good", Text("已查毒", "scanned")),
    "not_scanned": ("warn", Text("未查毒", "not scanned")),
}

_MENUS: Mapping[Role, tuple[tuple[str, str, str], ...]] = {
    Role.AGENCY: (
        ("/portal/", "工作台", "Desk"),
        ("/portal/apply", "申请名称", "Apply"),
        ("/portal/body-tasks", "机构变动", "Changes of your body"),
        ("/portal/institution", "法人登记", "Registration"),
    ),
    Role.REGISTRAR: (
        ("/portal/registrar", "账户", "Account"),
        ("/portal/commands", "命令记录", "Commands"),
        ("/portal/rehearsal", "试运行", "Dry run"),
    ),
    Role.OPERATOR: (
        ("/portal/", "概览", "Overview"),
        ("/portal/registrars", "注册服务机构", "Registrars"),
        ("/portal/commands", "命令记录", "Commands"),
        ("/portal/rehearsal", "试运行", "Dry run"),
        ("/portal/locks", "注册局锁定", "Locks"),
        ("/portal/deliveries", "发送记录", "Deliveries"),
        ("/portal/body-tasks", "机构变动", "Bodies"),
        ("/portal/disclosure", "信息披露", "Disclosure"),
        ("/portal/cases", "举报案件", "Cases"),
        ("/portal/comparisons", "数据比对", "Comparisons"),
        ("/portal/bodies", "查机构", "Find a body"),
        ("/portal/figures", "统计", "Figures"),
        ("/portal/dns", "域名解析", "DNS"),
    ),
    Role.SECURITY_OFFICER: (
        ("/portal/accounts", "账户", "Accounts"),
        ("/portal/account-orders", "账户事项", "Account orders"),
        ("/portal/locks", "注册局锁定", "Locks"),
        ("/portal/cases", "举报案件", "Cases"),
    ),
    Role.AUDITOR: (
        ("/portal/audit", "审计", "Audit"),
        ("/portal/disclosure", "信息披露", "Disclosure"),
        ("/portal/cases", "举报案件", "Cases"),
        ("/portal/commands", "命令记录", "Commands"),
        ("/portal/comparisons", "数据比对", "Comparisons"),
        ("/portal/bodies", "查机构", "Find a body"),
        ("/portal/figures", "统计", "Figures"),
        ("/portal/dns", "域名解析", "DNS"),
    ),
    **dict.fromkeys(
        REVIEWERS,
        (
            ("/portal/queue", "待办", "Queue"),
            ("/portal/body-tasks", "机构变动", "Bodies"),
            ("/portal/changes", "待确认变更", "Changes"),
            ("/portal/institutions", "事业单位登记", "Institutions"),
            ("/portal/comparisons", "数据比对", "Comparisons"),
            ("/portal/bodies", "查机构", "Find a body"),
            ("/portal/figures", "统计", "Figures"),
            ("/portal/absence", "请假代办", "Away"),
        ),
    ),
}
_TEMPLATES = ("/portal/letter-templates", "文书模板", "Letters")  # the centre's alone

NOTICES = ("/portal/notices", "通知", "Notices")  # everybody has an inbox


def menu_of(role: Role) -> tuple[tuple[str, str, str], ...]:
    """Where a role goes from every page: address, Chinese, English."""
    own = (_TEMPLATES,) if role is Role.REVIEWER_CENTRAL else ()
    return (*_MENUS[role], *own, NOTICES)


def home_of(role: Role) -> str:
    """Where a role begins."""
    return _MENUS[role][0][0]


def place_words(region: str, level: str = "") -> str:
    """A region code in words: 湖南省长沙市长沙县; the centre as such; the code itself where nothing else is known."""
    if level == "central" or region in {"", "000000", "100000"}:
        return "中央"
    return "".join(place.name for place in places_of(region)) or region


def shown_name(name: str) -> str:
    """What was applied for as people read it: a name of the DNS in its U-form, a legal name as it is."""
    try:
        return to_u(name)
    except ValueError:
        return name


def shown_size(octets: int) -> str:
    """Octets in the unit that people use."""
    return f"{octets / 1_048_576:.1f} MB" if octets >= 1_048_576 else f"{max(1, octets // 1024)} KB"


WORDS = SimpleNamespace(
    stages=STAGE_WORDS,
    stage_tones=STAGE_TONES,
    matches=MATCH_WORDS,
    match_tones=MATCH_TONES,
    outcomes=OUTCOMES,
    moves=MOVES,
    marks=MARKS,
    levels=LEVELS,
    statuses=STATUSES,
    name_roles=NAME_ROLES,
    kinds=KINDS,
    severities=SEVERITIES,
    roles=ROLE_WORDS,
    place=place_words,
    kind=kind_words,
    name=shown_name,
    scans=SCANS,
    size=shown_size,
)
