"""Whether an answer speaks of the site or of us: firewalls and challenges refuse a scanner while people read on. Pure.

*Blocked* is not *down*: it is told apart in every statistic, and a second place looks again before anybody is told anything.
"""

import re

from verifier.fetch.answer import Hop

REFUSING = frozenset(
    {401, 403, 406, 407, 412, 418, 421, 425, 429, 451, 456, 493, 521}
)  # 412, 521: challenges of Chinese shields
CHALLENGE_CODES = frozenset({200, 202, 405, 503})  # codes under which challenge pages come as well
CHALLENGE_BYTES = 32 * 1024  # a challenge is short, and its marks stand in front
_MARKS = re.compile(
    rb"cdn-cgi/challenge-platform|cf-chl-|__jsl_clearance|acw_sc__v2|aliyun_waf_|_waf_[a-z]+\b|yundun\.|/captcha/[a-z]+\.js|"
    rb"\$_ts=window\['\$_ts'\]|safedog|anquanbao|yunsuo_session|TencentWAF|WAF/2\.0|"
    + "访问被拦截|请求被拦截|您的请求带有不合法参数|请完成安全验证|访问验证|人机验证|拖动滑块|疑似黑客攻击".encode()
)


def blocked_by(hop: Hop, body: bytes) -> str:
    """What refused us: ``status`` or ``challenge``; empty when the answer is the site's own."""
    if hop.failure is not None:
        return ""
    if hop.status in REFUSING:
        return "status"
    if hop.header("cf-mitigated") or (hop.status in CHALLENGE_CODES and _is_challenge(body)):
        return "challenge"
    return ""


def _is_challenge(body: bytes) -> bool:
    return len(body) <= CHALLENGE_BYTES and _MARKS.search(body) is not None
