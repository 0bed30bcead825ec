/**
 * The one style sheet of the page. Colours are pairs that keep a contrast of 4.5 to 1 in light and dark; every
 * coloured thing has a word or a shape as well.
 */
export const STYLE = `
:root{--bg:#fbfbfa;--card:#fff;--ink:#1c1e21;--soft:#54595f;--line:#dcdfe3;--code:#f1f2f4;--link:#0b57a4;
--good:#14692f;--good-bg:#e9f5ec;--bad:#a81c1c;--bad-bg:#fcecea;--warn:#7c4a03;--warn-bg:#fdf3e0;--busy:#1b4f9c;--busy-bg:#e9f0fb;--quiet:#54595f;--quiet-bg:#f1f2f4}
@media (prefers-color-scheme:dark){:root{--bg:#14161a;--card:#1b1e23;--ink:#e6e8eb;--soft:#a5adb6;--line:#343a42;--code:#262a31;--link:#8ab8ff;
--good:#7fd897;--good-bg:#16291c;--bad:#ff9d94;--bad-bg:#341a19;--warn:#f2c063;--warn-bg:#30250f;--busy:#94bcff;--busy-bg:#182540;--quiet:#a5adb6;--quiet-bg:#262a31}}
*{box-sizing:border-box}
html{color-scheme:light dark;scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0 auto;padding:1.5rem clamp(.9rem,3vw,3rem) 3rem;max-width:84rem;background:var(--bg);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;overflow-wrap:anywhere}
@media (min-width:120rem){html{font-size:112.5%}body{max-width:92rem}}
h1{margin:0;font-size:clamp(1.5rem,1.1rem + 1.6vw,2.1rem);line-height:1.2;font-weight:650;letter-spacing:-.01em}
h2{margin:0 0 .8rem;font-size:1.2rem;font-weight:650}
h3{margin:0 0 .5rem;font-size:1rem;font-weight:650}
small{font-size:.85em;font-weight:400;color:var(--soft)}
p{margin:.3rem 0}
a{color:var(--link);text-underline-offset:.15em}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em}
pre{margin:.5rem 0;padding:.75rem .9rem;background:var(--code);border-radius:6px;white-space:pre-wrap;line-height:1.5}
ul,ol{margin:0;padding:0}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
main:focus{outline:none}
.sprite{position:absolute;width:0;height:0}
.icon{width:1.05em;height:1.05em;flex:none;vertical-align:-.16em}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:.5rem;padding:.4rem .8rem;background:var(--card);z-index:1}
.product{margin:0 0 .8rem;color:var(--soft);font-size:.92rem}
.verdict{display:flex;gap:.9rem;padding:1.1rem 1.2rem;border-radius:10px;border:1px solid;border-left-width:6px}
.verdict>.icon{width:2rem;height:2rem;margin-top:.15rem}
.verdict p{color:var(--ink);margin:.35rem 0 0}
.verdict>div{min-width:0}
.codes{list-style:none;display:flex;flex-wrap:wrap;gap:.4rem;margin:.6rem 0 0}
.codes code{display:block;padding:.1rem .5rem;border:1px solid currentColor;border-radius:4px}
.doubts{margin:.6rem 0 0;padding-left:1.2rem;color:var(--ink)}
.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}.busy{color:var(--busy)}.quiet{color:var(--quiet)}
.verdict.good{background:var(--good-bg)}.verdict.bad{background:var(--bad-bg)}.verdict.warn{background:var(--warn-bg)}.verdict.busy{background:var(--busy-bg)}
.facts{display:flex;flex-wrap:wrap;gap:.45rem 1.8rem;margin:.8rem 0 0}
.facts>div{min-width:0}
dt{font-size:.8rem;color:var(--soft)}
dd{margin:0}
nav{margin:1.4rem 0 0;border-block:1px solid var(--line)}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:0 1.1rem}
nav a{display:inline-block;padding:.45rem 0;font-size:.92rem;text-decoration:none}
nav a:hover{text-decoration:underline}
main>section{margin-top:2.2rem}
.lead,.n,.when,.end,.omitted,.basis{color:var(--soft)}
.lead,.omitted,.basis,.end{font-size:.92rem}
.n,.took{font-size:.88rem}
.command{border-left:4px solid var(--link)}
.remedy{display:block;margin-top:.2rem}
.pipeline{display:block;width:100%;height:auto}
.pipeline.down{display:none;max-width:20rem}
@media (max-width:56rem){.pipeline.across{display:none}.pipeline.down{display:block}}
.node rect{fill:var(--card);stroke:currentColor;stroke-width:1.5}
.node.bad rect,.node.warn rect{stroke-width:3.5}
.node.bad rect{fill:var(--bad-bg)}.node.warn rect{fill:var(--warn-bg)}.node.good rect{fill:var(--good-bg)}.node.busy rect{fill:var(--busy-bg)}
.node.quiet rect{stroke-dasharray:4 4}
.node text{font-size:13px;fill:currentColor}
.node .name{font-size:14.5px;font-weight:650;fill:var(--ink)}
.node .note{fill:var(--soft)}
.arrow{fill:none;stroke:var(--soft);stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.arrow.ahead{stroke-dasharray:2 5}
.badge{display:inline-block;font-size:.88rem;font-weight:600;white-space:nowrap}
.badge .icon{margin-right:.3em}
.row .badge{min-width:6.6em}
.gates{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1rem}
.gate{padding:1rem 1.1rem;background:var(--card);border:1px solid var(--line);border-top:4px solid;border-radius:8px;min-width:0}
.gate>*{color:var(--ink)}
.gate h3{display:flex;justify-content:space-between;gap:.6rem;font-size:1.08rem}
.gate .basis{margin-top:.7rem;color:var(--soft)}
.gate+article{margin-top:0}
summary{cursor:pointer;padding:.25rem 0}
.document{margin-top:1rem;padding:.3rem 1.1rem .5rem;background:var(--card);border:1px solid var(--line);border-radius:8px}
.document[open]{padding-bottom:1rem}
.document>summary .badge{margin:0 .5rem}
.finding{margin:.8rem 0 0;padding-left:.9rem;border-left:3px solid}
.finding>*{color:var(--ink)}
.finding.quiet{border-left-color:var(--line)}
h4{margin:.9rem 0 .3rem;font-size:1rem;font-weight:600}
.finding h4{margin:0 0 .2rem}
h4 code{font-weight:400;color:var(--soft);margin-left:.4em}
.about{font-weight:600}
.finding .findings li{padding:.25rem 0;border-top:0}
.changes li{padding:.15rem 0 .15rem 1.1rem;text-indent:-1.1rem}
.changes li::before{content:"\\2022";display:inline-block;width:1.1rem;text-indent:0;color:var(--soft)}
.table .facts>div:first-child{border-top:0}
.table .facts{margin:0;display:grid;grid-template-columns:max-content minmax(0,1fr);gap:0}
.table .facts>div{display:grid;grid-template-columns:subgrid;grid-column:1/-1;gap:0 1.6rem;padding:.35rem 0;border-top:1px solid var(--line);align-items:baseline}
@media (max-width:40rem){.table .facts,.table .facts>div{display:block}}
table{border-collapse:collapse;width:100%;max-width:56rem;margin-top:.6rem;font-variant-numeric:tabular-nums}
th,td{padding:.4rem 0 .4rem 1.2rem;text-align:right;font-weight:400;border-top:1px solid var(--line)}
th:first-child{padding-left:0;text-align:left}
thead th{border-top:0;font-size:.8rem;color:var(--soft);vertical-align:bottom}
tr.attempt>*{border-top:0;padding-top:0}
tr.attempt th{padding-left:1.1rem}
tfoot>tr>*{border-top:2px solid var(--line);font-weight:650}
.unknown{color:var(--soft);font-style:italic;font-weight:400}
@media (max-width:40rem){thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}table,tbody,tfoot,tr,th[scope=row]{display:block}tr{padding:.4rem 0;border-top:1px solid var(--line)}tr>*,tfoot>tr>*{border:0;padding:0;text-align:left}tr.attempt th{padding:0 0 0 1.1rem}tr.attempt td:first-of-type{margin-left:1.1rem}.codes code{font-size:.78rem}td{display:inline-block;margin-right:1.2rem}td::before{content:attr(data-label) " ";font-size:.8rem;font-style:normal;font-weight:400;color:var(--soft)}}
.findings,.list,.changes{list-style:none}.list .facts{margin-top:.3rem}.facts+.list{margin-top:.8rem}
.findings li,.list li{padding:.5rem 0;border-top:1px solid var(--line)}
.text{display:block}
.axis{display:flex;justify-content:space-between;margin-top:1rem;font-size:.8rem;color:var(--soft)}
.invocation{padding:.2rem 0 .6rem;border-top:1px solid var(--line)}
.row{display:grid;grid-template-columns:minmax(0,27rem) minmax(0,1fr) 4.6rem;gap:0 1rem;align-items:center;padding:.22rem 0}
summary.row{list-style:none}
summary.row::-webkit-details-marker{display:none}
summary.row .what::before{content:"";display:inline-block;width:.42em;height:.42em;margin:0 .55em .12em .1em;border:solid var(--soft);border-width:0 2px 2px 0;transform:rotate(-45deg)}
details[open]>summary.row .what::before{transform:rotate(45deg)}
.row.quiet .what,div.row .what{padding-left:1.2em}
.row h3{margin:.5rem 0 .2rem}
.row .what{min-width:0}
.row .what,.row b{color:var(--ink)}
.row .what .quiet{color:var(--quiet)}
.took{text-align:right;color:var(--soft);font-variant-numeric:tabular-nums}
.said{grid-column:1/-1;padding-left:1.2em;font-size:.9rem;color:var(--soft)}
.attempt>.table{margin:.2rem 0 .8rem 1.2em;padding:0 .9rem;border-left:3px solid var(--line)}
.bars{display:block;width:100%;height:1rem;background:linear-gradient(var(--line),var(--line)) center/100% 1px no-repeat}
.axis+.invocation{border-top:0}
.bar{fill:currentColor}
.bar.rail{fill:var(--soft)}
.bar.good{fill:var(--good)}.bar.bad{fill:var(--bad)}.bar.warn{fill:var(--warn)}.bar.busy{fill:var(--busy)}.bar.quiet{fill:var(--quiet)}
.key{display:inline-block;width:1.3em;height:.75em;vertical-align:-.02em;border:2px solid var(--ink)}.key.kill{background:var(--ink)}
.bar.grace{fill:var(--card);stroke:var(--ink);stroke-width:1.5;vector-effect:non-scaling-stroke}
.bar.kill{fill:var(--ink)}
@media (min-width:56.01rem){.axis{padding-left:28rem;padding-right:5.6rem}}
@media (max-width:56rem){.row .badge{min-width:0;margin-right:.3rem}.row{grid-template-columns:minmax(0,1fr) auto}.row .bars{grid-column:1/-1;grid-row:2}.row .took{grid-row:1;grid-column:2}}
.log{border-top:1px solid var(--line)}
article+article{margin-top:1.2rem}
.gates article+article{margin-top:0}
footer{margin-top:2.5rem;padding-top:.8rem;border-top:1px solid var(--line);font-size:.88rem;color:var(--soft)}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{:root{--bg:#fff;--card:#fff}body{max-width:none;padding:0;font-size:10pt}nav,.skip{display:none}
details::details-content{content-visibility:visible;height:auto}
.gate,.node,.verdict,.row{break-inside:avoid}h2,h3{break-after:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
