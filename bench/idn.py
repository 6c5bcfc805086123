"""Labels a second of the name layer, on one core: index label, parsing, and the whole pipeline with its bundle.

The floor of the index label is a bare ``str.translate`` with the same map; the peer of the pipeline is its bar of
25,000 labels a second. Each figure is the best of five runs over 20,000 organisation-like labels, put together from the
words below in a fixed order, so that every run sees the same.
"""

import json
import time
from collections.abc import Callable, Iterable
from itertools import product

from registry.policy.idn.bundle import bundle_of
from registry.policy.idn.compact import SHIPPED, load_table, shipped_table
from registry.policy.idn.label import Label, index_of, parse_a, parse_u

RUNS = 5
PLACES = """
    北京市 上海市 长沙市 沈阳市 广东省 云南省 台州市 里水镇 干州区
    新疆维吾尔自治区 鼓楼区 朝阳区 湘西州 乌鲁木齐市 丽江市 万县 钟祥市 后港镇
"""
OFFICES = """
    人民政府 教育局 税务局 市场监督管理局 机构编制委员会办公室 疾病预防控制中心 发展和改革委员会 图书馆 总工会 气象台
    机关后勤服务中心 干部学院 国家安全局 应急管理局 医疗保障局 药品检验所 志愿者协会 第2中学 abc研究院 博物馆
"""
SUFFIXES = "一 二 三 四 五 六 七 八 九 十 东 西 南 北 中 甲 乙 丙 丁 戊 己 庚 辛 壬 癸 网 站 网站 中心 处"
SIZE = 20_000


def main() -> None:
    table = shipped_table()
    texts = [
        text
        for text in map("".join, product(PLACES.split(), OFFICES.split(), SUFFIXES.split()))
        if isinstance(parse_u(text, table), Label)
    ]
    texts = (texts * (SIZE // len(texts) + 1))[:SIZE]
    a_labels = [label.a for text in texts if isinstance(label := parse_u(text, table), Label)]
    minimum = table.minimum

    def pipeline(text: str) -> None:
        label = parse_u(text, table)
        assert isinstance(label, Label)
        bundle_of(label, table)

    def from_wire(text: str) -> None:
        label = parse_a(text, table)
        assert isinstance(label, Label)
        bundle_of(label, table)

    floor = rate(lambda text: text.translate(minimum), texts)
    report("idn.index", rate(lambda text: index_of(text, table), texts), "labels/s", "bare str.translate", floor)
    report("idn.parse_u", rate(lambda text: parse_u(text, table), texts), "labels/s", "bar", 25_000)
    whole = rate(pipeline, texts)
    report("idn.pipeline", whole, "labels/s", "bar", 25_000)
    report("idn.pipeline_from_a_label", rate(from_wire, a_labels), "labels/s", "idn.pipeline", whole)
    report("idn.garbage", rate(lambda text: parse_u(text, table), ["Ａé桜\u200d。" * 700] * 50), "texts/s", "bar", 100)
    loads = rate(lambda _: load_table(SHIPPED), "12345")
    report("idn.load_table", 1 / loads, "s", "bar", 0.15)


def rate(act: Callable[[str], object], inputs: Iterable[str]) -> float:
    """Acts a second, best of :data:`RUNS`."""
    items = list(inputs)
    best = float("inf")
    for _ in range(RUNS):
        begun = time.perf_counter()
        for item in items:
            act(item)
        best = min(best, time.perf_counter() - begun)
    return len(items) / best


def report(bench: str, value: float, unit: str, peer: str, peer_value: float) -> None:
    """One JSON object a line, as ``make bench`` prints them."""
    figures = {"value": round(value, 4), "peer_value": round(peer_value, 4), "ratio": round(value / peer_value, 3)}
    print(json.dumps({"bench": bench, "unit": unit, "peer": peer, **figures}, ensure_ascii=False))


if __name__ == "__main__":
    main()
