"""The ledger: calls that were begun, and what was acknowledged of them, in an append-only file."""

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class CallKind(StrEnum):
    """The kind of a call; its value is the root field, or the method of a plain request."""

    READINGS = "readingsSubmit"
    PAYMENT = "paymentStart"
    REFUND = "staffRefundRequest"
    APPEAL = "appealCreate"
    UPLOAD = "PUT"
    TABLE = "PUT of an import's file"
    SIGN_UP = "userRegister"
    IMPORT = "staffImportStart"
    EXPORT = "staffExportStart"
    PHONE_CODE = "phoneCodeSend"


@dataclass(frozen=True)
class Call:
    """A write that can be repeated: the variables of a mutation, or the body of a PUT.

    `facts` are what the checks need besides.
    """

    id: str
    kind: CallKind
    token: str
    input: dict[str, Any]
    facts: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Acknowledged:
    """A call with its answer."""

    call: Call
    answer: dict[str, Any]


class Ledger:
    """All calls; `pending` are those without an answer, `acknowledged` the others."""

    def __init__(self, file: Path) -> None:
        self.pending: dict[str, Call] = {}
        self.acknowledged: dict[CallKind, list[Acknowledged]] = {kind: [] for kind in CallKind}
        self.refused: list[Call] = []
        """Calls that a rule has refused."""
        self.begun: Counter[tuple[CallKind, str]] = Counter()
        """Numbers of calls of a token by kind."""
        self._file = file
        for line in file.read_text().splitlines() if file.exists() else ():
            self._read(json.loads(line))

    @property
    def count(self) -> int:
        """The number of acknowledged calls."""
        return sum(map(len, self.acknowledged.values()))

    @property
    def number(self) -> int:
        """A number that no earlier call has."""
        return self.begun.total()

    def begin(self, call: Call) -> None:
        self._append({"begun": asdict(call)})
        self._begin(call)

    def acknowledge(self, call: Call, answer: dict[str, Any]) -> None:
        """Record an answer, before the client does anything else."""
        self._append({"acknowledged": call.id, "answer": answer})
        self._settle(call.id, answer)

    def refuse(self, call: Call) -> None:
        """Record a refusal by a rule."""
        self._append({"refused": call.id})
        self.refused.append(self.pending.pop(call.id))

    def marks(self) -> dict[CallKind, int]:
        """The present lengths of `acknowledged`, for `since`."""
        return {kind: len(calls) for kind, calls in self.acknowledged.items()}

    def since(self, marks: dict[CallKind, int]) -> dict[CallKind, list[Acknowledged]]:
        """The calls acknowledged after `marks`."""
        return {kind: calls[marks.get(kind, 0) :] for kind, calls in self.acknowledged.items()}

    def _read(self, line: dict[str, Any]) -> None:
        if begun := line.get("begun"):
            call = Call(**begun | {"kind": CallKind(begun["kind"])})
            self._begin(call)
        elif refused := line.get("refused"):
            self.refused.append(self.pending.pop(refused))
        else:
            self._settle(line["acknowledged"], line["answer"])

    def _begin(self, call: Call) -> None:
        self.pending[call.id] = call
        self.begun[call.kind, call.token] += 1

    def _settle(self, call_id: str, answer: dict[str, Any]) -> None:
        call = self.pending.pop(call_id)
        self.acknowledged[call.kind].append(Acknowledged(call, answer))

    def _append(self, line: dict[str, Any]) -> None:
        with self._file.open("a") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
