"""What people paste: a page that means harm, and a page of Word."""

HOSTILE = """<html><head><style>p { background: url(https://evil.example/style.png) }</style></head><body>
<script>window.ran = "script"; fetch("https://evil.example/")</script><img src="x" onerror="window.ran = 'onerror'">
<img src="https://evil.example/pixel.png">
<svg onload="window.ran = 'svg'"><style>* { fill: red }</style><image href="https://evil.example/svg.png"/></svg>
<p style="background: url(https://evil.example/bg.png); position: fixed" style="color: red"
   onmouseover="window.ran = 'over'">Safe <b/style="color: red">words</b>, style = "plain"</p>
<a href="javascript:window.ran = 'link'">not a link</a>
<a href="https://example.org/a" title="a > b" style="color: red" onclick="window.ran = 'click'">a link</a>
<iframe src="https://evil.example/frame"></iframe><video src="https://evil.example/v.mp4" autoplay></video>
<form action="https://evil.example/"><input name="a" autofocus onfocus="window.ran = 'focus'"></form>
<span data-inline="field" data-name="../Bad">bad field</span><img data-attachment="../../etc" src="x">
<ol start="-7"><li>item</li></ol><span data-inline="reference" data-to="planet" data-target="x">bad reference</span>
<span data-inline="place" data-hint="&lt;img src=x onerror=window.ran=1&gt;">x</span>
<p data-pm-slice='1 1 ["marquee",{"onload":"window.ran = 4"}]'>slice</p>
<table style="width: 10px"><tr><td colspan="9999999" onclick="window.ran = 3">cell</td></tr></table>
<math><mtext><table><mglyph>
<style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.ran=2&gt;"></math></body></html>"""


def _bullet(sign: str) -> str:
    return f"<![if !supportLists]><span style='mso-list:Ignore'>{sign}<span>&nbsp;</span></span><![endif]>"


def _listed(level: int, sign: str, text: str, place: str = "Middle") -> str:
    style = f"text-indent:-18.0pt;mso-list:l0 level{level} lfo1"
    return f"<p class=MsoListParagraphCxSp{place} style='{style}'>{_bullet(sign)}{text}</p>"


WORD = f"""<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang=EN><!--StartFragment-->
<h1 style='mso-list:l1 level1 lfo2'>{_bullet("4.")}Purpose<o:p></o:p></h1>
<p class=MsoNormal style='margin-left:1cm'><span style='font-weight:bold'>Every</span> gauge
<span style='display:none'>hidden</span><i>counts</i>.<o:p></o:p></p>
{_listed(1, "·", "wipe", "First")}{_listed(2, "a)", "with a cloth")}{_listed(1, "·", "read", "Last")}
<h6>Deep</h6>
<table class=MsoTableGrid><thead><tr><th style='width:5cm'><p class=MsoNormal>Head</p></th></tr></thead>
<tr><td><p>Cell</p></td></tr></table><div>Loose words</div><!--EndFragment--></body></html>"""
