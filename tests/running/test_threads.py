"""Work in several threads: in order, no more at once than asked for, ended by an error."""

import pytest

from linkage.running.threads import each_in_threads


@pytest.mark.parametrize("threads", [1, 3])
def test_results_come_in_the_order_of_the_items(threads):
    assert list(each_in_threads(lambda k: k * k, range(50), threads)) == [k * k for k in range(50)]


@pytest.mark.parametrize("threads", [1, 3])
def test_items_are_asked_for_when_they_are_needed(threads):
    asked = []

    def items():
        for k in range(50):
            asked.append(k)
            yield k

    found = each_in_threads(abs, items(), threads)
    assert next(found) == 0
    assert len(asked) <= threads + 1
    found.close()
    assert len(asked) <= threads + 1


@pytest.mark.parametrize("threads", [1, 3])
def test_an_error_of_one_item_ends_the_work(threads):
    done = []

    def divide(k):
        done.append(k)
        return 1 // k

    with pytest.raises(ZeroDivisionError):
        list(each_in_threads(divide, [3, 2, 0, *range(1, 100)], threads))
    assert len(done) < 50
