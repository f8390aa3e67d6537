"""The judges find what they are for, on a page that has each fault."""

from random import Random

from playwright.sync_api import Route

from tests.pages.conftest import NewVisitor
from tests.pages.judge import Judgments, judge
from tests.pages.markup import markup_faults

BAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Buruk</title>
<style>small{color:#aaa;background:#fff}pre{width:700px}a{font-size:8px;line-height:8px}</style>
<script src="/statis/large.js"></script></head>
<body><main><h1>Halaman tidak ditemukan</h1>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><p><small>pale</small></p><pre>wide</pre>
<a href="/1">1</a><br><a href="/2">2</a><br><a href="/3">3</a><button><h2>x</h2></button>
<script>alert(1)</script></main></body></html>"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; img-src data:"


def test_each_fault_is_found(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()

    def bad(route: Route) -> None:
        if route.request.resource_type == "script":
            large = Random(1).randbytes(60_000).hex()  # half as large by gzip, not less
            route.fulfill(body=f"/*{large}*/", content_type="text/javascript")
        else:
            headers = {"content-security-policy": POLICY, "content-type": "text/html"}
            route.fulfill(body=BAD, headers=headers)

    visitor.page.route("**/*", bad)
    visitor.open("/buruk")
    judgments = Judgments()
    faults = "\n".join(judge(visitor, "bad", judgments, again_in_english=True))

    for expected in (
        "bytes, compressed, of at most",
        "lang is en, of a page in id",
        "px on a screen of 360",
        "image-alt:",
        "color-contrast:",
        "target-size:",
        "desktop, dark: color-contrast",
        "Content Security Policy",
        "not in English: Halaman tidak ditemukan",
    ):
        assert expected in faults, f"{expected} is not in {faults}"
    expected = "bad, line 7: Element “h2” not allowed as child of element “button”"
    assert expected in "\n".join(markup_faults(judgments.html))
