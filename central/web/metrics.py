"""Figures for whatever watches over the service (Prometheus' text format): of the service alone, and never of one desk or person."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import get_args

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central.database.engine import newest_version, version_in
from central.desks.desk_faults import FaultRow
from central.desks.heard import Presence, heard
from central.web.access import Anyone
from central.web.house import House, house_of

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS_S = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Of the times that answers took: a page is to stand within a second."""
ENDLESS = "/live"
"""It is sent for as long as a page is open: how long says nothing."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

router = APIRouter()


class AnswerTimes:
    """Around the whole application: how long each answer took, by its route and status."""

    def __init__(self, app: ASGIApp, times: Histogram) -> None:
        self._app = app
        self._times = times

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request, and note how long its answer took."""
        if scope["type"] != "http" or scope["path"] == ENDLESS:
            await self._app(scope, receive, send)
            return
        status = 500
        began_s = time.perf_counter()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            # The route as it is written, never the address that was asked for: that may name a desk or a person.
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._times.labels(method, route, str(status)).observe(time.perf_counter() - began_s)


class Figures(Collector):
    """What the service and its database say of themselves at the moment at which they are asked."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.registry = CollectorRegistry(auto_describe=False)
        self.times = Histogram(
            "deskside_http_answer_seconds",
            "How long answers took, by route and status.",
            ("method", "route", "status"),
            buckets=BOUNDS_S,
            registry=self.registry,
        )
        self.registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """Every figure."""
        intake, listening = self._house.intake(), self._house.listening()
        for name, value, what in (
            ("received", intake.received, "Messages that came from the broker"),
            ("kept", intake.kept, "Measurements that were kept"),
            ("repeated", intake.repeated, "Measurements that came again and were kept already"),
            ("rejected", intake.rejected, "Messages that could not be used"),
        ):
            yield CounterMetricFamily(f"deskside_ingest_{name}", f"{what}, since the start.", value=value)
        yield _gauge("ingest_backlog", "Messages that wait for the database.", intake.waiting)
        yield _gauge("broker_connected", "Whether the broker is reached.", listening.connected)
        yield _gauge(
            "ingest_trouble", "Whether something keeps measurements from being kept.", bool(listening.trouble)
        )
        yield from self._of_database()

    def _of_database(self) -> Iterator[Metric]:
        began_s = time.perf_counter()
        try:
            with self._house.reading() as session:
                session.execute(text("SELECT 1"))
                took_s = time.perf_counter() - began_s
                states = Counter(state.presence for state in heard(session).values())
                faults = session.scalar(
                    select(func.count()).select_from(FaultRow).where(FaultRow.closed_wall_s.is_(None))
                )
        except SQLAlchemyError:
            yield _gauge("database_up", "Whether the database answers.", value=False)
            return
        yield _gauge("database_up", "Whether the database answers.", value=True)
        yield _gauge("database_answer_seconds", "How long the database took to answer just now.", took_s)
        yield _gauge("faults_open", "Things that are to be mended at desks.", faults or 0)
        desks = GaugeMetricFamily("deskside_desks", "Desks, by whether each is there.", labels=["presence"])
        for presence in get_args(Presence):
            desks.add_metric([presence], states[presence])
        yield desks


@router.get("/metrics", dependencies=[Anyone])
def metrics(request: Request) -> Response:
    """The figures."""
    figures: Figures = request.app.state.figures
    return Response(generate_latest(figures.registry), headers={"content-type": MEDIA_TYPE})


@router.get("/health", dependencies=[Anyone])
def health() -> Response:
    """That the program runs."""
    return Response("runs\n", media_type="text/plain")


@router.get("/ready", dependencies=[Anyone])
def ready(request: Request) -> Response:
    """Whether the service does its work: 503 with what is amiss where it does not."""
    amiss = [*_amiss(house_of(request))]
    return Response(
        "".join(f"{line}\n" for line in amiss or ["ready"]), 503 if amiss else 200, media_type="text/plain"
    )


def _amiss(house: House) -> Iterator[str]:
    try:
        with house.reading() as session:
            found = version_in(session)
    except SQLAlchemyError:
        yield "the database does not answer"
    else:
        if found != newest_version():
            yield f"the tables of the database are of version {found or 'none'}, this software works with {newest_version()}"
    if not house.listening().connected:
        yield "the broker is not reached"


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"deskside_{name}", what, value=float(value))
