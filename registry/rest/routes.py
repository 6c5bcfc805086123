"""Every path of the machines' door, in one list: the application and ``/api/openapi.json`` are both built from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.kernel.errors import Text
from registry.rest import domains, name_checks, token, verifications
from registry.rest.door import Handler

FORM = token.FORM


@dataclass(frozen=True, slots=True)
class Route:
    """``scope`` is what a token must hold; empty: anybody may ask, without a token.

    ``takes`` is the type of the JSON body; ``answers`` says what each status means.
    """

    method: str
    path: str
    handler: Handler
    scope: str
    summary: Text
    answers: Mapping[int, Text]
    takes: type[Any] | None = None
    is_idempotent: bool = False  # takes an Idempotency-Key
    form: tuple[str, ...] = field(default=())  # the fields of a form body, the required ones first


REVIEW = Text("须由审核人员决定：返回申请编号", "a reviewer must decide: the id of the application")
FINDINGS = Text("未通过：返回全部认定", "refused: all findings")

ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/api/v1/token",
        token.issue_token,
        "",
        Text("领取访问令牌（OAuth 2.0 客户端凭据）", "Get an access token (OAuth 2.0 client credentials)"),
        {
            200: Text("令牌", "the token"),
            400: Text("请求有误", "a wrong request"),
            401: Text("凭据不对", "wrong credentials"),
        },
        form=("grant_type", "client_id", "client_secret", "scope"),
    ),
    Route(
        "POST",
        "/api/v1/name-checks",
        name_checks.check_name,
        "",
        Text("名称预审：不注册，只说结果和理由", "Check a name: what it would get, and why; registers nothing"),
        {200: Text("认定结果（通过、须审核或不通过）", "the decision: pass, review or refuse")},
        name_checks.NameCheck,
    ),
    Route(
        "POST",
        verifications.PATH,
        verifications.create_verification,
        "verify",
        Text("核验单位或名称，签发验证码", "Verify a body or a name and get a signed code"),
        {201: Text("签名的验证码", "the signed code"), 202: REVIEW, 422: FINDINGS},
        verifications.NewVerification,
        is_idempotent=True,
    ),
    Route(
        "GET",
        f"{verifications.PATH}/{{id}}",
        verifications.show_verification,
        "verify",
        Text("查看验证码或申请的状态", "Look at a code, or at the state of an application"),
        {200: Text("验证码或申请", "the code or the application"), 404: Text("没有找到", "not found")},
    ),
    Route(
        "POST",
        domains.PATH,
        domains.create,
        "register",
        Text("注册域名", "Register a domain"),
        {201: Text("已注册的域名", "the domain"), 202: REVIEW, 409: Text("已被注册", "taken"), 422: FINDINGS},
        domains.NewDomain,
        is_idempotent=True,
    ),
    Route(
        "GET",
        f"{domains.PATH}/{{name}}",
        domains.show,
        "read",
        Text("查看域名", "Look at a domain"),
        {200: Text("域名", "the domain"), 404: Text("没有找到", "not found")},
    ),
    Route(
        "PUT",
        f"{domains.PATH}/{{name}}/nameservers",
        domains.replace_servers,
        "register",
        Text("设置域名的全部名称服务器", "Set all name servers of a domain"),
        {200: Text("域名", "the domain"), 403: Text("不由您管理", "not yours"), 404: Text("没有找到", "not found")},
        domains.NameServers,
        is_idempotent=True,
    ),
)
