"""Indicators to other people's systems: chosen for a reader, written in the format they read."""

from __future__ import annotations

from noroshi.share.exports.errors import ExportError
from noroshi.share.exports.format import Format, Job, told
from noroshi.share.exports.policy import Left, Policy
from noroshi.share.exports.registry import all_formats, format_named
from noroshi.share.exports.row import Row
from noroshi.share.exports.selection import Known, Tally, select
from noroshi.share.exports.writing import Folder, Nowhere, OneFile, Stream, Target

__all__ = [
    "ExportError", "Folder", "Format", "Job", "Known", "Left", "Nowhere", "OneFile", "Policy",
    "Row", "Stream", "Tally", "Target", "all_formats", "format_named", "select", "told",
]  # fmt: skip
