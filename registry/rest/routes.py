"""Every path of the machines' door, in one list: the application and ``/api/openapi.json`` are both built from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.flows.establishment.scopes import PUSH, READ
from registry.flows.establishment.search_bodies import MAX_FOUND
from registry.kernel.errors import Text
from registry.rest import domains, name_checks, registrar, token, verifications
from registry.rest.door import Handler
from registry.rest.establishment import batches, bodies
from registry.rest.reading import MAX_BODY

FORM = token.FORM


@dataclass(frozen=True, slots=True)
class Asks:
    """One parameter of the query; ``schema`` as in OpenAPI."""

    name: str
    text: Text
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    required: bool = False


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
    media: tuple[str, ...] = ("application/json",)  # of the body
    max_body: int = MAX_BODY  # octets
    query: tuple[Asks, ...] = ()
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
    Route(
        "POST",
        batches.PATH,
        batches.send,
        PUSH,
        Text("报送一批机构（增量），逐行告知结果", "Push a batch of bodies (a delta); each row is answered for"),
        {
            200: Text("预演的结果，没有写入", "what the batch would do; nothing was written"),
            201: Text("已入库的批次和未收的行", "the batch as imported, and the rows that were not taken"),
            413: Text("字节或行数过多", "too many octets or rows"),
            422: Text("幂等键已用于另一个批次", "the key was used with another batch"),
        },
        batches.NewBatch,
        is_idempotent=True,
        media=tuple(batches.MEDIA),
        max_body=batches.MAX_BODY,
        query=(Asks("preview", Text("只预演", "rehearse only"), {"type": "boolean"}),),
    ),
    Route(
        "GET",
        batches.PATH,
        batches.show_list,
        PUSH,
        Text("本中心报送的批次，新的在前", "Batches of one's own centre, the newest first"),
        {200: Text("批次", "the batches")},
        query=(
            Asks("key", Text("只要这个幂等键的", "the one under this idempotency key")),
            Asks("before", Text("比这个批次更早的", "older than this batch")),
            Asks(
                "limit", Text("每页条数", "how many"), {"type": "integer", "minimum": 1, "maximum": batches.MAX_LISTED}
            ),
        ),
    ),
    Route(
        "GET",
        f"{batches.PATH}/{{id}}",
        batches.show,
        PUSH,
        Text("查看批次的结果", "What became of a batch"),
        {200: Text("批次和未收的行", "the batch and the rows that were not taken"), 404: Text("没有找到", "not found")},
    ),
    Route(
        "GET",
        bodies.PATH,
        bodies.search,
        READ,
        Text(
            "查找机构：代码、现名曾用名、拼音、首字母、名称的一部分",
            "Search bodies: code, names past and present, pinyin, initials, parts",
        ),
        {
            200: Text("机构，最相符的在前", "bodies, the best match first"),
            422: Text("参数不合规定", "a wrong parameter"),
        },
        query=(
            Asks(
                "q",
                Text("要查找的内容", "what to look for"),
                {"type": "string", "maxLength": bodies.MAX_QUESTION},
                required=True,
            ),
            Asks("region", Text("限于某地：两位、四位或六位区划代码", "within a place: 2, 4 or 6 digits of its code")),
            Asks(
                "kind", Text("限于某类：代码的前一位或前两位", "of a kind: the first one or two characters of a code")
            ),
            Asks("limit", Text("每页条数", "how many"), {"type": "integer", "minimum": 1, "maximum": MAX_FOUND}),
            Asks(
                "offset",
                Text("从第几条起", "from which on"),
                {"type": "integer", "minimum": 0, "maximum": MAX_FOUND},
            ),
        ),
    ),
    Route(
        "GET",
        f"{bodies.PATH}/{{uscc}}",
        bodies.show,
        READ,
        Text("查看机构：现状、名称、历史、承接关系", "A body: its state, names, history, and who follows whom"),
        {
            200: Text("机构", "the body"),
            404: Text("没有找到", "not found"),
            422: Text("代码或日期有误", "no code, or no date"),
        },
        query=(Asks("as_of", Text("某一天的状态", "its state on a day"), {"type": "string", "format": "date"}),),
    ),
    Route(
        "GET",
        registrar.PATH,
        registrar.show,
        "read",
        Text(
            "本机构的账户：状态、权限、速率、会话、密钥、用户、网段",
            "The account: state, rights, rate, sessions, keys, users, networks",
        ),
        {200: Text("账户", "the account")},
    ),
    Route(
        "POST",
        f"{registrar.PATH}/certificates",
        registrar.bind,
        "account",
        Text(
            "登记客户端证书；提交证书请求则签发后登记", "Bind a client certificate, or have a request signed and bound"
        ),
        {
            201: Text("已登记的密钥", "the key"),
            409: Text("密钥已被使用", "taken"),
            422: Text("不合要求", "not acceptable"),
        },
        registrar.NewCertificate,
        is_idempotent=True,
    ),
    Route(
        "POST",
        f"{registrar.PATH}/certificates/{{key}}/revocation",
        registrar.revoke,
        "account",
        Text("撤销密钥，它打开的会话随即结束", "Revoke a key; sessions that it opened end at once"),
        {200: Text("已撤销", "revoked"), 404: Text("没有找到", "not found")},
        registrar.Revocation,
    ),
    Route(
        "PUT",
        f"{registrar.PATH}/password",
        registrar.change,
        "account",
        Text("更换登录口令", "Change the password of a login"),
        {200: Text("已更换", "changed"), 404: Text("没有找到", "not found"), 422: Text("不合要求", "not acceptable")},
        registrar.NewPassword,
    ),
    Route(
        "PUT",
        f"{registrar.PATH}/webhook",
        registrar.set_hook,
        "account",
        Text(
            "设置待审结果的推送地址；新密钥只显示这一次", "Set where outcomes are sent; a new secret is told this once"
        ),
        {200: Text("设置", "the setting"), 422: Text("不合要求", "not acceptable")},
        registrar.NewWebhook,
    ),
    Route(
        "GET",
        f"{registrar.PATH}/reports",
        registrar.reports,
        "read",
        Text("报表文件", "The report files"),
        {200: Text("文件", "the files")},
    ),
    Route(
        "GET",
        f"{registrar.PATH}/reports/{{name}}",
        registrar.report,
        "read",
        Text("下载一份报表（CSV）", "One report file (CSV)"),
        {200: Text("文件", "the file"), 404: Text("没有找到", "not found")},
    ),
    Route(
        "GET",
        f"{registrar.PATH}/commands",
        registrar.commands,
        "read",
        Text("本机构的命令记录", "The registrar's own commands: object, trid, command, code, since, until, cursor"),
        {200: Text("命令", "the commands")},
    ),
    Route(
        "POST",
        f"{registrar.PATH}/rehearsals",
        registrar.rehearse,
        "read",
        Text("试运行一条 EPP 命令，不改变任何数据", "Rehearse an EPP command: the real answer, and nothing changes"),
        {200: Text("EPP 答复", "the answer")},
        registrar.Rehearsal,
    ),
)
