from urllib.parse import quote
from playwright.async_api import async_playwright
from tests.whois.world import *

PAGES = {
    "empty": "/lookup",
    "uni": "/lookup?q=" + quote("清华大学.公益"),
    "tax": "/lookup?q=" + quote("國家稅務總局.政务"),
    "variant": "/lookup?q=" + quote("国家稅务总局.政务"),
    "none": "/lookup?q=" + quote("没有的.公益"),
    "else": "/lookup?q=https://www.example.com/x",
    "body": "/lookup?q=" + TAX,
    "code": "/lookup?q=12100000400000624E",
    "word": "/lookup?q=" + quote("大学"),
    "dir": "/directory",
    "dirk": "/directory?kind=12&q=" + quote("大学"),
    "terms": "/lookup/terms",
    "plain": "/lookup?q=" + PLAIN,
    "host": "/lookup?q=www." + quote("清华大学.公益"),
}


async def test_x(doors):
    """x"""
    async with async_playwright() as p:
        b = await p.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-quic",
                "--no-first-run",
            ],
        )
        for w in (1280, 390):
            pg = await b.new_page(viewport={"width": w, "height": 900})
            for n, u in PAGES.items():
                r = await pg.goto(doors.url + u)
                sw = await pg.evaluate("document.documentElement.scrollWidth")
                print(n, w, r.status, sw)
                await pg.screenshot(path=f"/tmp/shots/{n}-{w}.png", full_page=True)
        await b.close()
    assert 0
