"""What became of what we promised: one way to tell it at a time, with its picture, table and file."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases.models import Ending
from tenir.cases.words import ending_name
from tenir.figures.kept import COLUMNS, WAYS, Line, lines, promises_counted
from tenir.figures.lengths import promised_and_real
from tenir.web.desk import DeskRequest, page
from tenir.web.figures.pictures import length_names, span, spreads, stacked


def way_name(way: str) -> str:
    return {
        "kind": _("By kind"),
        "team": _("By team"),
        "cause": _("By shared cause"),
        "channel": _("By channel"),
        "month": _("By month"),
    }[way]


def column_name(column: str) -> str:
    return {
        "made": _("Made"),
        "open": _("Still open"),
        "kept": _("Kept"),
        "on_time": _("Kept by the first date"),
        "partly": _("Partly kept"),
        "renegotiated": _("With another date"),
        "broken": _("Broken"),
        "unconfirmed": _("Unconfirmed"),
        "withdrawn": _("Taken back"),
    }[column]


def _chosen(request: HttpRequest) -> tuple[str, bool]:
    way = request.GET.get("way", "kind")
    return (way if way in WAYS else "kind"), "rules" in request.GET


@page
def figures(request: DeskRequest) -> HttpResponse:
    """The last twelve months of the cases that one may see. Nothing here is told by person."""
    way, standing = _chosen(request)
    promises = promises_counted(request.user, standing=standing, at=clock.now())
    found = lines(promises, way)
    promised, real = promised_and_real(promises)
    context = {
        "ways": [{"value": each, "words": way_name(each), "current": each == way} for each in WAYS],
        "way": way,
        "standing": standing,
        "picture": stacked(found),
        "head": _head(),
        "rows": [_row(line) for line in found],
        "spreads": spreads(promised, real),
        "lengths": list(zip(length_names(), promised.counts, real.counts, strict=True)),
        "promised": {"half": span(promised.half), "nine": span(promised.nine_of_ten), "total": promised.total},
        "real": {"half": span(real.half), "nine": span(real.nine_of_ten)},
    }
    return render(request, "tenir/figures/figures.html", context)


def _head() -> list[str]:
    """The columns: how the cases ended comes before what became of the promises."""
    return [*map(ending_name, Ending.Kind.values), *map(column_name, COLUMNS)]


def _row(line: Line) -> dict[str, Any]:
    endings = [line.endings.get(kind, 0) for kind in Ending.Kind.values]
    return {"name": line.name, "values": endings + [line.counts[column] for column in COLUMNS]}


@page
def as_csv(request: DeskRequest) -> HttpResponse:
    """The same table as a file, in one's own language."""
    way, standing = _chosen(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="tenir-{way}.csv"'
    response.write("\ufeff")  # or a spreadsheet takes the accents for something else
    out = csv.writer(response, delimiter=";")
    out.writerow([way_name(way), *_head()])
    for line in lines(promises_counted(request.user, standing=standing, at=clock.now()), way):
        row = _row(line)
        out.writerow([_harmless(row["name"]), *row["values"]])
    return response


def _harmless(name: str) -> str:
    """A name that a spreadsheet would run as a formula is text all the same."""
    return f"'{name}" if name[:1] in ("=", "+", "-", "@", "\t", "\r") else name
