"""How the review document looks, on a phone, on a screen and on paper. Only style, no words."""

SHEET = """\
:root{--ink:#1b2430;--soft:#4a5563;--line:#c3cad3;--pale:#f4f6f8;--wrong:#a3201a;--link:#1c4f9c}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.2rem;max-width:1240px;color:var(--ink);background:#fff;
 font:1rem/1.5 system-ui,"Noto Sans","DejaVu Sans",Arial,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.9rem;line-height:1.2;margin:.2em 0}
h2{font-size:1.5rem;margin:2.5rem 0 .5rem;padding-top:.8rem;border-top:3px solid var(--ink)}
h3{font-size:1.12rem;margin:0}
h4{font-size:1rem;margin:1rem 0 .3rem}
a{color:var(--link)}
code{font:600 .86em ui-monospace,"DejaVu Sans Mono",monospace}
.soft{color:var(--soft)}
.facts{margin:.3rem 0;padding:0;list-style:none;font-size:.9rem;color:var(--soft)}
.facts li{margin:.1rem 0}
.card{border:1px solid var(--line);border-radius:8px;padding:.8rem;margin:1rem 0}
.card>header{display:flex;flex-wrap:wrap;gap:.2rem .8rem;align-items:baseline}
.kind{font-size:.82rem;font-weight:700;border:1px solid var(--soft);border-radius:99px;
 padding:0 .6em}
.consent{border:4px double #8a5a00;background:#fffbf0}
.handoff{border:4px solid #1c4f9c}
.lost{border:3px solid var(--wrong)}
.lost>header .kind,.wrong{color:var(--wrong);font-weight:700}
table{border-collapse:collapse;width:100%;margin:.5rem 0;table-layout:fixed}
th,td{border:1px solid var(--line);padding:.45rem .55rem;vertical-align:top;text-align:start;
 font-weight:400}
thead th{background:var(--pale);font-weight:700}
.texts th:first-child{width:25%;font-size:.86rem}
.texts .screen{font-size:1.02rem}
.form{white-space:pre-line}
.button{display:inline-block;border:1px solid var(--soft);border-radius:6px;padding:.1em .6em;
 background:var(--pale)}
.field{border:1px dashed var(--soft);border-radius:4px;padding:0 .25em;font-size:.92em}
.state{display:block;font-size:.84rem;font-weight:700;color:var(--wrong)}
.old{color:var(--soft)}
.leads{display:block;color:var(--soft)}
.remarks{margin-top:.6rem;font-size:.9rem}
.remarks label{margin-inline-end:1.2em}
textarea{display:block;width:100%;margin-top:.3rem;border:1px solid var(--soft);border-radius:4px;
 font:15px/28px system-ui,sans-serif;padding:0 .4rem;resize:vertical;
 background:repeating-linear-gradient(#fff 0 27px,var(--line) 27px 28px) local;
 print-color-adjust:exact;-webkit-print-color-adjust:exact}
.contents{columns:19rem;column-gap:3rem;padding-inline-start:1.6rem}
.contents li{break-inside:avoid;margin-bottom:.5rem}
.contents .steps{font-size:.86rem}
.sign td{height:3.2rem}
.picture{overflow-x:auto}
.picture svg{height:auto;max-width:100%}
summary{cursor:pointer;color:var(--link)}
@media (max-width:720px){
 body{padding:.7rem}
 .texts,.texts tbody,.texts tr,.texts th,.texts td{display:block;width:100%!important}
 .texts thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
 .texts tr{margin-bottom:.7rem}
 .texts td::before{content:attr(data-language);display:block;font-size:.8rem;font-weight:700;
  color:var(--soft)}
 .texts th,.texts td{border-bottom-width:0}
 .texts tr>:last-child{border-bottom-width:1px}
 .sign thead{display:none}
 .sign tr,.sign td{display:block}
 .sign td{height:auto;min-height:2.4rem}
 .sign td::before{content:attr(data-column) ": "}
 .picture svg{max-width:none}
}
@media print{
 :root{font-size:9pt}
 body{padding:0;max-width:none;line-height:1.4}
 .card{padding:.5rem;margin:.6rem 0}
 th,td{padding:.25rem .4rem}
 .texts th:first-child{width:22%;font-size:.8rem}
 textarea{font:9pt/6mm sans-serif;
  background:repeating-linear-gradient(#fff 0 5.8mm,var(--line) 5.8mm 6mm)}
 h2{break-before:page;margin-top:0}
 nav h2,#words h2,#doors h2,#kept-out h2,#others h2{break-before:auto;margin-top:2rem}
 h2,h3,h4,.card>header{break-after:avoid}
 .card,tr,.remarks,#signed{break-inside:avoid}
 details:not([open]){display:none}
 .picture svg{max-height:20cm}
 a{color:inherit;text-decoration:none}
 .form a[href]::after{content:" (" attr(href) ")";font-size:.85em}
}
"""


def page_rules(foot: str, *, wide: bool) -> str:
    """Paper: its margins, and at its foot ``foot`` and the page number. ``foot`` is plain ASCII."""
    turned = "size:landscape;" if wide else ""
    said = "".join(sign for sign in foot if sign.isalnum() or sign in " .,:-")
    return (
        f"@page{{{turned}margin:14mm 12mm 16mm;"
        f'@bottom-left{{content:"{said}";font-size:8pt}}'
        "@bottom-right{content:counter(page);font-size:8pt}}"
    )
