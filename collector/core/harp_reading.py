"""HarpReading: one round of reading a HARP proxy: how far it is read, and which pages that takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collector.core.harp_transactions import MESSAGE_BYTES, Numbered, last_whole, number_messages
from collector.models.file_record import FileRecord
from collector.models.harp_answer import HarpPage, HarpTransaction

#: Behind the first page with nothing new, for what began before.
PAGES_BEYOND = 2
#: Open ones that are asked for by name, each time.
MAX_OPEN = 20


@dataclass(frozen=True, slots=True)
class HarpReading:
    """Asked for first are those that were open the last time, then pages: so pages know all that those tell."""

    #: Where it stands; None before the first.
    record: FileRecord | None
    #: Leave alone what was there before the first.
    from_end: bool = False
    #: Those that were open, as they are now.
    named: Sequence[HarpTransaction] = ()

    def is_enough(self, pages: Sequence[HarpPage]) -> bool:
        """Whether these pages tell of every number between the place and the end."""
        if self.record is None:
            return self.from_end
        last, end, numbered = self.record.offset // MESSAGE_BYTES, self.end(pages), self.numbered(pages)
        if sum(last <= number <= end for number in numbered) == end - max(1, last) + 1:
            return True
        old = [all(m.id <= last for each in page.items for m in each.messages) for page in pages]
        return sum(old) > PAGES_BEYOND

    def numbered(self, pages: Sequence[HarpPage]) -> Numbered:
        """Every message that was told."""
        return number_messages([*self.named, *(each for page in pages for each in page.items)])

    def end(self, pages: Sequence[HarpPage]) -> int:
        """The last number of the round."""
        return last_whole([*self.named, *pages[0].items])


def open_ones(transactions: Iterable[HarpTransaction]) -> list[str]:
    """Ids of those that go on, the newest ones."""
    found = {each.id: None for each in transactions if each.finished_at is None and each.id.isalnum()}
    return list(found)[:MAX_OPEN]
