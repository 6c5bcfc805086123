"""Pages as public bodies publish them, and the pieces that animals change."""

from collections.abc import Sequence
from datetime import date, timedelta

from registry.kernel.clock import BEIJING
from tests.zoo.keeper import NOW

TODAY: date = NOW.astimezone(BEIJING).date()
BODY = "甲县自然资源局"
CODE = "4417230012"
ICP = "粤ICP备05000001号"
TOPICS = (
    "召开重点工作推进会研究部署下一阶段任务", "组织开展安全生产大检查确保群众生命财产安全", "赴基层调研乡村振兴项目建设情况", "举办政务公开工作培训班提升服务水平",
    "公布本年度行政许可事项清单和办理流程", "深入推进耕地保护和节约集约用地工作", "开展地质灾害隐患排查整治专项行动", "优化不动产登记服务实现一窗受理当日办结",
    "发布国土空间总体规划草案公开征求意见", "组织党员干部参加义务植树活动", "完成本季度土地供应计划执行情况统计", "召开新闻发布会介绍营商环境改革成效",
)  # fmt: skip


def day(ago: int) -> str:
    return (TODAY - timedelta(days=ago)).isoformat()


def items(days: Sequence[int], folder: str = "news", stamp: bool = True) -> str:
    rows = [
        f'<li><a href="/{folder}/{number}.html" title="{BODY}{TOPICS[number % 12]}（第{number}期）">{BODY}{TOPICS[number % 12]}</a>'
        + (f"<span>{day(ago)}</span>" if stamp else "")
        + "</li>"
        for number, ago in enumerate(days)
    ]
    return "<ul class='list'>" + "".join(rows) + "</ul>"


FOOTER = (
    f"<footer><p>主办单位：{BODY}　网站标识码：{CODE}　{ICP}</p>"
    f'<a href="https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code={CODE}&url=x">我为政府网站找错</a></footer>'
)
NAV = (
    '<nav><a href="/gk/">信息公开</a><a href="/jd/">政策解读</a><a href="/bs/">办事服务</a><a href="/hd/">互动交流</a>'
    '<form action="/search"><input name="q" placeholder="请输入关键词搜索"></form></nav>'
)


def home(
    *, title: str = f"{BODY}门户网站", head: str = "", main: str | None = None, extra: str = "", footer: str = FOOTER, nav: str = NAV, days: Sequence[int] = (1, 2, 3, 5, 8, 9, 11),
    about: str = "",
) -> str:  # fmt: skip
    intro = about or (
        f"<section><h2>机构概况</h2><p>{BODY}负责全县自然资源资产管理、国土空间规划、耕地保护、不动产登记、地质灾害防治和测绘地理信息管理等工作，"
        "内设办公室、法规股、规划股、耕保股、利用股、登记中心，依法履行职责，接受社会监督，竭诚为群众和企业提供高效便捷的政务服务。</p></section>"
    )
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{nav}'
        f"<main>{intro}{items(days) if main is None else main}</main>{extra}{footer}</body></html>"
    )
