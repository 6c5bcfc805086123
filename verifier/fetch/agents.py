"""As whom we come. The honest agent says who we are and where to ask; the other clothes serve one check, on sites that agreed."""

from collections.abc import Mapping

ABOUT = "https://xn--55qx5d.xn--zfr164b"  # an installation sets its own
PRODUCT = "ZhengmingWatch"  # the token that robots.txt addresses


def honest_agent(about: str = ABOUT) -> str:
    """The agent string of all ordinary visits."""
    return f"Mozilla/5.0 (compatible; {PRODUCT}/1.0; +{about})"


def ordinary_headers(about: str = ABOUT) -> Mapping[str, str]:
    """What every request carries. Some sites answer 406 to a request without an ``Accept``."""
    return {
        "User-Agent": honest_agent(about),
        "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
    }


# The five personas of check 16 (verifier.md 3.2).
PERSONAS: Mapping[str, Mapping[str, str]] = {
    "desktop": {
        "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
    },
    "mobile": {
        "User-Agent": "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
    },
    "baidu": {"User-Agent": "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"},
    "google": {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
    "from_search": {
        "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        "Referer": "https://www.baidu.com/s?wd=%E6%94%BF%E5%BA%9C",
    },
}
