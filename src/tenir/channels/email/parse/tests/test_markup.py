# ruff: noqa: E501 (a mail is easier to read in one piece)
"""HTML: nothing hostile survives, nothing comes from elsewhere, and the words are read."""

from __future__ import annotations

import re

import pytest

from tenir.channels.email.parse import Limits, read
from tenir.channels.email.parse.tests.scenes import mail

HOSTILE = [
    "<script>alert(1)</script>bonjour",
    "<scr<script>ipt>alert(1)</scr</script>ipt>bonjour",
    "<img src=x onerror=alert(1)>bonjour",
    "<img src='javascript:alert(1)'>bonjour",
    "<a href='javascript:alert(1)'>bonjour</a>",
    "<a href='JaVaScRiPt&colon;alert(1)'>bonjour</a>",
    "<a href='jav&#x09;ascript:alert(1)'>bonjour</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>bonjour</a>",
    "<a href='vbscript:x'>bonjour</a>",
    "<a href='/admin/logout'>bonjour</a>",
    "<a href='//evil.example/x' ping='https://evil.example'>bonjour</a>",
    "<a href='file:///etc/passwd'>bonjour</a>",
    "<svg onload=alert(1)><script>1</script></svg>bonjour",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>bonjour",
    "<style>*{display:none}@import 'https://evil.example/x.css'</style>bonjour",
    "<link rel=stylesheet href=https://evil.example>bonjour",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>bonjour",
    "<base href='https://evil.example/'>bonjour",
    "<iframe src='https://evil.example' srcdoc='<script>1</script>'></iframe>bonjour",
    "<object data=x><embed src=x></object>bonjour",
    "<form action='https://evil.example'><input name=password type=password><button>ok</button></form>bonjour",
    "<textarea><script>alert(1)</script></textarea>bonjour",
    "<div style='position:fixed;top:0;left:0;width:100%;height:100%;background:url(https://evil.example/x)'>bonjour</div>",
    "<div style='background:url(javascript:alert(1))' onclick=alert(1) onmouseover='alert(1)'>bonjour</div>",
    "<p class='case-page button danger' id='reply'>bonjour</p>",
    "<template><script>alert(1)</script></template>bonjour",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>bonjour",
    "<!--><img src=x onerror=alert(1)>-->bonjour",
    "<![CDATA[<script>alert(1)</script>]]>bonjour",
    "<img src='https://evil.example/pixel.gif' srcset='https://evil.example/2x.gif 2x' background=x>bonjour",
    "<table background='https://evil.example/x.png'><tr><td background='https://evil.example/y.png'>bonjour</td></tr></table>",
    "<video src=https://evil.example/v poster=https://evil.example/p></video><audio src=x></audio>bonjour",
    "<img data-remote-src='javascript:alert(1)' src=x>bonjour",
    "<img data-cid='x\" onerror=\"alert(1)' src='cid:x&quot; onerror=&quot;alert(1)'>bonjour",
    "<img src='https://evil.example/&quot; onerror=&quot;alert(1)'>bonjour",
    '<a title="</a><script>alert(1)</script>" href="https://ok.example">bonjour</a>',
    "<p hidden>caché</p><p style='display:none'>caché</p>bonjour",
    "<xmp><script>alert(1)</script></xmp>bonjour",
    "<plaintext>bonjour",
    "<isindex action=javascript:alert(1)>bonjour",
    "<b style='expression(alert(1))'>bonjour</b>",
    '<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">bonjour',
    '<a href="https://ok.example" target="_self" rel="opener">bonjour</a>',
]
ALLOWED = re.compile(
    r'</?[a-z0-9]+(?: (?:href="(?:https?:|mailto:|tel:)[^"<>]*"|(?:title|dir|lang|alt|width|height|colspan|rowspan|start|data-cid)="[^"]*"'
    r'|data-remote-src="https?://[^"]*"|class="mail-[a-z -]*"|target="_blank"|rel="noopener noreferrer nofollow"))*>'
)
FORBIDDEN = (
    "<script",
    "<style",
    "<iframe",
    "<svg",
    "<form",
    "<input",
    "<object",
    "<meta",
    "<base",
    "<link",
    "<math",
    " style=",
    " id=",
    " src=",
)


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_hostile_survives(html: str) -> None:
    found = read(mail(html=f"<html><body>{html}</body></html>"))
    assert "bonjour" in found.text
    assert "caché" not in found.text
    shown = found.html or ""
    for tag in re.findall(r"<[^>]*>", re.sub(r'"[^"]*"', lambda m: m[0].replace("<", "‹").replace(">", "›"), shown)):
        assert ALLOWED.fullmatch(tag), tag
    assert not [word for word in FORBIDDEN if word in re.sub(r'"[^"]*"', '""', shown).lower()]
    assert "caché" not in shown


def test_remote_images_wait_to_be_asked_for() -> None:
    found = read(
        mail(
            html='<p>Voyez</p><img src="https://x.example/a.png?u=1&amp;v=2" width="20" alt="logo"><img src="//x.example/b.png">'
        )
    )
    assert found.has_remote_images
    assert found.html is not None
    assert 'data-remote-src="https://x.example/a.png?u=1&amp;v=2"' in found.html
    assert 'data-remote-src="https://x.example/b.png"' in found.html
    assert " src=" not in found.html
    assert not read(mail(html='<img src="cid:a@b">x')).has_remote_images


def test_images_carried_within_the_html_become_files() -> None:
    found = read(mail(html='<p>Voyez <img src="data:image/png;base64,iVBORw0KGgo="></p>'))
    assert [(a.content_type, a.inline, a.content) for a in found.attachments] == [
        ("image/png", True, b"\x89PNG\r\n\x1a\n")
    ]
    assert found.html is not None
    assert f'data-cid="{found.attachments[0].content_id}"' in found.html


def test_links_are_harmless_and_marked() -> None:
    found = read(
        mail(
            html='<a href="https://roux.example/x">ici</a> <a href="mailto:a@b.example">a@b.example</a> <a href="tel:+33612345678">06</a>'
        )
    )
    assert found.html is not None
    assert found.html.count('rel="noopener noreferrer nofollow"') == 3
    assert found.html.count('target="_blank"') == 3
    assert found.new_text == "ici <https://roux.example/x> a@b.example 06"


def test_the_few_styles_that_matter_become_classes() -> None:
    found = read(
        mail(
            html='<p style="text-align:center"><span style="font-weight:bold;color:red">gras</span> <span style="font-style: italic">it</span></p><p align="right">d</p>'
        )
    )
    assert found.html == (
        '<p class="mail-center"><span class="mail-bold">gras</span> <span class="mail-italic">it</span></p><p class="mail-right">d</p>'
    )


def test_readable_text() -> None:
    html = (
        "<h1>Titre</h1><p>Un&nbsp;deux<br>trois</p><ul><li>a</li><li>b</li></ul><ol start=3><li>c</li><li>d</li></ol>"
        "<table><tr><td>Réf</td><td>12</td></tr><tr><td>Prix</td><td>5&nbsp;€</td></tr></table><pre>x\n  y</pre><div>fin &lt;3 &amp; plus</div>"
    )
    assert read(mail(html=html)).new_text == (
        "Titre\n\nUn deux\ntrois\n\n- a\n- b\n\n3. c\n4. d\n\nRéf 12\nPrix 5 €\n\nx\n  y\n\nfin <3 & plus"
    )


def test_office_markup_and_conditional_comments() -> None:
    html = '<html xmlns:o="urn:x"><head><!--[if gte mso 9]><xml><o:x>caché</o:x></xml><![endif]--><style>p{x}</style></head><body><p class=MsoNormal>Bonjour<o:p></o:p></p></body></html>'
    assert read(mail(html=html)).new_text == "Bonjour"


def test_the_charset_of_a_meta_tag() -> None:
    raw = b"From: a@b.example\nContent-Type: text/html\n\n<meta http-equiv=x content='text/html; charset=iso-8859-15'><p>5 \xa4</p>"
    assert read(raw).new_text == "5 €"


@pytest.mark.parametrize(
    "tag", ["div", "blockquote", "b", "table><tr><td", "span", "a href=https://x.example", "font", "ul><li"]
)
def test_deep_markup_is_bounded(tag: str) -> None:
    html = f"<{tag}>" * 20_000 + "bonjour"
    found = read(mail(html=html))
    assert "bonjour" in found.text
    assert found.html is None or len(found.html) < 3_000_000


def test_markup_too_deep_keeps_its_words_and_is_told() -> None:
    found = read(mail(html="<div>" * 100 + "bonjour" + "</div>" * 100), limits=Limits(markup_depth=50))
    assert found.new_text == "bonjour"
    assert found.html is None
    assert "hostile_html" in {t.code for t in found.troubles}


def test_a_line_end_within_a_description_of_an_image() -> None:
    found = read(mail(html="<pre>a<img alt='deux\nlignes' src='https://x.example/a.png'>b</pre><p>c</p>"))
    assert found.new_text == "a[deux lignes]b\n\nc"
    assert not found.troubles


def test_a_letter_whose_lower_case_is_two_characters() -> None:
    found = read(mail("\u0130stanbul : le couvercle manque.\n\nEnvoyé de mon iPhone"))
    assert found.new_text == "\u0130stanbul : le couvercle manque."
