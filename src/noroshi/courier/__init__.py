"""Requests to other machines: one at a time, and bounded in time and size."""

from __future__ import annotations

from noroshi.courier.errors import CourierError
from noroshi.courier.request import Address, Answer, Request, send

__all__ = ["Address", "Answer", "CourierError", "Request", "send"]
