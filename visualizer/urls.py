"""Which address shows what. Everything wants a signed-in person but what says @login_not_required."""

from __future__ import annotations

from django.urls import path, re_path

from visualizer.interfaces import (
    beats,
    blast,
    changes,
    declared_panel,
    drift,
    edge_panel,
    export_page,
    follow,
    health,
    hopeit_api,
    incidents,
    lint_pages,
    metrics,
    node_panel,
    notices,
    old_apps,
    pages,
    saved_views,
    sign_in,
    sources,
    tables,
    tidy,
)
from visualizer.interfaces.api import entrance

urlpatterns = [
    path("", pages.graph, name="graph"),
    path("apps", tables.apps, name="apps"),
    path("apps/beats", beats.beats, name="beats"),
    path("apps/old", old_apps.old_apps, name="old-apps"),
    path("apps/old/bring-back", old_apps.bring_back, name="bring-back"),
    path("hosts", tables.hosts, name="hosts"),
    path("export", export_page.export, name="export"),
    path("incidents", incidents.incidents, name="incidents"),
    path("incidents/silence", incidents.silence, name="silence"),
    path("incidents/silences/<int:pk>/end", incidents.unsilence, name="unsilence"),
    path("incidents/<str:key>", incidents.incident, name="incident"),
    path("incidents/<str:key>/take-care", incidents.take_care, name="take-care"),
    path("lint", lint_pages.lint, name="lint"),
    path("lint/flags/<str:view>", lint_pages.flags, name="lint-flags"),
    path("notices", notices.notices, name="notices"),
    path("sources", sources.sources, name="sources"),
    path("nodes/<str:view>/panel", node_panel.node_panel, name="node-panel"),
    path("nodes/<str:view>/declared", declared_panel.declared_panel, name="node-declared"),
    path("edges/<str:view>/panel", edge_panel.edge_panel, name="edge-panel"),
    path("blast/<str:view>", blast.blast, name="blast"),
    path("follow/<str:view>", follow.follow, name="follow"),
    path("drift/<str:view>/panel", drift.drift_panel, name="drift-panel"),
    path("drift/<str:view>/answer", drift.answer, name="drift-answer"),
    path("changes", changes.changes, name="changes"),
    path("changes/marks", changes.marks, name="change-marks"),
    path("places/tidy", tidy.tidy, name="tidy"),
    path("places/take-back", tidy.untidy, name="take-back"),
    path("views", saved_views.saved_views, name="saved-views"),
    path("views/<str:slug>", saved_views.saved_view, name="saved-view"),
    path("views/<str:slug>/delete", saved_views.delete_saved_view, name="delete-view"),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/<str:token>", sign_in.sign_in_by_link, name="sign-in-link"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("api/apps-visualizer/<str:version>/apps/events-graph", hopeit_api.events_graph, name="hopeit-graph"),
    path("api/apps-visualizer/<str:version>/event-stats/live", hopeit_api.live_stats, name="hopeit-live"),
    path("api/config-manager/<str:version>/cluster-apps-config", hopeit_api.cluster_config, name="hopeit-cluster"),
    path("ops/apps-visualizer", hopeit_api.open_page, name="hopeit-page"),
    path("api/docs", entrance.docs, name="api-docs"),
    # Last: all of /api/ that is nobody else's.
    re_path("^api/", entrance.api, name="api"),
]
handler400 = "visualizer.interfaces.errors.bad_request"
handler500 = "visualizer.interfaces.errors.page_failed"
