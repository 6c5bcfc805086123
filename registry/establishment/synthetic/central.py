"""Central bodies: organs of the Party and the State by their public names, and synthetic bodies registered centrally.

The names of the organs are public facts (党和国家机构改革方案, 2018 and 2023); their codes here are synthetic.
"""

from collections.abc import Iterator

from registry.establishment.synthetic import vocabulary as v
from registry.establishment.synthetic.chance import Chance, Words
from registry.establishment.synthetic.drafts import Draft

STATE_COUNCIL = "中华人民共和国国务院"
PARTY_CENTRE = "中国共产党中央委员会"

_ORGANS = (  # full name, 规范简称 and other short names on file
    (STATE_COUNCIL, ("国务院", "中央人民政府")),
    (PARTY_CENTRE, ("中共中央", "党中央")),
    ("全国人民代表大会常务委员会", ("全国人大常委会", "全国人大")),
    ("中国人民政治协商会议全国委员会", ("全国政协",)),
    ("中华人民共和国最高人民法院", ("最高人民法院",)),
    ("中华人民共和国最高人民检察院", ("最高人民检察院",)),
    ("中华人民共和国国家监察委员会", ("国家监委", "国家监察委员会")),
    ("中国共产党中央纪律检查委员会", ("中央纪委",)),
    ("中国共产党中央委员会办公厅", ("中共中央办公厅", "中央办公厅")),
    ("中国共产党中央委员会组织部", ("中共中央组织部", "中央组织部", "中组部")),
    ("中国共产党中央委员会宣传部", ("中共中央宣传部", "中央宣传部", "中宣部")),
    ("中国共产党中央委员会统一战线工作部", ("中央统战部",)),
    ("中国共产党中央委员会对外联络部", ("中央对外联络部", "中联部")),
    ("中国共产党中央委员会社会工作部", ("中央社会工作部",)),
    ("中国共产党中央委员会政法委员会", ("中央政法委",)),
    ("中央机构编制委员会办公室", ("中央编办",)),
    ("中央网络安全和信息化委员会办公室", ("中央网信办",)),
    ("国务院办公厅", ()),
    ("中华人民共和国外交部", ("外交部",)),
    ("中华人民共和国国防部", ("国防部",)),
    ("中华人民共和国国家发展和改革委员会", ("国家发展和改革委员会", "国家发展改革委")),
    ("中华人民共和国教育部", ("教育部",)),
    ("中华人民共和国科学技术部", ("科学技术部", "科技部")),
    ("中华人民共和国工业和信息化部", ("工业和信息化部",)),
    ("中华人民共和国国家民族事务委员会", ("国家民族事务委员会", "国家民委")),
    ("中华人民共和国公安部", ("公安部",)),
    ("中华人民共和国国家安全部", ("国家安全部",)),
    ("中华人民共和国民政部", ("民政部",)),
    ("中华人民共和国司法部", ("司法部",)),
    ("中华人民共和国财政部", ("财政部",)),
    ("中华人民共和国人力资源和社会保障部", ("人力资源和社会保障部", "人力资源社会保障部")),
    ("中华人民共和国自然资源部", ("自然资源部",)),
    ("中华人民共和国生态环境部", ("生态环境部",)),
    ("中华人民共和国住房和城乡建设部", ("住房和城乡建设部", "住房城乡建设部")),
    ("中华人民共和国交通运输部", ("交通运输部",)),
    ("中华人民共和国水利部", ("水利部",)),
    ("中华人民共和国农业农村部", ("农业农村部",)),
    ("中华人民共和国商务部", ("商务部",)),
    ("中华人民共和国文化和旅游部", ("文化和旅游部",)),
    ("中华人民共和国国家卫生健康委员会", ("国家卫生健康委员会", "国家卫生健康委")),
    ("中华人民共和国退役军人事务部", ("退役军人事务部",)),
    ("中华人民共和国应急管理部", ("应急管理部",)),
    ("中国人民银行", ()),
    ("中华人民共和国审计署", ("审计署",)),
    ("国务院国有资产监督管理委员会", ("国务院国资委",)),
    ("中华人民共和国海关总署", ("海关总署",)),
    ("国家税务总局", ("税务总局",)),
    ("国家市场监督管理总局", ("市场监管总局",)),
    ("国家金融监督管理总局", ("金融监管总局",)),
    ("中国证券监督管理委员会", ("中国证监会",)),
    ("国家广播电视总局", ("广电总局",)),
    ("国家体育总局", ("体育总局",)),
    ("国家统计局", ()),
    ("国家国际发展合作署", ()),
    ("国家医疗保障局", ("国家医保局",)),
    ("国家知识产权局", ()),
    ("国家信访局", ()),
    ("国家机关事务管理局", ()),
    ("国家数据局", ()),
    ("国家能源局", ()),
    ("国家粮食和物资储备局", ()),
    ("国家烟草专卖局", ()),
    ("国家移民管理局", ()),
    ("国家林业和草原局", ()),
    ("国家铁路局", ()),
    ("中国民用航空局", ("民航局",)),
    ("国家邮政局", ()),
    ("国家文物局", ()),
    ("国家中医药管理局", ()),
    ("国家疾病预防控制局", ()),
    ("国家矿山安全监察局", ()),
    ("国家消防救援局", ()),
    ("国家外汇管理局", ()),
    ("国家药品监督管理局", ("国家药监局",)),
)

_INSTITUTIONS = (  # full name, short names, exercises administrative functions
    ("新华通讯社", ("新华社",), False),
    ("中国科学院", ("中科院",), False),
    ("中国社会科学院", ("中国社科院",), False),
    ("中国工程院", (), False),
    ("国务院发展研究中心", (), False),
    ("中央广播电视总台", (), False),
    ("中国气象局", (), True),
    ("中国国家博物馆", ("国家博物馆",), False),
    ("国家图书馆", (), False),
    ("中国地震局", (), True),
    ("国家自然科学基金委员会", (), True),
    ("全国社会保障基金理事会", (), True),
    ("政务和公益机构域名命名管理中心", ("政务和公益域名管理中心",), False),
)

_MASS = (
    ("中华全国总工会", ("全国总工会",)),
    ("中国共产主义青年团中央委员会", ("共青团中央",)),
    ("中华全国妇女联合会", ("全国妇联",)),
    ("中国科学技术协会", ("中国科协",)),
    ("中国文学艺术界联合会", ("中国文联",)),
    ("中国残疾人联合会", ("中国残联",)),
    ("中国红十字会总会", ()),
    ("中华全国归国华侨联合会", ("中国侨联",)),
    ("中华全国工商业联合会", ("全国工商联",)),
)


def central_bodies(chance: Chance) -> Iterator[Draft]:
    """The organs in their order of rank, then endless associations, foundations and institutes registered centrally."""
    for name, short in _ORGANS:
        sponsor = "" if name in (STATE_COUNCIL, PARTY_CENTRE) else (PARTY_CENTRE if "共产党" in name else STATE_COUNCIL)
        yield Draft("11", name, "central", short, administrative=True, sponsor=sponsor)
    for name, short, administrative in _INSTITUTIONS:
        yield Draft("12", name, "central", short, administrative=administrative, sponsor=STATE_COUNCIL)
    for name, short in _MASS:
        yield Draft("13", name, "central", short, administrative=True, sponsor=PARTY_CENTRE)
    for party in v.PARTIES:
        name = f"{party}总部" if party == "台湾民主自治同盟" else f"{party}中央委员会"
        yield Draft("00", name, "central", administrative=True)
    yield from _associations(chance)


def _associations(chance: Chance) -> Iterator[Draft]:
    words = Words(chance, v.HEADS, v.TAILS)
    plan = [topic + end for end in v.SOCIETY_ENDS[:3] for topic in v.SOCIETY_TOPICS]
    for name in chance.shuffled(plan):
        yield Draft("51", f"中国{name}", "central")
        if chance.yes(0.2):
            yield Draft("53", f"中国{words.draw()}{chance.pick(v.FOUNDATION_THEMES)}基金会", "central")
        if chance.yes(0.2):
            yield Draft("12", f"中国{words.draw()}研究院", "central", sponsor=STATE_COUNCIL)
    while True:
        yield Draft("91", f"{words.draw()}{chance.pick(v.TRADES)}", "central")
