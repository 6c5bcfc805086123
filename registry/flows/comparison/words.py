"""The words of comparisons, in Chinese and English, for every door."""

from collections.abc import Mapping

from registry.kernel.errors import Text
from registry.model.comparison import ACTIVE, ENDED, SUSPENDED, Kind, Verdict

KIND_WORDS: Mapping[str, Text] = {
    Kind.SAME: Text("一致", "agree"),
    Kind.DIFFERENT: Text("有差异", "differ"),
    Kind.HERE: Text("仅本库有", "only here"),
    Kind.THERE: Text("仅对方有", "only there"),
    Kind.AMBIGUOUS: Text("对应不明", "ambiguous"),
}
STATE_WORDS: Mapping[str, Text] = {
    "none": Text("无需核定", "nothing to settle"),
    "open": Text("待核定", "to settle"),
    "settled": Text("已核定", "settled"),
    "postponed": Text("暂缓", "postponed"),
}
HOW_WORDS: Mapping[str, Text] = {
    "": Text("", ""),
    "uscc": Text("统一社会信用代码", "unified code"),
    "organisation": Text("组织机构代码", "organisation code"),
    "linked": Text("人工对应", "linked by a reviewer"),
    "name": Text("名称与地区", "name and place"),
    "similar": Text("相近名称与地区", "similar name and place"),
}
FIELD_WORDS: Mapping[str, Text] = {
    "name": Text("名称", "name"),
    "uscc": Text("统一社会信用代码", "unified code"),
    "status": Text("状态", "state"),
    "region": Text("行政区划", "region"),
    "address": Text("地址", "address"),
    "legal_representative": Text("法定代表人", "legal representative"),
    "phone": Text("电话", "telephone"),
    "authority": Text("业务主管单位", "authority"),
    "established_on": Text("成立日期", "established"),
}
STATUS_WORDS: Mapping[str, Text] = {
    ACTIVE: Text("存续", "active"),
    SUSPENDED: Text("暂停", "suspended"),
    ENDED: Text("已终止", "ended"),
}
VERDICT_WORDS: Mapping[str, Text] = {
    Verdict.OURS: Text("本库正确", "ours is right"),
    Verdict.THEIRS: Text("对方正确", "theirs is right"),
    Verdict.BOTH: Text("双方均可", "both are right"),
    Verdict.POSTPONED: Text("暂缓", "postpone"),
    Verdict.LINKED: Text("对应到所选机构", "it is the chosen body"),
    Verdict.SEPARATE: Text("均不对应", "none of them"),
}
TASK_WORDS: Mapping[str, Text] = {
    "correct": Text("更正", "correct"),
    "add": Text("补登", "add"),
    "end": Text("核实终止", "check whether it has ended"),
}
TASK_STATE_WORDS: Mapping[str, Text] = {
    "open": Text("待办", "open"),
    "applied": Text("已办理", "done"),
    "declined": Text("不予更正", "declined"),
}
PART_WORDS: Mapping[str, Text] = {
    "name": Text("名称", "name"),
    "place": Text("地区", "place"),
    "facts": Text("其他信息", "other facts"),
}
