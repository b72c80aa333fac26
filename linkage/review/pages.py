"""The pages of a review: what each address shows, and what each form does."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, urlencode

from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from linkage.errors import InputError
from linkage.library.judgements import DIFFERENT, SAME, UNSURE
from linkage.report.page import template_file, templates
from linkage.review import hand, views
from linkage.review.desk import Desk
from linkage.review.guard import TooLargeError
from linkage.review.material import BANDS, Question
from linkage.review.texts import Words
from linkage.review.verdicts import verdict_table

VERDICTS = (SAME, DIFFERENT, UNSURE)
_SAY = "say"  # the parameter that says what was just done
_SWAP = "x-swap"  # the header by which our script asks for the next question at once
Form = Mapping[str, list[str]]


class Pages:
    """All pages of one review; `desks` are its kinds, `place` is where verdicts are kept.

    `root` is the path under which it is served, `end` ends it: who serves it sets both.
    """

    def __init__(self, desks: dict[str, Desk], place: str, is_library: bool) -> None:
        self.desks = desks
        self.place = place
        self.is_library = is_library
        self.root = ""
        self.end: Callable[[], None] = lambda: None
        self.ended = False
        self._words = Words()
        self._templates = _environment()

    def routes(self, root: str) -> list[Route]:
        """The addresses under `root`."""
        own = [
            ("/", self._home, "GET"),
            ("/style.css", self._style, "GET"),
            ("/review.js", self._script, "GET"),
            ("/finish", self._finish, "GET"),
            ("/finish", self._finished, "POST"),
        ]
        of_kind = [
            ("/", self._overview, "GET"),
            ("/band/{band}", self._band, "GET"),
            ("/question", self._question, "GET"),
            ("/history", self._history, "GET"),
            ("/verdicts.csv", self._verdicts, "GET"),
            ("/search", self._search, "GET"),
            ("/group", self._group, "GET"),
            ("/answer", self._answer, "POST"),
            ("/undo", self._undo, "POST"),
            ("/accept", self._accept, "POST"),
            ("/take-back", self._take_back, "POST"),
            ("/split", self._split, "POST"),
            ("/merge", self._merge, "POST"),
        ]
        routes = [Route(root + path, do, methods=[method]) for path, do, method in own]
        return routes + [
            Route(f"{root}/{{kind}}{path}", do, methods=[method]) for path, do, method in of_kind
        ]

    def errors(self) -> Mapping[Any, Any]:
        """What is shown where something went wrong, in one sentence."""

        async def refused(request: Request, error: Exception) -> Response:
            return self._page(request, "error.html", status=400, heading=str(error))

        async def too_large(_: Request, __: Exception) -> Response:
            return PlainTextResponse("The request is too large.", 413)

        async def not_there(_: Request, error: Exception) -> Response:
            status = error.status_code if isinstance(error, HTTPException) else 404
            return PlainTextResponse("There is no such page.", status)

        return {InputError: refused, TooLargeError: too_large, HTTPException: not_there}

    # what is shown

    async def _home(self, _: Request) -> Response:
        return self._to(next(iter(self.desks)), "")

    async def _style(self, _: Request) -> Response:
        return Response(template_file("report.css") + _file("review.css"), media_type="text/css")

    async def _script(self, _: Request) -> Response:
        return Response(_file("review.js"), media_type="text/javascript")

    async def _overview(self, request: Request) -> Response:
        desk = self._desk(request)
        return self._page(request, "overview.html", **views.overview(desk))

    async def _band(self, request: Request) -> Response:
        desk, band = self._desk(request), request.path_params["band"]
        if band not in BANDS:
            raise HTTPException(404)
        return self._page(request, "band.html", band=band, **views.band(desk, band))

    async def _question(self, request: Request) -> Response:
        desk, asked = self._desk(request), request.query_params
        question: Question | None
        if "left" in asked and "right" in asked:
            question = desk.question(asked["left"], asked["right"])
        else:
            desk.beyond = desk.beyond or "beyond" in asked
            question = (desk.back() if "back" in asked else None) or desk.next_question()
        return self._question_page(request, question)

    def _question_page(self, request: Request, asked: Question | None, said: str = "") -> Response:
        desk = self._desk(request)
        if asked is None:
            return self._page(request, "done.html", said=said, **views.done(desk))
        return self._page(request, "question.html", said=said, **views.question(desk, asked))

    async def _history(self, request: Request) -> Response:
        desk, asked = self._desk(request), request.query_params
        wanted = {name: asked.get(name, "") for name in ("words", "who", "verdict")}
        return self._page(request, "history.html", **views.history(desk, wanted))

    async def _verdicts(self, request: Request) -> Response:
        table = verdict_table(self._desk(request).held()).astype(object)
        stream = io.StringIO()
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(table.columns)
        rows.writerows(table.where(table.notna(), "").itertuples(index=False))
        headers = {"content-disposition": "attachment; filename=verdicts.csv"}
        return Response("\ufeff" + stream.getvalue(), media_type="text/csv", headers=headers)

    async def _search(self, request: Request) -> Response:
        desk, text = self._desk(request), request.query_params.get("words", "")
        return self._page(request, "search.html", **views.found(desk, text))

    async def _group(self, request: Request) -> Response:
        desk, cluster = self._desk(request), request.query_params.get("id", "")
        return self._page(request, "group.html", **views.group(desk, cluster))

    async def _finish(self, request: Request) -> Response:
        return self._page(request, "finish.html")

    # what is done

    async def _answer(self, request: Request) -> Response:
        desk, form = self._desk(request), await _form(request)
        question = desk.question(_one(form, "left"), _one(form, "right"))
        verdict = _one(form, "verdict")
        if verdict == "skip":
            desk.skip(question)
            said = self._words("skipped")
        elif verdict in VERDICTS:
            desk.answer(question, verdict)
            said = self._words("saved", verdict=self._words(verdict))
        else:
            raise InputError(f"found the verdict {verdict!r}, expected {', '.join(VERDICTS)}")
        return self._to_sender(request, form, said)

    async def _undo(self, request: Request) -> Response:
        desk, form = self._desk(request), await _form(request)
        if not desk.can_undo():
            return self._to_sender(request, form, self._words("nothing_to_undo"))
        question = desk.undo()
        if question is None or form.get("band"):
            return self._to_sender(request, form, self._words("undone"))
        return self._question_page(request, question, self._words("undone"))

    async def _accept(self, request: Request) -> Response:
        desk, form = self._desk(request), await _form(request)
        band = _one(form, "band")
        if band not in BANDS:
            raise InputError(f"found the band {band!r}, expected one of {', '.join(BANDS)}")
        name = self._words(f"band_{band}")
        n = desk.accept(band, self._words("accept_note", band=name))
        return self._to(
            request.path_params["kind"], "", say=self._words("accepted", n=n, band=name)
        )

    async def _take_back(self, request: Request) -> Response:
        desk, form = self._desk(request), await _form(request)
        ids = form.get("id", [])
        if note := form.get("all_with"):
            ids = [one.judgement_id for one in desk.held() if one.note == note[0]]
        desk.take_back(ids)
        return self._to(
            request.path_params["kind"], "history", say=self._words("taken", n=len(ids))
        )

    async def _split(self, request: Request) -> Response:
        desk, form = self._desk(request), await _form(request)
        cluster = _one(form, "cluster")
        n = hand.split(desk, cluster, form.get("stay", []), self._words("split_note"))
        said = self._words("split_done", n=n) if n else self._words("split_nothing")
        return self._to(request.path_params["kind"], "group", id=cluster, say=said)

    async def _merge(self, request: Request) -> Response:
        desk, form = self._desk(request), await _form(request)
        cluster = _one(form, "cluster")
        hand.merge(desk, cluster, _one(form, "other").strip(), self._words("merge_note"))
        return self._to(
            request.path_params["kind"], "group", id=cluster, say=self._words("merge_done")
        )

    async def _finished(self, request: Request) -> Response:
        self.ended = True
        self.end()
        return self._page(request, "ended.html")

    # what they share

    def _desk(self, request: Request) -> Desk:
        desk = self.desks.get(request.path_params["kind"])
        if desk is None:
            raise HTTPException(404)
        return desk

    def _page(
        self, request: Request, template: str, status: int = 200, **values: Any
    ) -> HTMLResponse:
        values["said"] = values.get("said") or request.query_params.get(_SAY, "")[:300]
        kind = str(request.path_params.get("kind"))
        kind = kind if kind in self.desks else next(iter(self.desks))
        return HTMLResponse(self.render(template, kind, **values), status)

    def render(self, template: str, kind: str, **values: Any) -> str:
        """The HTML of a page about one kind of things."""
        shared = {
            "t": self._words, "root": self.root, "kind": kind, "kinds": list(self.desks),
            "desk": self.desks[kind], "place": self.place, "is_library": self.is_library,
            "verdicts": VERDICTS, "here": template.partition(".")[0],
        }  # fmt: skip
        return self._templates.get_template(template).render(shared | values)

    def _to(self, kind: str, path: str, **asked: str) -> Response:
        query = f"?{urlencode(asked, errors='replace')}" if asked else ""
        return RedirectResponse(f"{self.root}/{kind}/{path}{query}", 303)

    def _to_sender(self, request: Request, form: Form, said: str) -> Response:
        """Back to the sample or group that a form was on, else to the next question."""
        kind = request.path_params["kind"]
        if band := form.get("band"):
            return self._to(kind, f"band/{band[0] if band[0] in BANDS else ''}", say=said)
        if cluster := form.get("cluster"):
            return self._to(kind, "group", id=cluster[0], say=said)
        if request.headers.get(_SWAP):  # saves a round
            return self._question_page(request, self._desk(request).next_question(), said)
        return self._to(kind, "question", say=said)


def _environment() -> Environment:
    environment = templates(_file)
    environment.filters |= {"chance": _chance, "percent": percent}
    return environment


def _chance(probability: float) -> str:
    """Two decimals, but never 0.00 or 1.00 for what is neither."""
    if 0 < probability < 0.005:
        return "< 0.01"
    return "> 0.99" if 0.995 <= probability < 1 else f"{probability:.2f}"


def percent(share: float) -> str:
    """Two digits of what is under 10 %, whole numbers above."""
    return f"{100 * share:.2g}" if share < 0.095 else f"{100 * share:.0f}"


def _file(name: str) -> str:
    return files("linkage.review").joinpath("templates", name).read_text(encoding="utf-8")


async def _form(request: Request) -> Form:
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return parse_qs(body, keep_blank_values=True, max_num_fields=20_000)
    except ValueError:
        raise InputError("found a form of too many fields, expected 20,000 at most") from None


def _one(form: Form, name: str) -> str:
    values: Sequence[str] = form.get(name, [])
    if not values:
        raise InputError(f"found a form without {name!r}, expected it")
    return values[0]
