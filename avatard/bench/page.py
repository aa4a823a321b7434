"""The result as one HTML file that needs nothing else: to attach to an issue, to open in ten years."""

from __future__ import annotations

from html import escape
from pathlib import Path

import numpy as np

from avatard.bench import plots, table
from avatard.bench.result import Result, Verdict
from avatard.timing import STAGES, Percentiles

_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1f2933; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: .2rem } h2 { font-size: 1.1rem; margin: 2rem 0 .4rem }
p.facts { margin: .1rem 0; color: #52606d }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .8rem; border-bottom: 1px solid #d9e2ec; text-align: right }
th:first-child, td:first-child, td.text { text-align: left }
tr.whole td { font-weight: 600; border-top: 2px solid #9aa5b1 }
tr.broken td { color: #b91c1c; font-weight: 600 }
.passed { color: #15803d } .failed { color: #b91c1c }
svg { max-width: 100%; height: auto }
"""


def page(result: Result, verdicts: list[Verdict]) -> str:
    """The whole page."""
    ages = np.asarray(result.age_series_ms, np.float64)
    deadline_ms = result.budget.limits(result.setup.load).deadline_ms
    broken = sum(not verdict.ok for verdict in verdicts)
    headline = f"{broken} of {len(verdicts)} limits broken" if broken else f"all {len(verdicts)} limits kept"
    facts = "\n".join(f'<p class="facts">{escape(line)}</p>' for line in table.summary(result))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>avatard bench: {escape(result.budget.profile)}</title><style>{_STYLE}</style></head><body>
<h1>avatard bench</h1>
<p>budget <b>{escape(result.budget.profile)}</b> ({escape(result.budget.description)}):
<b class="{"failed" if broken else "passed"}">{headline}</b></p>
{facts}
<h2>Age of each picture at the sink</h2>
{plots.as_svg(plots.age_over_time(ages, result.seconds, deadline_ms))}
<h2>Distribution of the age</h2>
{plots.as_svg(plots.age_histogram(ages, result.age_ms, deadline_ms))}
<p class="facts">Dashed: the budget's deadline. Dotted: p50, p95, p99.</p>
<h2>Milliseconds a picture, by stage</h2>
{_stages(result)}
<h2>Budget</h2>
{_verdicts(verdicts)}
</body></html>
"""


def write_page(result: Result, verdicts: list[Verdict], path: Path) -> None:
    """Write the page to `path`, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(result, verdicts), encoding="utf-8")


def _stages(result: Result) -> str:
    rows = [
        _row(stage, result.stages_ms[stage], result.core_ms.get(stage), result.over_deadline.get(stage))
        for stage in STAGES
        if stage in result.stages_ms
    ]
    core_total = sum(result.core_ms.values()) if result.core_ms else None
    rows.append(_row("age", result.age_ms, core_total, result.over_deadline.get("age"), kind="whole"))
    return _table(("stage", "p50", "p95", "p99", "max", "CPU", "over deadline"), rows)


def _row(name: str, p: Percentiles, core: float | None, over: float | None, kind: str = "") -> str:
    values = [f"{value:.2f}" for value in (p.p50, p.p95, p.p99, p.max)]
    values.append("" if core is None else f"{core:.2f}")
    values.append("" if over is None else f"{over:.2%}")
    return f'<tr class="{kind}"><td>{escape(name)}</td>{"".join(f"<td>{value}</td>" for value in values)}</tr>'


def _verdicts(verdicts: list[Verdict]) -> str:
    rows = []
    for verdict in verdicts:
        sign = "≥" if verdict.least else "≤"
        rows.append(
            f'<tr class="{"" if verdict.ok else "broken"}"><td>{escape(verdict.what)}</td>'
            f"<td>{table.quantity(verdict.value, verdict.unit)}</td>"
            f"<td>{sign} {table.quantity(verdict.limit, verdict.unit)}</td>"
            f"<td>{'kept' if verdict.ok else 'broken'}</td></tr>"
        )
    return _table(("limit of", "measured", "allowed", ""), rows)


def _table(heads: tuple[str, ...], rows: list[str]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
