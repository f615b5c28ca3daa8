// What may happen while an operation asks whether to go on: calls of every operation, from this thread and from another
// that it waits for, and a fork. Each gives the bits that it always gives, and nobody waits for ever.
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <iostream>
#include <thread>
#include <utility>

#include "expect.hpp"
#include "operations.hpp"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FITNET_NO_THREADS_AFTER_FORK
#endif
#elif defined(__SANITIZE_THREAD__)
#define FITNET_NO_THREADS_AFTER_FORK  // that sanitizer allows none
#endif

using namespace fitnet;
using namespace fitnet::tests;

namespace {

#ifdef FITNET_NO_THREADS_AFTER_FORK
constexpr Threads IN_A_CHILD{1};
#else
constexpr Threads IN_A_CHILD{2};
#endif

template <class T>
struct Known {
    Operation<T> operation;
    std::vector<T> expected;

    explicit Known(const Operation<T>& of) : operation(of), expected(size_t(of.size)) {
        of.run(expected.data(), Threads{1}, [] { return true; });
    }
    bool gives_the_same(Threads threads, const KeepGoing& keep_going) const {
        std::vector<T> found(expected.size());
        operation.run(found.data(), threads, keep_going);
        return std::memcmp(found.data(), expected.data(), found.size() * sizeof(T)) == 0;
    }
    bool gives_the_same(Threads threads) const {
        return gives_the_same(threads, [] { return true; });
    }
};

// `interrupt` at the first question of an operation that asks.
template <class T, class Interrupt>
void interrupted(const Known<T>& outer, const char* what, const Interrupt& interrupt) {
    bool asked = false;
    const bool same = outer.gives_the_same(Threads{2}, [&] {
        if (!asked) interrupt();
        return asked = true;
    });
    expect(same && asked, what, outer.operation.name);
}

template <class T>
void test_calls_from_within(const std::vector<Known<T>>& all) {
    for (const Known<T>& outer : all)
        for (const Known<T>& inner : all) {
            if (!outer.operation.asks) continue;
            interrupted(outer, "a call from within",
                        [&] { expect(inner.gives_the_same(Threads{3}), "is the same", inner.operation.name); });
            interrupted(outer, "a call from another thread that is waited for", [&] {
                std::thread([&] {
                    expect(inner.gives_the_same(Threads{3}), "is the same", inner.operation.name);
                }).join();
            });
        }
}

// The child goes on with the operation where it was forked, and then begins another.
template <class T>
void test_forks_within(const std::vector<Known<T>>& all) {
    for (const Known<T>& outer : all)
        for (int threads = 1; outer.operation.asks && threads <= 3; threads++) {
            pid_t child = -1;
            const bool same = outer.gives_the_same(Threads{threads}, [&] {
                if (child == -1) child = fork();
                return true;
            });
            if (child == 0) _exit(same && all.front().gives_the_same(IN_A_CHILD) ? 0 : 1);
            int status = -1;
            expect(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0,
                   "a child goes on", outer.operation.name);
            expect(same, "and so does its parent", outer.operation.name);
        }
}

template <class T>
std::vector<Known<T>> known(const std::vector<Operation<T>>& operations) {
    return {operations.begin(), operations.end()};
}

}  // namespace

int main() {
    const Problem<float> of_float({4, 40, 40, 2}, 1200);
    const Problem<double> of_double({3, 12, 8, 2}, 150);
    const std::vector<Known<float>> first_order = known(operations(of_float));
    std::vector<Known<double>> others = known(second_order(of_double));
    for (Known<double>& of : known(of_matrices())) others.push_back(std::move(of));
    test_forks_within(first_order);  // before there are helpers
    test_calls_from_within(first_order);
    test_calls_from_within(others);
    test_forks_within(first_order);
    test_forks_within(others);
    std::cout << level() << ", calls from within: " << (failures == 0 ? "passed" : "FAILED") << "\n";
    return failures == 0 ? 0 : 1;
}
