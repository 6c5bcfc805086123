"""Hard pairs, made by hand, with what must become of each: the same body, a pair that people are shown, or strangers.

``(our name, our region, their name, their region, outcome, other facts of both)``; facts are (legal representative, telephone) of ours and theirs.
"""

from registry.model.comparison import Party

SAME, SHOWN, STRANGERS = "same", "shown", "strangers"
C, Y, W = "430121", "430102", "430112"  # 长沙县, 芙蓉区, 望城区
KNOWN = (("张三", "84011234"), ("张三", "0731-84011234"))
STRANGE = (("张三", "84011234"), ("李四", "82223333"))

GOLDEN: tuple[tuple[str, str, str, str, str, tuple[tuple[str, str], tuple[str, str]] | None], ...] = (
    # spelling: script, width, brackets, spaces, remarks
    ("长沙县文化馆", C, "长沙縣文化館", C, SAME, None),
    ("长沙县文化馆", C, "长沙县　文化馆", C, SAME, None),
    ("中国石油大学（华东）", "370211", "中国石油大学(华东)", "370211", SAME, None),
    ("长沙县ＩＴ协会", C, "长沙县IT协会", C, SAME, None),
    ("长沙县摄影协会", C, "长沙县摄影协会（筹）", C, SAME, None),
    ("长沙县“雷锋”志愿服务队", C, "长沙县雷锋志愿服务队", C, SAME, None),
    # places before the name: none, all, some, a stem
    ("长沙县文化馆", C, "湖南省长沙市长沙县文化馆", C, SAME, None),
    ("长沙县文化馆", C, "文化馆", C, SAME, None),
    ("长沙县文化馆", C, "长沙文化馆", C, SAME, None),
    ("浦东新区文化馆", "310115", "上海市浦东新区文化馆", "310115", SAME, None),
    ("湘西土家族苗族自治州民族中学", "433100", "湘西州民族中学", "433100", SAME, None),
    ("湖南省博物院", "430000", "湖南博物院", "430102", SAME, None),
    ("长沙市图书馆", "430100", "长沙市图书馆", Y, SAME, None),
    ("国家税务总局", "100000", "国家税务总局", "110102", SAME, None),
    # a county that became a district
    ("望城县文化馆", W, "望城区文化馆", W, SAME, None),
    # synonyms and numbers
    ("长沙县疾病预防控制中心", C, "长沙县疾控中心", C, SAME, None),
    ("长沙县人力资源和社会保障局", C, "长沙县人社局", C, SAME, None),
    ("长沙县住房和城乡建设局", C, "长沙县住建局", C, SAME, None),
    ("长沙县星沙街道办事处", C, "星沙街道办", C, SAME, None),
    ("松雅社区居民委员会", C, "松雅社区居委会", C, SAME, None),
    ("长沙县第一中学", C, "长沙县一中", C, SAME, None),
    ("长沙县第十一幼儿园", C, "长沙县第11幼儿园", C, SAME, None),
    ("长沙县实验幼稚园", C, "长沙县实验幼儿园", C, SAME, None),
    ("长沙县妇女联合会", C, "长沙县妇联", C, SAME, None),
    ("中国共产党长沙县委员会", C, "中共长沙县委", C, SAME, None),
    # everything else differs, the name and the place do not
    ("长沙县文化馆", C, "长沙县文化馆", C, SAME, STRANGE),
    # a slip: decided only when something else supports it
    ("长沙县青少年活动中心", C, "长沙县青少年活动中兴", C, SHOWN, None),
    ("长沙县星沙街道社区卫生服务中心", C, "长沙县星沙街道卫生服务中心", C, SAME, KNOWN),
    ("长沙县春华镇中心小学", C, "长沙县春花镇中心小学", C, SAME, KNOWN),
    ("长沙县春华镇中心小学", C, "长沙县春花镇中心小学", C, SHOWN, None),
    ("星沙小学", C, "星沙中心小学", C, SHOWN, None),
    # the same name in a neighbouring county
    ("实验小学", C, "实验小学", Y, SHOWN, None),
    ("实验小学", C, "实验小学", Y, SAME, KNOWN),
    ("实验小学", C, "实验小学", "440106", STRANGERS, None),
    # siblings
    ("长沙县第一中学", C, "长沙县第二中学", C, STRANGERS, None),
    ("长沙县第一中学", C, "长沙县第十一中学", C, STRANGERS, None),
    ("长沙县城东小学", C, "长沙县城西小学", C, STRANGERS, None),
    ("长沙县第一中学", C, "长沙县第二中学", C, STRANGERS, KNOWN),
    ("长沙县公安局", C, "长沙县公安局东分局", C, STRANGERS, None),
    # another kind of body
    ("长沙县摄影协会", C, "长沙县摄影学会", C, STRANGERS, None),
    ("长沙县文化馆", C, "长沙县文化站", C, STRANGERS, None),
    ("长沙县教育局", C, "长沙县体育局", C, STRANGERS, None),
    ("长沙县教育局", C, "长沙县教育局机关服务中心", C, STRANGERS, None),
    ("长沙县医院", C, "长沙县中医院", C, STRANGERS, None),
    # another level or place in the name
    ("长沙市图书馆", "430100", "长沙县图书馆", C, STRANGERS, None),
    ("湖南省图书馆", "430000", "长沙市图书馆", "430100", STRANGERS, None),
    ("芙蓉区文化馆", Y, "长沙县文化馆", C, STRANGERS, None),
    ("吉林省博物馆", "220000", "吉林市博物馆", "220200", STRANGERS, None),
    # nothing in common but common words
    ("长沙县民政局", C, "长沙县水务局", C, STRANGERS, None),
    ("东方红小学", C, "红小学", C, STRANGERS, None),
)


def parties(
    case: tuple[str, str, str, str, str, tuple[tuple[str, str], tuple[str, str]] | None],
) -> tuple[Party, Party]:
    """The two sides of a pair."""
    our_name, our_region, their_name, their_region, _, facts = case
    ours, theirs = facts or (("", ""), ("", ""))
    return (
        Party("ours", (our_name,), region=our_region, legal_representative=ours[0], phone=ours[1]),
        Party("theirs", (their_name,), region=their_region, legal_representative=theirs[0], phone=theirs[1]),
    )
