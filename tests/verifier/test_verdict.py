"""What the citizen's question answers, address by address."""

import pytest

from registry.kernel.names import to_a
from tests.verifier.world import ask
from verifier.verdict import Verdict

TSINGHUA_A = to_a("清华大学.公益")
LABEL_A, TLD_A = TSINGHUA_A.split(".")

GENUINE = [
    "https://清华大学.公益/",
    "https://清华大学.公益",
    "清华大学.公益",
    "清华大学。公益",
    "清华大学．公益",
    "清华大学｡公益",
    "清华大学.公益.",
    "清华大学.公益。",
    "  清华大学.公益  ",
    "https://www.清华大学.公益/",
    "WWW.清华大学.公益",
    "ｗｗｗ．清华大学．公益",
    f"https://{TSINGHUA_A}/",
    TSINGHUA_A,
    TSINGHUA_A.upper(),
    f"{LABEL_A}.公益",
    f"清华大学.{TLD_A}",
    "http://清华大学.公益/",
    "HTTPS://清华大学.公益/",
    "ｈｔｔｐｓ：／／清华大学.公益/",
    "https:清华大学.公益",
    "https:/清华大学.公益",
    "https:////清华大学.公益/",
    "https:\\\\清华大学.公益\\index.html",
    "https://清华大学.公益:443/",
    "https://清华大学.公益:8443/",
    "清华大学.公益:443",
    "清华大学.公益/招生/2026?a=1#top",
    "https://清华大学.公益/a@b",
    "https://清华大学.公益/redirect?url=https://evil.example/",
    "https://evil.example@清华大学.公益/",
    "https://北京大学.公益@清华大学.公益/",
    "https://user:password@清华大学.公益/",
    "https://%E6%B8%85%E5%8D%8E%E5%A4%A7%E5%AD%A6.%E5%85%AC%E7%9B%8A/",
    "清华\u200b大学.公益",
    "清华大学\u00ad.公益",
    "\ufeffhttps://清华大学.公益/",
    "https://清华\n大学.公益/",
    "“https://清华大学.公益/”",
    "（清华大学.公益）",
    "<https://清华大学.公益/>",
    "【教务】请点击 https://清华大学.公益/xk 选课",
    "请访问https://清华大学.公益/xk，谢谢",
    "请访问 https://清华大学.公益，谢谢。",
    "https://清华大学.公益/ 选课",
    "https://www.阳江市人民政府办公室.政务/zwgk/",
]

SUSPENDED = [
    "https://国家税务总局.政务/",
    "国家税务总局。政务",
    "https://某市旧城改造局.政务/",
]

IMPERSONATION = [
    "https://清华大学.公益.evil.com/",
    "https://清华大学.公益.evil.com.cn/login",
    f"https://{TSINGHUA_A}.evil.com/",
    f"https://清华大学.{TLD_A}.evil.com/",
    "https://www.清华大学.公益.cn/",
    "https://清华大学.公益.政务-查询.com/",
    "https://清华大学。公益。evil.com/",
    "https://国家税务总局.政务.icu/",
    "https://login.国家税务总局.政务.top:8080/a",
    "https://清华大学-公益.com/",
    "https://清华大学公益.com/",
    "https://www-清华大学-公益.com/",
    "https://清华大学公益.清华大学公益.com/",
    "https://清华大学公益.公益/",
    "https://国家税务总局政务.com/",
    "https://清华大学.公益@evil.com/",
    "https://清华大学.公益:80@evil.com/",
    "https://清华大学.公益%2F@evil.com/",
    "https://清华大学.公益／@evil.com/",
    f"https://{TSINGHUA_A}@evil.com/",
    "https://www.清华大学.公益&x@evil.com/",
    "https://清华大学.公益@127.0.0.1/",
    "https://清华大学.公益@2130706433/",
    "https:\\\\evil.com\\@清华大学.公益/",
    "https://evil.com\\@清华大学.公益/",
    "https://evil.com/@清华大学.公益",
    "https://evil.com?@清华大学.公益",
    "https://evil.com#@清华大学.公益/",
    "https://evil.com/清华大学.公益@x",
    "https://清华大学.公益 @evil.com/",
    "https://清华大学.公益，x@evil.com/",
    "请点 https://清华大学.公益 x@evil.com/",
    "https://evil.com/？https://清华大学.公益@x",
    "https://清毕大学.公益/",
    "https://清崋大学.公益/",
    "https://请华大学.公益/",
    "https://情华大学.com/",
    "https://清华大字.公益/",
    "https://清华太学.公益/",
    "https://清华犬学.网址/",
    "https://国家锐务总局.政务/",
    "https://囯家税务总局.政务/",
    "https://國家稅務總局.政务/",
    "https://淸華大學.公益/",
    "https://清華大學.com/",
    "https://青花大学.公益/",
    "https://轻画大雪.com/",
    "https://国加税务总局.政务/",
    "https://北京大学官网.com/",
    "https://清华大学官网.公益/",
    "https://清华大学-官网.com/",
    "https://清华大学官方网站.cn/",
    "https://www-清华大学.com/",
    "https://gov-国家税务总局.com/",
    "https://国家税务总局在线.net/",
    "https://国家税务总局登录.vip/",
    "https://清华大学.公溢/",
    "https://国家税务总局.攻务/",
    "https://国家税务总局.政務/",
    "https://北京大学.公益.清华大学.公益/",
    "https://北亰大学.公益/",
    "https://阳江市人民政府办公室.政务.xyz/",
    "https://阳江巿人民政府办公室.政务/",
    "https://阳江市人民政俯办公室.政务/",
]

NOT_OFFICIAL = [
    "https://没有注册的名字.公益/",
    "https://没有注册的名字.政务/",
    "https://a.b.没有注册的名字.政务/",
    "https://清华大学.政务/",
    "https://清华大学.com/",
    "https://清华大学.中国/",
    "https://清华大学.evil.com/",
    "https://qinghuadaxue.com/",
    "https://www.qing-hua-da-xue.net/",
    "https://guojiashuiwuzongju.cn/",
    "https://清华大大学.公益/",
    "https://清大学.公益/",
    "https://清华大学.公益，evil.com/",
    "https://192.0.2.7/",
    "http://3221225991/",
    "http://0xC0000207/",
    "http://0300.0.2.7/",
    "http://192.0.519/",
    "https://[2001:db8::1]/",
    "https://１９２.0.2.7/",
    "https://清华大学深圳国际研究生院.公益/",
    "javascript:alert(1)",
    "data:text/html,<h1>清华大学</h1>",
]

UNKNOWN = [
    "",
    "你好",
    "清华大学",
    "hello world",
    "https://",
    "https:///",
    "https://example.com/",
    "https://www.gov.cn/",
    "https://www.tsinghua.edu.cn/",
    "https://北京大学.公益/",
    "https://mail.清华大学.公益/",
    "https://阳江市人民政府办公室.政务/",
    "https://evil.com/清华大学.公益/",
    "https://web.archive.example/https://清华大学.公益/",
    "https://t.cn/A6abcdef",
    "https://localhost/",
    "https://my_site.example.com/",
    "https://☃.example/",
    "https://exa mple.com/",
    "https://清华大学.公益 .evil.com/",
    "https://evil.com/?next=https://清华大学.公益/",
    "evil.com/?next=https://清华大学.公益/",
    "见evil.com/?next=https://清华大学.公益/",
    "https://清华大学.公益:99999/",
    "https://清华大学.公益:端口/",
    "https://清华\u202e大学.公益/",
    "https://-.公.益./",
    "https://a..b/",
    "https://" + "a" * 300 + ".com/",
    "https://[::1/",
    "https://1.2.3.4.5/",
    "mailto:someone@清华大学.公益",
    "tel:110",
    "ftp://清华大学.公益/",
    "https://中华慈善基金会.公益/",
    "https://上海市第一中学.com/",
]

TABLE = [
    *((typed, Verdict.GENUINE) for typed in GENUINE),
    *((typed, Verdict.SUSPENDED) for typed in SUSPENDED),
    *((typed, Verdict.IMPERSONATION) for typed in IMPERSONATION),
    *((typed, Verdict.NOT_OFFICIAL) for typed in NOT_OFFICIAL),
    *((typed, Verdict.UNKNOWN) for typed in UNKNOWN),
]


@pytest.mark.parametrize(("typed", "verdict"), TABLE)
def test_each_address_gets_its_verdict(typed: str, verdict: Verdict) -> None:
    """Every address of the table gets the one verdict that a careful person would give it."""
    answer = ask(typed)
    assert answer.verdict is verdict, (answer.address, answer.findings)


def test_the_table_is_as_large_as_it_should_be() -> None:
    """The table holds at least 120 different addresses."""
    assert len({typed for typed, _ in TABLE}) == len(TABLE) >= 120


@pytest.mark.parametrize("typed", [typed for typed, _ in TABLE])
def test_every_answer_is_explained_in_both_languages(typed: str) -> None:
    """An answer never comes without a reason, and every reason is told in Chinese and in English."""
    findings = ask(typed).findings
    assert findings
    assert all(finding.zh and finding.en and "{" not in finding.zh + finding.en for finding in findings)


@pytest.mark.parametrize("typed", IMPERSONATION)
def test_an_impersonation_names_the_real_body(typed: str) -> None:
    """Whoever copies a name is answered with the body that is copied."""
    answer = ask(typed)
    assert answer.name is not None
    assert answer.name.body_name


def test_an_impersonation_leads_to_the_real_site() -> None:
    """The answer on a copy of a marked site carries the address of the genuine one."""
    assert ask("https://清华大学.公益.evil.com/").official_url == f"https://{TSINGHUA_A}/"
    assert ask("https://清华大学.公益@evil.com/").official_url == f"https://{TSINGHUA_A}/"


def test_a_badge_on_a_strange_host_is_an_impersonation() -> None:
    """A site that shows the badge of another one impersonates it, though its host is like nothing we know."""
    assert ask("https://evil.example/").verdict is Verdict.UNKNOWN
    answer = ask("https://evil.example/", shown="TSINGHUA")
    assert answer.verdict is Verdict.IMPERSONATION
    assert answer.official_url == f"https://{TSINGHUA_A}/"


def test_the_host_decides_before_the_badge() -> None:
    """A genuine host stays genuine though the page shows a badge of another site."""
    assert ask("https://清华大学.公益/", shown="YANGJIANG").verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("https://evil.example@清华大学.公益/", "address.user_name"),
        ("http://清华大学.公益/", "address.not_https"),
        ("https://清华大学.公益:8443/", "address.port"),
        ("清华\u200b大学.公益", "address.invisible"),
        (TSINGHUA_A, "address.punycode"),
        ("https://evil.com\\@清华大学.公益/", "address.backslash"),
        ("http://3221225991/", "address.disguised_number"),
        ("https://t.cn/A6abcdef", "address.short_link"),
        ("https://pаypal.com/", "address.mixed_scripts"),
        ("https://%61.example/", "address.percent_host"),
        ("ｗｗｗ．清华大学．公益", "address.mapped"),
    ],
)
def test_what_is_strange_is_said(typed: str, code: str) -> None:
    """Each trick in an address is named in the explanation, whatever the verdict."""
    assert code in {finding.code for finding in ask(typed).findings}
