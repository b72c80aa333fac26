"""A sitting: which question comes next, what an answer does, undo and back."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

import numpy as np
import pandas as pd

from linkage.errors import InputError
from linkage.evaluation.estimates import estimate
from linkage.library.judgements import DIFFERENT, SAME, UNSURE, Judgement
from linkage.review.material import Material, Question
from linkage.review.settled import Settled
from linkage.review.verdicts import Verdicts

SAMPLE = 60  # questions of a band that are drawn for its sample
_LONGEST = 300.0  # seconds; who takes longer for an answer was away
_NEEDED = 3  # answers before the time left is told
_MOST_AT_ONCE = 100_000  # verdicts that accepting a band may make


class Desk:
    """One kind of things under review, by one reviewer; verdicts are kept as they are given."""

    def __init__(self, material: Material, verdicts: Verdicts, reviewer: str) -> None:
        self.material = material
        self.verdicts = verdicts
        self.reviewer = reviewer
        self._actions: list[tuple[Question | None, list[str]]] = []
        self._visited: list[Question] = []
        self._behind = 0  # how many questions back the screen is
        self._skipped: set[frozenset[str]] = set()
        self._times: list[float] = []
        self._shown_at = time.monotonic()
        self.beyond = False  # whether other joins are asked about, too
        self._read()

    def _read(self) -> None:
        """What holds now, from where verdicts are kept."""
        held = self.verdicts.in_force()
        self._held = {frozenset((one.left_id, one.right_id)): one for one in held}
        self._settled = Settled(held)

    # what there is to ask

    def questions(self) -> list[Question]:
        """The close calls; beyond them, if asked for, the other joins, the closest first."""
        bands = self.material.bands
        beyond = [*bands["probable"], *bands["sure"]] if self.beyond else []
        return [*bands["close"], *beyond]

    def open_questions(self) -> list[Question]:
        """Those of them that no verdict settles."""
        return [one for one in self.questions() if not self.is_settled(one)]

    def is_settled(self, question: Question) -> bool:
        """Whether verdicts settle a question, also by way of others."""
        return self._settled.has(question.left, question.right)

    def next_question(self) -> Question | None:
        """The next open question; those that were skipped come last. None: all are answered."""
        self._shown_at = time.monotonic()
        self._behind = 0
        skipped = None
        for one in self.questions():
            if self.is_settled(one):
                continue
            if one.pair not in self._skipped:
                return one
            skipped = skipped or one
        if skipped:
            self._skipped.clear()
        return skipped

    def question(self, left: str, right: str) -> Question:
        """The question about two ids; raises `InputError` where one of them is not there."""
        for one in (left, right):
            if one not in self.material.clusters:
                raise InputError(f"found the id {one!r}, expected one that is under review")
        known = self.material.by_pair.get(frozenset((left, right)))
        if known is not None:
            return known
        clusters = self.material.clusters
        decision = SAME if clusters[left] == clusters[right] else DIFFERENT
        return Question(left, right, float("nan"), decision)

    def back(self) -> Question | None:
        """The question before the one on the screen; asked again, the one before that."""
        self._behind = min(self._behind + 1, len(self._visited))
        return self._visited[-self._behind] if self._behind else None

    def verdict_on(self, question: Question) -> Judgement | None:
        """What was said of exactly this pair."""
        return self._held.get(question.pair)

    # what can be done

    def answer(self, question: Question, verdict: str, note: str | None = None) -> None:
        """Keep a verdict on a question."""
        self._keep([(question.left, question.right)], verdict, note, question)
        self._see(question)
        spent = time.monotonic() - self._shown_at
        if spent < _LONGEST:
            self._times.append(spent)

    def skip(self, question: Question) -> None:
        """Ask a question later."""
        self._skipped.add(question.pair)
        self._see(question)

    def _see(self, question: Question) -> None:
        if question in self._visited:
            self._visited.remove(question)
        self._visited.append(question)

    def undo(self) -> Question | None:
        """Take back the last thing that was done in this sitting; the question it was about."""
        if not self._actions:
            return None
        question, ids = self._actions[-1]
        self.verdicts.take_back(ids, self.reviewer)
        self._actions.pop()
        if question and question in self._visited:
            self._visited.remove(question)
        self._read()
        return question

    def can_undo(self) -> bool:
        """Whether there is anything to undo."""
        return bool(self._actions)

    def steps(self) -> int:
        """How many questions were on the screen in this sitting."""
        return len(self._visited)

    def take_back(self, ids: Sequence[str]) -> None:
        """Take back verdicts by their ids."""
        self.verdicts.take_back(ids, self.reviewer)
        gone = set(ids)
        self._actions = [(q, [i for i in own if i not in gone]) for q, own in self._actions]
        self._actions = [(q, own) for q, own in self._actions if own]
        self._read()

    def accept(self, band: str, note: str) -> int:
        """Say of all of a band that it is as decided, but of what was judged; how many they are."""
        if band == "apart":
            raise InputError("these are kept apart as it is: there is nothing to accept")
        left = self.acceptable(band)
        if len(left) > _MOST_AT_ONCE:
            raise InputError(f"found {len(left):,} pairs, expected {_MOST_AT_ONCE:,} at most")
        ids: list[str] = []
        for decision in (SAME, DIFFERENT):
            pairs = [(one.left, one.right) for one in left if one.decision == decision]
            ids += self._added(pairs, decision, note)
        self._done(None, ids)
        return len(left)

    def acceptable(self, band: str) -> list[Question]:
        """Those of a band that neither verdicts nor each other settle, what is the same first."""
        questions = self.material.bands[band]
        settled, kept = Settled(self._held.values()), []
        for one in sorted(questions, key=lambda one: one.decision != SAME):
            if not settled.has(one.left, one.right):
                settled.add(one.left, one.right, one.decision)
                kept.append(one)
        return kept

    def say(self, pairs: Iterable[tuple[str, str]], verdict: str, note: str) -> int:
        """Keep one verdict on many pairs, as one thing that can be undone; how many they are."""
        return self._keep(list(pairs), verdict, note, None)

    def _keep(
        self, pairs: list[tuple[str, str]], verdict: str, note: str | None,
        question: Question | None,
    ) -> int:  # fmt: skip
        self._done(question, self._added(pairs, verdict, note))
        return len(pairs)

    def _added(self, pairs: list[tuple[str, str]], verdict: str, note: str | None) -> list[str]:
        if not pairs:
            return []
        rows = self.verdicts.add(pairs, verdict, self.reviewer, note)
        for row in rows:
            pair = frozenset((row.left_id, row.right_id))
            before = self._held.pop(pair, None)
            self._held[pair] = row
            if before is None:
                self._settled.add(row.left_id, row.right_id, row.verdict)
            elif before.verdict != row.verdict:
                self._settled = Settled(self._held.values())
        return [row.judgement_id for row in rows]

    def _done(self, question: Question | None, ids: list[str]) -> None:
        if ids:
            self._actions.append((question, ids))

    # how it goes

    def counts(self) -> Counter[str]:
        """How many verdicts of each kind hold."""
        return Counter(one.verdict for one in self._held.values())

    def held(self) -> list[Judgement]:
        """The verdicts that hold, the oldest first."""
        return list(self._held.values())

    def seconds_a_question(self) -> float | None:
        """The median time of an answer in this sitting; None before the third."""
        return median(self._times) if len(self._times) >= _NEEDED else None

    def sample(self, band: str) -> list[Question]:
        """Questions of a band drawn at random, the same at every call."""
        questions = self.material.bands[band]
        order = np.random.default_rng(1).permutation(len(questions))
        return [questions[k] for k in order[:SAMPLE]]

    def wrong_at_most(self, band: str) -> tuple[int, int, float] | None:
        """Of a band's sample: how many were judged, how many of those wrongly decided, and the
        share of the whole band that is wrong at most (95 %, see `estimate`); None without any.
        """  # noqa: D205
        drawn = self.sample(band)
        right = [self._was_right(one) for one in drawn]
        judged = [one for one in right if one is not None]
        if not judged:
            return None
        size = max(self.material.size(band), len(drawn))
        table = pd.DataFrame({"same": [None if r is None else int(r) for r in right]}, dtype=object)
        table = table.assign(
            decision=SAME, stratum=band, stratum_size=size, weight=size / len(drawn)
        )
        low, _ = estimate(table).intervals["precision"]
        return len(judged), judged.count(False), 1 - low

    def _was_right(self, question: Question) -> bool | None:
        verdict = self.verdict_on(question)
        if verdict is None or verdict.verdict == UNSURE or verdict.note:
            return None  # what was accepted with a band says nothing of the band
        return verdict.verdict == question.decision
