"""Words by which names of the same body differ from one register to the next, and words that tell bodies apart. Data only."""

# Long forms and the short ones that stand for them; applied in this order, the longest first where one holds another. A short form
# that could be taken for something else (教育 for 教育局) is not here.
SYNONYMS = (
    ("有限责任公司", "有限公司"),
    ("股份有限公司", "股份公司"),
    ("机构编制委员会办公室", "编办"),
    ("人力资源和社会保障", "人社"),
    ("人力资源社会保障", "人社"),
    ("住房和城乡建设", "住建"),
    ("住房城乡建设", "住建"),
    ("卫生和计划生育", "卫计"),
    ("卫生计划生育", "卫计"),
    ("卫生健康", "卫健"),
    ("发展和改革", "发改"),
    ("发展改革", "发改"),
    ("工业和信息化", "工信"),
    ("工业信息化", "工信"),
    ("农业和农村", "农业农村"),
    ("市场监督管理", "市监"),
    ("疾病预防控制", "疾控"),
    ("共产主义青年团", "共青团"),
    ("中国共产党", "中共"),
    ("国民党革命委员会", "民革"),
    ("妇女联合会", "妇联"),
    ("残疾人联合会", "残联"),
    ("工商业联合会", "工商联"),
    ("文学艺术界联合会", "文联"),
    ("科学技术协会", "科协"),
    ("村民委员会", "村委会"),
    ("居民委员会", "居委会"),
    ("街道办事处", "街道办"),
    ("人民政府", "政府"),
    ("委员会", "委"),
    ("委会", "委"),
    ("办公室", "办"),
    ("幼稚园", "幼儿园"),
    ("志愿者", "志愿"),
    ("以及", "和"),
    ("与", "和"),
    ("及", "和"),
    ("暨", "和"),
    ("学校校", "学校"),
)

# Endings that say what kind of body it is. Two names whose kinds differ are not spellings of each other.
TYPES = (
    "基金会", "促进会", "研究会", "联合会", "联谊会", "协会", "学会", "商会", "工会", "校友会", "幼儿园", "小学", "中学", "学校", "大学",
    "学院", "党校", "医院", "卫生院", "卫生室", "诊所", "服务中心", "中心", "图书馆", "博物馆", "文化馆", "纪念馆", "档案馆", "体育馆", "美术馆",
    "馆", "文化站", "服务站", "救助站", "站", "研究院", "福利院", "敬老院", "院", "研究所", "事务所", "派出所", "所", "分局", "局", "村委",
    "居委", "委", "街道办", "编办", "办", "厅", "处", "科", "部", "法院", "公司", "合作社", "厂", "店", "报社", "社", "支队", "大队", "中队", "队",
    "林场", "农场", "场", "公园", "园", "政府", "会",
)  # fmt: skip

# Endings of short names of schools: 长沙县一中 is 长沙县第一中学.
SHORT_SCHOOLS = (("中", "中学"), ("小", "小学"), ("幼", "幼儿园"))

# One of these in one name and none or another in the other: siblings, not spellings.
MARKS = "东西南北上下前后左右男女总分支甲乙丙丁"
NUMERALS = "〇一二三四五六七八九"
TEN, HUNDRED, ORDINAL = "十", "百", "第"

# What a name of a place ends with; the stem before it stays when a county becomes a district.
PLACE_ENDINGS = (
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "特别行政区",
    "林区",
    "特区",
    "新区",
    "省",
    "市",
    "县",
    "区",
    "旗",
    "盟",
    "州",
    "地区",
)
