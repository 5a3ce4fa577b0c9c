"""
What can go wrong in the visualizer. The class docstring is the default message.

EventscopeError (collector/models/errors.py)
├── InvalidConfigFile       a file given to a command that is neither a config answer nor a document
├── NoSuchTopology          what was asked to be compared is not there; the message says what was expected
├── CannotStart             `up` cannot begin; the message names the way out
├── DatabaseDamaged         the SQLite file is not whole; the message says what to do
├── DamagedBatch            a batch that cannot be counted
├── LayoutMismatch          Redis and SQL disagree on the number of shards
├── WidthsMismatch          history was begun in other widths
├── PlacesInDispute         others keep other places of the same view all the time
├── SignInRefused           a one-time link that is unknown, used or too old
├── TokenNameTaken          two tokens of the API cannot have one name
├── BadSavedView            what a browser wants to keep as a view is not one; the message says why
├── BadParameter            a parameter of an address is not what it takes; the message says what was expected
├── SpoolRefuses            what was received cannot be kept now
└── BadOtlpBody             a body that is no export request, or too large
"""

from __future__ import annotations

from collector.models.errors import EventscopeError


class InvalidConfigFile(EventscopeError):
    """The file is neither an answer of hopeit's config-manager nor an AsyncAPI or OpenAPI document."""


class NoSuchTopology(EventscopeError):
    """There is no such topology."""


class SignInRefused(EventscopeError):
    """This sign-in link was used before, is older than an hour, or never made."""


class CannotStart(EventscopeError):
    """Eventscope cannot start."""


class DatabaseDamaged(EventscopeError):
    """The database is damaged."""


class DamagedBatch(EventscopeError):
    """A batch is damaged and cannot be counted."""


class LayoutMismatch(EventscopeError):
    """Redis and SQL disagree on the layout."""


class WidthsMismatch(EventscopeError):
    """History was begun in other widths."""


class PlacesInDispute(EventscopeError):
    """Others keep placing this view; nothing was changed."""


class TokenNameTaken(EventscopeError):
    """There is a token of this name: revoke it first, or choose another name."""


class BadSavedView(EventscopeError):
    """What is to be saved is no view; the message says what was expected."""


class BadParameter(EventscopeError):
    """A parameter is not what was expected."""


class SpoolRefuses(EventscopeError):
    """What was received cannot be kept now; the message says why."""


class BadOtlpBody(EventscopeError):
    """A body that is not taken; the message says what was expected, and nothing of what came."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        #: Of the HTTP answer.
        self.status = status


class ChannelFailed(EventscopeError):
    """A notification was not taken; the message says what was expected and what came, and no address."""


class InDoubt(EventscopeError):
    """A script or sheet of the page cannot be made smaller, or linked, without guessing."""
