"""Who may do what to an object (RFC 5730 section 2.9: the sponsoring client)."""

from registry.flows.act import Act
from registry.kernel.errors import Reason, Refusal

MAX_REASON = 500  # characters


def is_sponsor(act: Act, registrar_id: str) -> bool:
    """Whether the caller is the registrar that sponsors an object."""
    return act.caller.kind == "registrar" and act.caller.id == registrar_id


def require_sponsor(act: Act, registrar_id: str, *, where: str, value: str) -> None:
    """Refuse (``NOT_PERMITTED``, EPP 2201) everybody but the sponsor and an operator who may override."""
    if not is_sponsor(act, registrar_id) and not act.caller.may_override:
        raise Refusal(
            Reason.NOT_PERMITTED,
            "这个对象由另一家注册服务机构管理，您无权操作",
            "another registrar sponsors this object; you may not do this to it",
            where=where,
            value=value,
        )


def require_own(act: Act, registrar_id: str) -> None:
    """Refuse (``NOT_PERMITTED``) everybody but the registrar itself, an operator who may override, and jobs."""
    if act.caller.kind != "job" and not is_sponsor(act, registrar_id):
        require_sponsor(act, "", where="registrar", value=registrar_id)


def require_operator(act: Act, registrar_id: str) -> None:
    """Refuse (``NOT_PERMITTED``) everybody but an operator who may override, and jobs; the registrar itself too."""
    if act.caller.kind != "job" and not act.caller.may_override:
        raise Refusal(
            Reason.NOT_PERMITTED,
            "只有注册局可以这样做",
            "only the registry may do this",
            where="registrar",
            value=registrar_id,
        )


def check_reason(reason: str) -> str:
    """The reason without white space around. Refuses with ``PARAMETER_MISSING`` (none), ``TOO_LARGE``."""
    said = reason.strip()
    if not said:
        raise Refusal(Reason.PARAMETER_MISSING, "请说明理由", "please give a reason", where="reason")
    if len(said) > MAX_REASON:
        zh, en = f"理由不超过 {MAX_REASON} 字", f"a reason has at most {MAX_REASON} characters"
        raise Refusal(Reason.TOO_LARGE, zh, en, where="reason")
    return said


def no_registrar(registrar_id: str) -> Refusal:
    """The refusal for a registrar that does not exist."""
    return not_found("注册服务机构", "registrar", where="registrar", value=registrar_id)


def may_not_create(act: Act) -> Refusal:
    """The refusal for a registrar that is suspended, or for a caller that is no registrar."""
    return Refusal(
        Reason.NOT_PERMITTED,
        "您的账户目前不能新建对象或申请转入，请与注册局联系",
        "your account may not create objects or ask for transfers at present; please contact the registry",
        where="clID",
        value=act.caller.id,
    )


def not_found(zh: str, en: str, *, where: str, value: str) -> Refusal:
    """The refusal for an object that does not exist; ``zh`` and ``en`` name its kind."""
    return Refusal(Reason.NOT_FOUND, f"没有这个{zh}", f"there is no such {en}", where=where, value=value)


def already_exists(zh: str, en: str, *, where: str, value: str) -> Refusal:
    """The refusal for an object that exists already."""
    return Refusal(Reason.ALREADY_EXISTS, f"这个{zh}已经存在", f"this {en} exists already", where=where, value=value)
