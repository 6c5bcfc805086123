"""How each department writes its register: names of columns, words for a state, which bodies it should know. Data and their use; pure.

The names are those of the departments' usual exports; capitals, spaces and brackets with a remark do not matter. Columns that are not known here
are passed over: such exports carry dozens. ``code`` may hold a unified code, an organisation code of nine characters (GB 11714), or a
taxpayer number of fifteen, which is a region and an organisation code.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from registry.model.comparison import ACTIVE, ENDED, SUSPENDED, Department

USCC, ORGANISATION, CODE = "uscc", "organisation", "code"
TEXTS = ("name", "region", "address", "legal_representative", "phone", "authority", "status", "established_on")
_REMARK = re.compile(r"[(（].*?[)）]|[\s_\-:：*/·]")

_COMMON: Mapping[str, tuple[str, ...]] = {
    USCC: ("uscc", "统一社会信用代码", "社会信用代码", "统一代码", "信用代码"),
    ORGANISATION: ("organisation", "organization", "组织机构代码", "组织机构代码证号", "机构代码"),
    CODE: ("code", "代码", "证照代码"),
    "name": ("name", "名称", "机构名称", "单位名称", "组织名称"),
    "region": ("region", "行政区划", "行政区划代码", "区划代码", "所在地区划代码", "住所行政区划代码"),
    "address": ("address", "住所", "地址", "机构地址", "单位地址", "详细地址"),
    "legal_representative": ("legalrepresentative", "法定代表人", "法定代表人姓名", "法人代表", "负责人", "单位负责人"),
    "phone": ("phone", "电话", "联系电话", "电话号码", "固定电话"),
    "authority": ("authority", "业务主管单位", "主管单位", "主管部门", "举办单位"),
    "status": ("status", "状态", "登记状态", "机构状态"),
    "established_on": ("establishedon", "成立日期", "成立时间", "成立登记日期", "设立日期"),
}
_OWN: Mapping[Department, Mapping[str, tuple[str, ...]]] = {
    Department.CIVIL: {
        "name": ("社会组织名称", "社团名称", "民办非企业单位名称", "基金会名称"),
        "region": ("登记管理机关行政区划", "登记管理机关区划代码"),
        "status": ("社会组织状态",),
    },
    Department.MARKET: {
        "name": ("企业名称", "市场主体名称", "主体名称", "字号名称"),
        "region": ("登记机关行政区划", "住所所在行政区划"),
        "address": ("经营场所", "住所经营场所"),
        "legal_representative": ("法定代表人负责人", "经营者"),
        "status": ("企业状态", "经营状态", "登记经营状态", "存续状态"),
        "established_on": ("开业日期", "核准成立日期"),
    },
    Department.TAX: {
        CODE: ("纳税人识别号", "社会信用代码纳税人识别号"),
        "name": ("纳税人名称",),
        "region": ("注册地行政区划", "注册地址行政区划", "生产经营地行政区划"),
        "address": ("注册地址", "生产经营地址"),
        "legal_representative": ("法定代表人负责人姓名",),
        "status": ("纳税人状态",),
        "established_on": ("开业日期", "开业设立日期", "登记日期"),
    },
    Department.STATISTICS: {
        "name": ("单位详细名称", "法人单位名称"),
        "region": ("单位所在地区划代码", "单位所在地区划", "统计用区划代码"),
        "address": ("单位所在地详细地址", "单位详细地址"),
        "status": ("运营状态", "营业状态", "单位运营状态"),
        "established_on": ("开业时间", "开业成立时间", "成立年月"),
    },
    Department.QUALITY: {
        "region": ("机构行政区划", "注册地行政区划"),
        "address": ("机构住所", "注册地址"),
        "status": ("代码状态", "证书状态"),
        "established_on": ("注册日期", "机构成立日期"),
    },
}

# A state is known by a word that its text holds; the first that fits counts, so what is over stands before what goes on.
_STATES = (
    (ENDED, ("注销", "撤销", "吊销", "撤消", "废止", "废置", "迁出", "破产", "关闭", "歇业", "清税", "终止", "除名", "ended", "cancelled")),
    (SUSPENDED, ("停业", "停业整顿", "暂停", "筹建", "停产", "中止", "suspended")),
    (ACTIVE, ("正常", "在业", "存续", "开业", "在营", "在用", "有效", "登记成立", "运营", "营业", "非正常", "active", "normal")),
)  # fmt: skip

# Which of our bodies a department should know, by the beginning of their kind; empty: all that carry a code.
_EXPECTED: Mapping[Department, tuple[str, ...]] = {
    Department.CIVIL: ("5",),
    Department.MARKET: ("9",),
    Department.TAX: (),
    Department.STATISTICS: (),
    Department.QUALITY: (),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The names of the columns of one department, folded, and the field of each."""

    fields: Mapping[str, str]

    def field_of(self, column: str) -> str:
        """The field that a column holds; empty when it holds none that is compared."""
        return self.fields.get(_folded(column), "")


@cache
def words_of(department: Department) -> Words:
    """The words of a department, the common ones included; its own come first."""
    named = {_folded(name): field for field, names in _COMMON.items() for name in names}
    named.update({_folded(name): field for field, names in _OWN[department].items() for name in names})
    return Words(named)


def _folded(column: str) -> str:
    return _REMARK.sub("", unicodedata.normalize("NFKC", column)).lower()


def state_of(text: str) -> str | None:
    """Active, suspended or ended; None for a word that nobody knows. An empty cell is active: registers list what lives."""
    if not text:
        return ACTIVE
    said = unicodedata.normalize("NFKC", text).strip().lower()
    return next((state for state, known in _STATES if any(word in said for word in known)), None)


def expected_kinds(department: Department) -> tuple[str, ...]:
    """The beginnings of the kinds of our bodies that the department should know; empty for all."""
    return _EXPECTED[department]


def our_state(status: str, successor: str) -> str:
    """The state of one of our bodies in the words of a comparison."""
    if status == "normal" or (status == "renamed" and not successor):
        return ACTIVE
    return SUSPENDED if status == "suspended" else ENDED
