"""Mermaid text, word for word, and safe from what authors write."""

import re

from hypothesis import given

from bot.drawing.exits import survey
from bot.drawing.graph import flow_graph, overview_graph
from bot.drawing.mermaid import mermaid
from tests.unit.drawing.flows import drawn, folders, named, small

EXACT = r"""---
title: "A \"small\" one (small)"
---
flowchart TD
  n0["<b>first</b> (choice)<br/>Hello #38; #60;welcome#62;."]:::step
  n1[["<b>may</b> (consent)<br/>May we?<br/>Agrees to: contact, for 30 days"]]:::consent
  n2{{"<b>send?</b> (only when)<br/>way is answered"}}:::gate
  n3[/"<b>send</b> (handoff)<br/>Shall we?<br/>To the queue intake. Shares: nothing"/]:::handoff
  n4(["<b>last</b> (end)<br/>Bye."]):::end_
  n5["<b>lost</b> (screen, unreachable)<br/>Nobody comes here."]:::unreachable
  n6(["<b>Everybody begins here</b>"]):::entrance
  n7["<b>? nowhere</b>"]:::missing
  n8>"<b>other.one</b>"]:::elsewhere
  n6 --> n0
  n0 -->|"Go on"| n1
  n0 -->|"Not now"| n7
  n0 -.->|"no answer for 1 day"| n4
  n1 -->|"Yes, you may"| n2
  n1 -->|"No, not now"| n4
  n2 -->|"yes"| n3
  n2 -->|"otherwise"| n4
  n3 -->|"Send it"| n4
  n3 <-->|"Look again"| n0
  n5 -->|"Go on"| n8
  classDef step fill:#ffffff,stroke:#56606e,color:#1b2430
  classDef consent fill:#fff3cf,stroke:#8a5a00,stroke-width:2px,color:#1b2430
  classDef handoff fill:#e1edff,stroke:#1c4f9c,stroke-width:4px,color:#1b2430
  classDef end_ fill:#e9edf2,stroke:#56606e,color:#1b2430
  classDef gate fill:#f4f1ea,stroke:#56606e,color:#1b2430
  classDef elsewhere fill:#f1f3f6,stroke:#7a8593,color:#1b2430
  classDef entrance fill:#e8f4ec,stroke:#2f6b47,color:#1b2430
  classDef missing fill:#ffe8e6,stroke:#b3261e,stroke-width:2px,color:#b3261e
  classDef unreachable fill:#fff0ef,stroke:#b3261e,stroke-width:3px,color:#b3261e
"""
LABEL = r'"(?:[\w\s.,:?!·•“”…()\'/éÉ*$=+~@^-]|#\d+;|<br/>|</?b>)*"'
NODE = re.compile(rf"  n\d+(?:\[\[|\[/|\(\[|\{{\{{|\[|>){LABEL}(?:\]\]|/\]|\]\)|\}}\}}|\]):::\w+")
EDGE = re.compile(rf"  (n\d+) (?:-->|<-->|-\.->)(?:\|{LABEL}\|)? (n\d+)")
CLASS = re.compile(r"  classDef \w+ [\w:,#-]+")


def test_a_small_flow_word_for_word():
    """What a wiki is given."""
    library = small()
    assert mermaid(flow_graph(survey(library), library.flow("small"))) == EXACT


@given(folders())
def test_nothing_an_author_writes_becomes_mermaid(folder):
    """Every line is a box, an arrow between boxes that are there, or a class."""
    library = drawn(folder)
    seen = survey(library)
    for graph in (*(flow_graph(seen, flow) for flow in library.flows), overview_graph(seen)):
        head, _, body = mermaid(graph).partition("flowchart TD\n")
        assert head.count("\n") == 3
        for line in body.splitlines():
            edge = EDGE.fullmatch(line)
            assert edge or NODE.fullmatch(line) or CLASS.fullmatch(line), line
            if edge:
                assert {edge[1], edge[2]} <= {f"n{n}" for n in range(len(graph.boxes))}


def test_a_line_about_style_is_not_taken_for_style():
    """Mermaid eats a sign of a line with `style`, a colon and a number sign."""
    flow = 'flow: small\nsteps:\n  - {id: first, say: "My style:x#y", end: yes}\n'
    library = named(flow)
    text = mermaid(flow_graph(survey(library), library.flow("small")))
    assert "My style#58;x#35;y" in text
