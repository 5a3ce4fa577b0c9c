"""A CountTable in which cells may come several times → the same counts, each cell once."""

from __future__ import annotations

import numpy as np

from collector.models.count_table import CountTable, HistogramTable
from collector.models.packed_column import Column


def sum_counts(table: CountTable) -> CountTable:
    """The sums of each (second, key, server, status), in this order."""
    if not len(table):
        return table
    first, cell = _group(table.second, table.key, table.server, table.status)
    return CountTable(
        second=table.second[first],
        key=table.key[first],
        server=table.server[first],
        status=table.status[first],
        count=_sums(table.count, cell, len(first)),
        size_bytes=_sums(table.size_bytes, cell, len(first)),
        durations=_sum_histograms(table.durations, cell),
        stream_ages=_sum_histograms(table.stream_ages, cell),
    )


def _sum_histograms(table: HistogramTable, cell: Column) -> HistogramTable:
    if not len(table):
        return table
    cells = cell[table.cell]
    first, row = _group(cells, table.bucket)
    return HistogramTable(cells[first], table.bucket[first], _sums(table.count, row, len(first)))


def _group(*columns: Column) -> tuple[Column, Column]:
    """The first row of each distinct combination, and the combination's number for each row."""
    group = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        # By number: numbers that are far apart would not fit into one.
        numbers = np.unique(column, return_inverse=True)[1]
        group = np.unique(group * (int(numbers.max()) + 1) + numbers, return_inverse=True)[1]
    _, first, number = np.unique(group, return_index=True, return_inverse=True)
    return first, number


def _sums(values: Column, number: Column, numbers: int) -> Column:
    # Not by bincount: it adds floats up.
    sums = np.zeros(numbers, np.int64)
    np.add.at(sums, number, values)
    return sums
