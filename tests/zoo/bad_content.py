"""Animals whose pages were broken into."""

import asyncio
from dataclasses import replace

from tests.zoo.animal import Animal, Build, page, pages
from tests.zoo.keeper import Answer, Ask, Serve, Zoo
from tests.zoo.pages import BODY, FOOTER, NAV, day, home, items
from verifier.checks.site import Column, ColumnKind, Site
from verifier.judge.known import Crawled, Known, Remembered

GOOD = page(home())
INTEGRITY = ("tampering", "defacement", "hidden_links")
HACKED = "<html><head><title>Hacked by Zoo Crew</title></head><body bgcolor=black><h1>Hacked by Zoo Crew</h1><p>your security is low, greetz to all</p></body></html>"
FARM = "".join(f'<a href="https://yl{n}.vip/">澳门新葡京{n}</a>' for n in range(8))
QUIET_FARM = "".join(f'<a href="https://shop-{n}.example.com/">产品介绍与售后服务{n}</a>' for n in range(8))


def hidden(style: str, inside: str = FARM) -> str:
    return home(extra=f"<div {style}>{inside}</div>")


def _persona(special: str, *names: str, referer: bool = False) -> Serve:
    async def serve(ask: Ask, _: asyncio.StreamWriter) -> Answer:
        agent = ask.headers.get("user-agent", "")
        hit = ("baidu.com/s" in ask.headers.get("referer", "")) if referer else any(name in agent for name in names)
        if not hit:
            return Answer(home())
        return Answer(status=302, headers=(("Location", special),)) if special.startswith("http") else Answer(special)

    return serve


def agreed(site: Site, _zoo: Zoo) -> Site:
    return replace(site, personas_agreed=True)


def columns(*rows: tuple[str, str]) -> Build:
    """Columns by kind and name of their page."""

    def build(site: Site, _zoo: Zoo) -> Site:
        return replace(
            site, columns=tuple(Column(f"{site.origin}/{name}", ColumnKind(kind), name) for kind, name in rows)
        )

    return build


def _list(days: tuple[int, ...], stamp: bool = True, folder: str = "art") -> str:
    return f"<html><head><title>栏目</title></head><body>{NAV}<main>{items(days, folder, stamp)}</main>{FOOTER}</body></html>"


EMPTY = f"<html><head><title>栏目</title></head><body>{NAV}<main><p>暂无数据</p></main>{FOOTER}</body></html>"
NEWS = {f"n{n}": _list((40, 60, 80), folder=f"n{n}") for n in range(1, 6)}


def _known_items(shift: int) -> "dict[str, Remembered]":
    """The items of the standard home page as they were first listed: ``shift`` days earlier than today's list says."""
    from tests.zoo.pages import TOPICS

    return {
        f"{{origin}}/news/{n}.html": Remembered(day(ago + shift), f"{BODY}{TOPICS[n % 12]}（第{n}期）", day(1))
        for n, ago in enumerate((1, 2, 3, 5, 8, 9, 11))
    }


CONTENT: list[Animal] = [
    # 13, 14: tampering and defacement
    Animal("defaced", INTEGRITY, {"tampering.changed", "defacement.words"}, page(HACKED), GOOD),
    Animal("defaced-unknown", ("defacement",), {"defacement.words"}, page(HACKED)),
    Animal("casino-title", ("defacement",), {"defacement.words"}, page(home(title="澳门威尼斯人官网_真人百家乐"))),
    Animal(
        "casino-keywords",
        ("defacement",),
        {"defacement.words"},
        page(home(head='<meta name="keywords" content="&#28595;&#38376;&#26032;&#33889;&#20140;,赌场官网">')),
    ),
    Animal(
        "casino-text", ("defacement",), {"defacement.words"}, page(home(extra="<p>注册送彩金，澳门新葡京欢迎您</p>"))
    ),
    Animal(
        "casino-spaced", ("defacement",), {"defacement.words"}, page(home(extra="<p>澳 门 新 葡 京，线·上·赌·场</p>"))
    ),
    Animal(
        "casino-one-word", ("defacement",), {"defacement.doubtful_words"}, page(home(extra="<p>开云体育与您相约</p>"))
    ),
    Animal(
        "emptied",
        ("tampering", "defacement"),
        {"tampering.changed", "defacement.replaced"},
        page("<html><body></body></html>"),
        GOOD,
    ),
    Animal("blank", ("defacement",), {"defacement.blank"}, page("<html><body></body></html>")),
    Animal("one-picture", ("defacement",), {"defacement.blank"}, page("<html><body><img src=/a.jpg></body></html>")),
    Animal(
        "stranger-page",
        ("tampering",),
        {"tampering.changed"},
        page(
            "<html><head><title>欢迎光临</title></head><body>"
            + "".join(
                f"<table><tr><td>第{n}款限时抢购全场包邮正品保证七天退换支持货到付款欢迎选购</td></tr></table>"
                for n in range(20)
            )
            + "</body></html>"
        ),
        GOOD,
    ),
    Animal(
        "name-lost",
        ("tampering",),
        {"tampering.lost"},
        page(home(title="门户网站", about="<p>介绍</p>", footer=FOOTER.replace(BODY, "")).replace(BODY, "本局")),
        GOOD,
    ),
    Animal(
        "rebuilt-with-strange-script",
        ("tampering",),
        {"tampering.foreign_script"},
        page(
            f"<html><head><title>{BODY}门户网站</title><script src='https://cdn.unknown-zoo.com/x.js'></script></head><body>"
            + "".join(
                f"<article><h3>栏目{n}</h3><p>全新改版上线试运行期间欢迎提出宝贵意见建议第{n}段内容</p></article>"
                for n in range(30)
            )
            + FOOTER
            + "</body></html>"
        ),
        GOOD,
    ),
    # 15: hidden links
    Animal("dark-display", ("hidden_links",), {"hidden_links.injected"}, page(hidden('style="display:none"'))),
    Animal(
        "dark-offscreen",
        ("hidden_links",),
        {"hidden_links.injected"},
        page(hidden('style="position:absolute;left:-9999px"')),
    ),
    Animal(
        "dark-indent",
        ("hidden_links",),
        {"hidden_links.injected"},
        page(hidden('style="text-indent:-9999px"', QUIET_FARM)),
    ),
    Animal(
        "dark-font", ("hidden_links",), {"hidden_links.injected"}, page(hidden('style="font-size:0px"', QUIET_FARM))
    ),
    Animal(
        "dark-size",
        ("hidden_links",),
        {"hidden_links.injected"},
        page(hidden('style="height:1px;overflow:hidden"', QUIET_FARM)),
    ),
    Animal(
        "dark-marquee",
        ("hidden_links",),
        {"hidden_links.injected"},
        page(home(extra=f"<marquee height=1 width=4 scrollamount=3000>{FARM}</marquee>")),
    ),
    Animal(
        "dark-class",
        ("hidden_links",),
        {"hidden_links.injected"},
        page(home(head="<style>.qz{position:absolute;top:-999px}</style>", extra=f"<div class=qz>{QUIET_FARM}</div>")),
    ),
    Animal(
        "dark-script",
        ("hidden_links",),
        {"hidden_links.injected"},
        page(home(extra=f'<div id=kk>{FARM}</div><script>document.getElementById("kk").style.display="none"</script>')),
    ),
    Animal(
        "dark-written",
        ("hidden_links",),
        {"hidden_links.injected"},
        page(
            home(
                extra=f"<script>document.write('<div style=\"position:absolute;left:-2000px\">')</script>{QUIET_FARM}<script>document.write('</div>')</script>"
            )
        ),
    ),
    Animal(
        "dark-one",
        ("hidden_links",),
        {"hidden_links.suspect"},
        page(hidden('style="position:absolute;left:-9999px"', '<a href="https://shop-1.example.com/">产品</a>')),
    ),
    Animal(
        "dark-colour",
        ("hidden_links",),
        {"hidden_links.injected"},
        page(home(extra=f'<div style="background:#fff">{QUIET_FARM.replace("<a ", "<a style=color:#fff ")}</div>')),
        rendered=True,
    ),
    Animal(
        "dark-late",
        ("hidden_links",),
        {"hidden_links.injected"},
        page(
            home(
                extra="<div id=z></div><script>setTimeout(()=>{z.style.cssText='position:absolute;left:-5000px';z.innerHTML=Array.from({length:6},(_,i)=>'<a href=https://s'+i+'.example.com/>货'+i+'</a>').join('')},50)</script>"
            )
        ),
        rendered=True,
    ),
    Animal(
        "casino-visible",
        ("hidden_links",),
        {"hidden_links.visible"},
        page(home(extra='<a href="https://yl9.vip/">真人百家乐</a>')),
    ),
    Animal(
        "strange-base",
        ("hidden_links",),
        {"hidden_links.base", "hidden_links.form"},
        page(home(head='<base href="https://evil-zoo.com/">')),
    ),
    Animal(
        "strange-form",
        ("hidden_links",),
        {"hidden_links.form"},
        page(home(extra='<form action="https://collect-zoo.com/p" method=post><input name=id></form>')),
    ),
    Animal(
        "hidden-frame",
        ("hidden_links",),
        {"hidden_links.frame"},
        page(home(extra='<iframe src="https://drive-by-zoo.com/a" width=0 height=0></iframe>')),
    ),
    # 16: cloaking
    Animal(
        "spider-casino",
        ("cloaking",),
        {"cloaking.words", "cloaking.links", "cloaking.differs"},
        _persona(
            home(
                title="澳门新葡京官网",
                main="".join(
                    f"<h3><a href='https://yl{n}.vip/'>真人百家乐第{n}期</a></h3><p>老虎机平台首存送好礼不断{n}</p>"
                    for n in range(40)
                ),
                about="<p>x</p>",
                nav="",
                footer="",
            ),
            "Baiduspider",
        ),
        site=agreed,
    ),
    Animal(
        "search-hijack",
        ("cloaking",),
        {"cloaking.search_hijack", "cloaking.words"},
        _persona("https://yl9.vip:{port}/", referer=True),
        site=agreed,
    ),
    Animal(
        "mobile-hijack",
        ("cloaking",),
        {"cloaking.search_hijack", "cloaking.words"},
        _persona("https://yl9.vip:{port}/", "Mobile"),
        site=agreed,
    ),
    # 17, 18: others
    Animal(
        "dangling-script",
        ("third_parties",),
        {"third_parties.dangling"},
        page(home(head='<script src="https://cdn.lapsed-zoo.com/a.js"></script>')),
    ),
    Animal(
        "unclaimed-bucket",
        ("third_parties",),
        {"third_parties.dangling"},
        page(home(head='<script src="https://bucket-zoo.com:{port}/a.js"></script>')),
    ),
    Animal(
        "dead-image-host",
        ("third_parties",),
        {"third_parties.missing"},
        page(home(extra='<img src="https://img.lapsed-zoo.com/a.png">')),
    ),
    Animal(
        "new-script-host",
        ("third_parties",),
        {"third_parties.new_script"},
        page(home(head='<script src="https://new-zoo.com:{port}/a.js"></script>')),
        page(home(head='<script src="https://old-zoo.com:{port}/a.js"></script>')),
    ),
    Animal(
        "broken-links",
        ("links",),
        {"links.broken_home"},
        pages(home=home(nav="", main='<a href="/gone.html">一条断链的标题</a>', footer="")),
    ),
    Animal(
        "broken-second",
        ("links",),
        {"links.broken_second"},
        pages(home=home(nav="", main='<a href="/a">第二层页面</a>', footer=""), a="<a href=/nowhere>x</a>"),
    ),
    Animal(
        "short-links",
        ("links",),
        {"links.danger"},
        pages(home=home(nav="", main='<a href="https://t.cn/abc">点此</a>', footer="")),
    ),
    Animal(
        "lapsed-outlink",
        ("links",),
        {"links.danger"},
        pages(home=home(nav="", main='<a href="https://partner-zoo.com:{port}/">合作单位</a>', footer="")),
    ),
    # 19: freshness
    Animal("frozen-home", ("freshness",), {"freshness.home"}, pages(home=home(days=(15, 20, 40)))),
    Animal(
        "stale-columns",
        ("freshness",),
        {"freshness.columns", "freshness.column"},
        pages(home=home(), **NEWS),
        site=columns(*(("news", name) for name in NEWS)),
    ),
    Animal(
        "stale-policy",
        ("freshness",),
        {"freshness.columns", "freshness.column"},
        pages(home=home(), **{f"p{n}": _list((190, 300), folder=f"p{n}") for n in range(5)}),
        site=columns(*(("notice", f"p{n}") for n in range(5))),
    ),
    Animal(
        "long-stale",
        ("freshness",),
        {"freshness.long_stale", "freshness.column"},
        pages(home=home(), **{f"o{n}": _list((400, 500), folder=f"o{n}") for n in range(10)}),
        site=columns(*(("other", f"o{n}") for n in range(10))),
    ),
    Animal(
        "empty-columns",
        ("freshness",),
        {"freshness.empty"},
        pages(home=home(), **dict.fromkeys((f"e{n}" for n in range(5)), EMPTY)),
        site=columns(*(("news", f"e{n}") for n in range(5))),
    ),
    Animal(
        "undated-column",
        ("freshness",),
        {"freshness.undated"},
        pages(home=home(), u=_list((1, 2, 3), stamp=False)),
        site=columns(("news", "u")),
    ),
    Animal(
        "frozen-dates-forged",
        ("freshness",),
        {"freshness.false_dates"},
        pages(home=home()),
        known=Known(items=_known_items(60)),
    ),
    Animal(
        "backfilled",
        ("freshness",),
        {"freshness.backfilled"},
        pages(home=home(), n=_list((1, 20, 25, 28))),
        site=columns(("news", "n")),
        known=Known(columns={"{origin}/n": Crawled(day(3), day(60))}),
    ),
    Animal("future-dates", ("freshness",), {"freshness.future"}, pages(home=home(days=(1, 2, -40)))),
    Animal(
        "list-lies",
        ("freshness",),
        {"freshness.list_differs"},
        pages(home=home(days=(1,)), news_0_html=f"<p>发布时间：{day(200)}</p><p>正文</p>"),
    ),
    # service functions
    Animal(
        "no-functions",
        ("services",),
        {
            "services.function",
            "services.search",
            "services.correction_missing",
            "services.site_code_missing",
            "services.icp_missing",
        },
        pages(home=home(nav="", footer="")),
    ),
    Animal(
        "wrong-code",
        ("services",),
        {"services.site_code_wrong", "services.correction_code", "services.icp_wrong"},
        pages(home=home(footer=FOOTER.replace("4417230012", "4417230099").replace("05000001", "05000009"))),
    ),
    Animal(
        "other-region",
        ("services",),
        {"services.site_code_region"},
        pages(home=home()),
        site=lambda site, _: replace(site, region="110101"),
    ),
    Animal("soft-404", ("services",), {"services.soft_missing"}, page(home())),
    Animal(
        "unanswered",
        ("services",),
        {"services.unanswered"},
        pages(
            home=home(),
            wen=f"<ul><li><a href=/q1>请问办证需要什么材料</a> {day(120)} 未回复</li><li><a href=/q2>请问何时上班办理业务</a> {day(130)} 已回复</li></ul>",
        ),
        site=lambda site, _: replace(site, settings={**site.settings, "consultation": f"{site.origin}/wen"}),
    ),
]
