"""What reports and their index look like: on a wide screen and a phone, in the dark, on paper. One file, nothing from the network."""

COLOURS = """
:root { color-scheme: light; --ink: #1b1f24; --page: #fff; --soft: #57606a; --line: #d0d7de; --code: #f6f8fa; --link: #0a58ca;
        --good: #14713a; --bad: #b42318; --keyword: #7a1fa2; --text: #a31515; --number: #0b5c2e; --comment: #5b6570; }
@media screen and (prefers-color-scheme: dark) {
:root { color-scheme: dark; --ink: #e6edf3; --page: #0d1117; --soft: #9aa7b4; --line: #3d444d; --code: #161b22; --link: #6cb0ff;
        --good: #56d364; --bad: #ff8a80; --keyword: #d2a8ff; --text: #ffb3a7; --number: #7ee2a8; --comment: #9aa7b4; }
}
"""

COMMON = COLOURS + """
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; color: var(--ink); background: var(--page);
       overflow-wrap: break-word; }
a { color: var(--link); }
small { font-size: .875em; color: var(--soft); font-weight: normal; }
img { max-width: 100%; height: auto; background: #fff; border-radius: 8px; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { font-weight: 600; }
table { border-collapse: collapse; }
"""

INDEX = COMMON + """
body { max-width: 76rem; }
table { width: 100%; }
thead th:nth-child(4), td.time { text-align: right; }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.passed { color: var(--good); } td.failed { color: var(--bad); font-weight: 600; } td.missing { color: var(--soft); }
td img { width: 12rem; max-width: none; display: block; }
td small { white-space: nowrap; }
@media (max-width: 60rem) {
thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
table, tbody, tr, tbody th, td { display: block; }
tr { border-bottom: 1px solid var(--line); padding: .8rem 0; }
tbody th, td { border: 0; padding: .2rem 0; white-space: normal; }
td.time { text-align: left; } td:empty { display: none; } td img { width: 24rem; max-width: 100%; }
}
@media print { tr { break-inside: avoid; } a { color: inherit; } td img { width: 10rem; } }
"""

REPORT = COMMON + """
body { max-width: 64rem; }
h1, h2, h3, h4 { line-height: 1.25; margin: 1.6em 0 .6em; }
h1 { margin-top: .5em; }
.anchor-link { display: none; }
nav ul { list-style: none; margin: 0; padding: 0 0 0 1rem; }
nav > ul { padding: 0; columns: 20rem; column-gap: 2rem; }
nav li { break-inside: avoid; padding: .1rem 0; }
nav summary { font-weight: 600; cursor: pointer; }
code, pre, kbd, samp { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; line-height: 1.45; }
:not(pre) > code { background: var(--code); padding: .1em .25em; border-radius: 4px; overflow-wrap: anywhere; }
blockquote { margin: 1em 0; padding-left: 1em; border-left: 3px solid var(--line); color: var(--soft); }
hr { border: 0; border-top: 1px solid var(--line); }
.jp-InputPrompt, .jp-OutputPrompt { color: var(--soft); font: .75rem/1.6 ui-monospace, monospace; }
.jp-InputPrompt:empty, .jp-OutputPrompt:empty { display: none; }
.jp-CodeCell { margin: 1rem 0; }
.jp-InputArea-editor, .jp-RenderedMarkdown pre { background: var(--code); border: 1px solid var(--line); border-radius: 6px; padding: .5rem .7rem; }
.jp-OutputArea-output { margin: .5rem 0; }
[data-mime-type="application/vnd.jupyter.stderr"] { border-left: 3px solid var(--bad); padding-left: .7rem; }
.highlight { color: var(--ink); }
.highlight .c, .highlight .c1, .highlight .cm, .highlight .cs { color: var(--comment); font-style: italic; }
.highlight .k, .highlight .kc, .highlight .kd, .highlight .kn, .highlight .kr, .highlight .kt { color: var(--keyword); font-weight: 600; }
.highlight .s, .highlight .s1, .highlight .s2, .highlight .sc, .highlight .se { color: var(--text); }
.highlight .m, .highlight .mi, .highlight .mf, .highlight .mh, .highlight .il { color: var(--number); }
.wide { overflow-x: auto; max-width: 100%; margin: .5rem 0; }
.wide:focus-visible { outline: 2px solid var(--link); }
td, th { font-variant-numeric: tabular-nums; }
math { font-size: 1.15em; }
mi[mathvariant="bold-italic"] { font-weight: bold; }
math[display="block"] { margin: .8em 0; }
mtd[columnalign="left"] { text-align: left; }
mtd[columnalign="right"] { text-align: right; }
@media (max-width: 40rem) { body { padding: .75rem; } th, td { padding: .3rem .4rem; } ol, ul { padding-left: 1.4rem; } }
@media print {
body { max-width: none; padding: 0; font-size: 10.5pt; }
code, pre { font-size: 8.5pt; }
a { color: inherit; }
header { display: none; }
.wide { overflow-x: visible; }
.wide > math { font-size: .78em; }
.wide > table { font-size: .8em; }
h2, h3, .jp-InputPrompt { break-after: avoid; }
img, tr, pre { break-inside: avoid; }
}
"""
