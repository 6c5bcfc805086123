"""What a public body does for citizens, read off its name (pure): the third way into the red pages, beside place and kind.

A body is put under the first service of the list one of whose words its name holds; most specific first. It is a help for finding, no legal
statement, so a body whose name says nothing stands under none.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Service:
    """A heading of the red pages: ``words`` are what names of such bodies hold."""

    key: str
    zh: str
    en: str
    words: tuple[str, ...]


SERVICES = (
    Service("police", "公安与消防", "Police and fire", ("公安", "派出所", "消防", "出入境", "交通警察", "交警")),
    Service(
        "court", "司法", "Justice", ("人民法院", "检察院", "司法局", "司法厅", "司法部", "公证", "仲裁", "法律援助")
    ),
    Service("tax", "税务与财政", "Tax and finance", ("税务", "财政")),
    Service(
        "school",
        "学校",
        "Schools and universities",
        ("大学", "学院", "中学", "小学", "幼儿园", "职业学校", "学校", "党校"),
    ),
    Service("education", "教育管理", "Education", ("教育", "招生", "考试院")),
    Service("hospital", "医院", "Hospitals", ("医院", "卫生院", "卫生服务中心", "急救", "血站", "妇幼保健")),
    Service("health", "卫生健康与医保", "Health", ("卫生", "健康", "疾病预防", "医疗保障", "医保")),
    Service("work", "就业与社会保障", "Work and social security", ("人力资源", "社会保险", "社会保障", "就业", "劳动")),
    Service(
        "civil",
        "民政与救助",
        "Civil affairs",
        ("民政", "救助", "婚姻登记", "福利院", "养老", "殡仪", "残疾人", "慈善", "红十字"),
    ),
    Service(
        "housing",
        "住房与城建",
        "Housing and building",
        ("住房", "城乡建设", "住建", "公积金", "城市管理", "房产", "规划"),
    ),
    Service(
        "land",
        "自然资源与环境",
        "Land and environment",
        ("自然资源", "生态环境", "国土", "林业", "草原", "水利", "水务", "气象", "地震"),
    ),
    Service("farming", "农业农村", "Farming", ("农业", "农村", "畜牧", "渔业", "农机", "粮食")),
    Service("transport", "交通运输", "Transport", ("交通运输", "交通", "公路", "铁路", "海事", "航道", "邮政")),
    Service(
        "market",
        "市场监管与商务",
        "Markets and trade",
        ("市场监督", "市场监管", "商务", "知识产权", "标准化", "计量", "海关", "药品监督"),
    ),
    Service(
        "culture",
        "文化体育旅游",
        "Culture and sport",
        ("文化", "图书馆", "博物馆", "美术馆", "体育", "旅游", "文物", "广播电视", "档案"),
    ),
    Service(
        "science",
        "科技与工业",
        "Science and industry",
        ("科学技术", "科技", "工业和信息化", "科学院", "研究院", "研究所"),
    ),
    Service(
        "government",
        "党政综合",
        "Government and party",
        ("人民政府", "委员会", "党委", "政协", "人大", "行政审批", "政务服务", "机构编制", "审计", "统计", "信访"),
    ),
)
OTHER = ""


def service_of(name: str) -> str:
    """The key of the service that a body of this name renders; empty when the name does not say."""
    return next((one.key for one in SERVICES if any(word in name for word in one.words)), OTHER)
