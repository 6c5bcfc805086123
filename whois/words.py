"""Words of the register for people: what a body's status, a mark's state, a bundle's role and a disposition are called."""

from registry.kernel.errors import Text

BODY_STATUS: dict[str, Text] = {
    "normal": Text("存续", "in existence"),
    "renamed": Text("已更名", "renamed"),
    "merged": Text("已合并", "merged"),
    "split": Text("已分立", "split"),
    "abolished": Text("已撤销", "abolished"),
    "cancelled": Text("已注销", "cancelled"),
    "suspended": Text("已暂停", "suspended"),
}
LEVEL: dict[str, Text] = {
    "central": Text("中央", "central"),
    "province": Text("省级", "province"),
    "city": Text("市级", "city"),
    "county": Text("县级", "county"),
    "town": Text("乡镇", "town"),
}
NAME_ROLE: dict[str, Text] = {
    "short": Text("简称", "short name"),
    "alias": Text("其他名称", "other name"),
    "former": Text("曾用名", "former name"),
}
MARK_STATE: dict[str, Text] = {
    "valid": Text("有效", "genuine"),
    "suspended": Text("已暂停", "suspended"),
    "revoked": Text("已撤销", "revoked"),
}
MEMBER_ROLE: dict[str, Text] = {
    "registered": Text("注册名称", "registered"),
    "simplified": Text("简体形式", "simplified form"),
    "traditional": Text("繁体形式", "traditional form"),
}
DISPOSITION: dict[str, Text] = {
    "withheld": Text("为持有者保留，其他人不能注册", "withheld for its holder; nobody else gets it"),
    "blocked": Text("已封锁，任何人不能注册", "blocked; nobody gets it"),
}
EVENT_WORDS: dict[str, Text] = {
    "domain.created": Text("注册", "registered"),
    "domain.updated": Text("变更", "changed"),
    "domain.renewed": Text("续期", "renewed"),
    "domain.transferred": Text("转移到其他注册服务机构", "moved to another registrar"),
    "domain.transfer_requested": Text("申请转移", "transfer requested"),
    "domain.deleted": Text("申请注销", "deletion requested"),
    "domain.restored": Text("恢复", "restored"),
    "domain.purged": Text("注销", "removed"),
    "domain.locked": Text("注册局锁定", "locked by the registry"),
    "domain.unlocked": Text("解除锁定", "unlocked"),
    "domain.holder_changed": Text("持有机构变更", "holder changed"),
}
EVENT_OTHER = Text("登记信息变更", "registration changed")
