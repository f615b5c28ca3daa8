"""One thread for BLAS: while anyone asks for it, and no longer."""

from threadpoolctl import threadpool_info, threadpool_limits

from fitnet.blas import SharedLimit


def threads():
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_of_two_that_overlap_the_last_gives_blas_its_threads_back():
    """As members in training do that outlive a fit which Ctrl-C ended."""
    limit = SharedLimit()
    with threadpool_limits(2, user_api="blas"):
        before = threads()
        limit.enter()  # the fit
        limit.enter()  # a member
        assert threads() == {1}
        limit.leave()  # the fit
        assert threads() == {1}
        limit.leave()
        assert threads() == before
        limit.enter()
        assert threads() == {1}
        limit.leave()
        assert threads() == before
