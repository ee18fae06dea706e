"""Findings about batches -> one readable page: HTML in Vietnamese that needs no network, no script, no other
file.

The same findings give the same page. Texts come from exports and are escaped, every one. Keep out: judging
(`orchestration`), and the publication's page, which is for citizens.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Protocol

KINDS = {
    "dossiers": "Hồ sơ",
    "surveys": "Phiếu khảo sát",
    "feedback": "Phản ánh, kiến nghị",
    "procedures": "Danh mục thủ tục",
    "documents": "Văn bản",
    "late_notes": "Nguyên nhân trễ hạn",
}
PASSED, UNUSUAL, CRITICAL = "Bình thường", "Bất thường", "Không nạp"

STYLE = """
:root { color-scheme: light dark; --line: #8886; --bad: #b3261e; --odd: #8a5a00; --good: #1b6e3c; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --odd: #ffc46b; --good: #7fd6a0; } }
body { font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
body { max-width: 70rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .3rem; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: .2rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
.number { white-space: nowrap; }
.result { font-weight: 600; white-space: nowrap; }
.bad { color: var(--bad); } .odd { color: var(--odd); } .good { color: var(--good); }
@media print { body { max-width: none; font-size: 11pt; } section { break-inside: avoid; } }
""".strip()


class FindingLike(Protocol):
    """What the page needs of a finding (`orchestration.batches.Finding` has it)."""

    @property
    def batch_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def observed(self) -> str | float | None: ...
    @property
    def expected(self) -> str | float | None: ...
    @property
    def sentence(self) -> str: ...
    @property
    def success(self) -> bool: ...


def checks_page(findings: Iterable[FindingLike], file_names: Mapping[str, str]) -> str:
    """A page with a section per batch, batches with something unusual first.

    `file_names` says which file a batch id stands for; a batch that it does not name is shown by its id.
    """
    batches = [
        (file_names.get(batch_id, batch_id), list(group))
        for batch_id, group in groupby(
            sorted(findings, key=lambda finding: finding.batch_id), key=lambda finding: finding.batch_id
        )
    ]
    batches.sort(key=lambda batch: (min(map(_rank, batch[1])), batch[0], batch[1][0].batch_id))
    title = "Kiểm tra các tệp đã nhận"
    body = "\n".join(_section(number, *batch) for number, batch in enumerate(batches, 1))
    return f"""<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>
{STYLE}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{_summary([group for _, group in batches])}</p>
<p>Mỗi tệp được so với mức thường thấy và với các lần xuất trước cùng loại, cùng đơn vị. “Bất thường” chỉ là
lời nhắc: tệp vẫn được nạp, người phụ trách nên xem lại.
Chỉ tệp không có dòng nào dùng được mới không nạp.</p>
{body}
</main>
</body>
</html>
"""


def _summary(groups: Sequence[Sequence[FindingLike]]) -> str:
    if not groups:
        return "Chưa có tệp nào được kiểm tra."
    ranks = [min(map(_rank, group)) for group in groups]
    parts = [f"{len(groups)} tệp được kiểm tra", f"{ranks.count(1)} tệp có điểm bất thường"]
    return "; ".join([*parts, f"{ranks.count(0)} tệp không nạp"]) + "."


def _section(number: int, file_name: str, findings: Sequence[FindingLike]) -> str:
    rows = "\n".join(_row(finding) for finding in sorted(findings, key=_rank))
    odd = sum(not finding.success for finding in findings)
    # A workbook may hold several kinds: `dossiers+surveys`.
    parts = dict.fromkeys(part for finding in findings for part in finding.kind.split("+"))
    kinds = ", ".join(KINDS.get(part, part) for part in parts)
    return f"""<section aria-labelledby="tep-{number}">
<h2 id="tep-{number}">{escape(file_name)}</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="tep-{number}">
<table>
<caption>{escape(kinds)}: {odd} trên {len(findings)} điểm kiểm tra bất thường</caption>
<thead><tr><th scope="col">Kết quả</th><th scope="col">Nhận xét</th><th scope="col">Thấy</th>\
<th scope="col">Thường là</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</div>
</section>"""


def _row(finding: FindingLike) -> str:
    result, style = [(CRITICAL, "bad"), (UNUSUAL, "odd"), (PASSED, "good")][_rank(finding)]
    return (
        f'<tr><td class="result {style}">{result}</td><td>{escape(finding.sentence)}</td>'
        f'<td class="number">{_cell(finding.observed)}</td><td>{_cell(finding.expected)}</td></tr>'
    )


def _cell(value: str | float | None) -> str:
    return "" if value is None else escape(str(value))


def _rank(finding: FindingLike) -> int:
    """0 refused the file, 1 unusual, 2 as usual."""
    if finding.success:
        return 2
    return 0 if finding.severity == "critical" else 1
