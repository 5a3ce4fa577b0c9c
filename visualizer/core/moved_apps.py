"""Apps that run in another version: their ids are other ones, what they are is not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping

from visualizer.models.kept_topology import KeptView


def moved_apps(before: KeptView, after: KeptView) -> dict[str, str]:
    """
    Key before → key after of each app that had one version and has another one.

    An app that keeps a version, or has several, is not moved: they live side by side.
    """
    keys = {app.key for app in before.apps}, {app.key for app in after.apps}
    kept = {app.name for app in before.apps if app.key in keys[1]}
    gone, new = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for app in before.apps:
        if app.key not in keys[1] and app.name not in kept:
            gone[app.name].append(app.key)
    for app in after.apps:
        if app.key not in keys[0]:
            new[app.name].append(app.key)
    return {olds[0]: new[name][0] for name, olds in gone.items() if len(olds) == 1 and len(new.get(name, ())) == 1}


def matched_ids(before: KeptView, after: KeptView, moved: Mapping[str, str]) -> dict[str, str]:
    """
    Id before → id after, if it is there, of every app and node of before.

    What is called the same is the same, even where its name holds an old version: a stream somebody named so.
    """
    rename = renamer(moved)
    own = {app.key for app in before.apps} | {node.id for node in before.nodes}
    others = {app.key for app in after.apps} | {node.id for node in after.nodes}
    names = {name: name if name in others else rename(name) for name in own}
    return {name: new if new not in own else name for name, new in names.items()}


def renamer(moved: Mapping[str, str]) -> Callable[[str], str]:
    """Writes the new keys into ids and values of before."""
    if not moved:
        return lambda text: text
    keys = "|".join(re.escape(key) for key in sorted(moved, key=len, reverse=True))
    # A key stands alone or between dots and marks: "shop.1x0" is not in "coffee_shop.1x0" nor in "shop.1x01".
    found = re.compile(rf"(?<![\w-])(?:{keys})(?![\w-])")
    return lambda text: found.sub(lambda match: moved[match[0]], text)
