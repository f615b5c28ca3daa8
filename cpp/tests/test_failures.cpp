// Memory that is refused: the k-th allocation fails, for k = 1, 2, ..., in every operation. The call throws
// std::bad_alloc, or does without a helper; the next call gives the bits that it always gives, and a training goes on
// from a whole step. Each k is tried in a process of its own, whose threads have no scratch yet.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <new>
#include <thread>

#include "operations.hpp"

namespace {

enum class Failing { one, all_from, of_helpers };

std::atomic<int64_t> until_failure{-1};  // allocations that are given yet; below 0: all are
std::atomic<Failing> failing{Failing::one};
std::atomic<int> failures{0};
const std::thread::id main_thread = std::this_thread::get_id();

bool is_refused() {
    const bool helper = std::this_thread::get_id() != main_thread;
    if (until_failure < 0 || (!helper && failing == Failing::of_helpers)) return false;
    if (until_failure.fetch_sub(1) > 0) return false;
    failures++;
    if (failing == Failing::all_from) until_failure = 0;
    return true;
}

void* allocated_or_null(size_t size, size_t alignment) noexcept {
    return is_refused() ? nullptr : std::aligned_alloc(alignment, (size + alignment) / alignment * alignment);
}
void* allocated(size_t size, size_t alignment) {
    void* memory = allocated_or_null(size, alignment);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

}  // namespace

// The thread sanitizer would sleep a second at the end of each process.
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_options() { return "atexit_sleep_ms=0"; }

extern "C" int __real_posix_memalign(void** memory, size_t alignment, size_t size);
extern "C" int __wrap_posix_memalign(void** memory, size_t alignment, size_t size) {  // the linker's --wrap
    return is_refused() ? ENOMEM : __real_posix_memalign(memory, alignment, size);
}

void* operator new(size_t size) { return allocated(size, 16); }
void* operator new(size_t size, const std::nothrow_t&) noexcept { return allocated_or_null(size, 16); }
void* operator new(size_t size, std::align_val_t alignment) { return allocated(size, size_t(alignment)); }
__attribute__((noinline)) void operator delete(void* memory) noexcept { std::free(memory); }
__attribute__((noinline)) void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
__attribute__((noinline)) void operator delete(void* memory, size_t) noexcept { std::free(memory); }
__attribute__((noinline)) void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
__attribute__((noinline)) void operator delete(void* memory, size_t, std::align_val_t) noexcept { std::free(memory); }

using namespace fitnet;
using namespace fitnet::tests;

namespace {

enum Outcome : int { NONE_LEFT, THROWN, FEWER_THREADS, WITHOUT_HELPER, WRONG };
int counts[WRONG + 1] = {};

void fail_from(int64_t k, Failing kind) {
    failing = kind;
    failures = 0;
    until_failure = k;
}
void fail_no_more() { until_failure = -1; }

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
    return std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

// In a child: what an operation gives whose k-th allocation fails, and then once more.
template <class T>
int outcome_of(const Operation<T>& operation, const std::vector<T>& expected, int64_t k, Failing kind) {
    const auto go_on = [] { return true; };
    std::vector<T> found(expected.size());
    bool thrown = false;
    fail_from(k, kind);
    try {
        operation.run(found.data(), Threads{3}, go_on);
    } catch (const std::bad_alloc&) {
        thrown = true;
    }
    fail_no_more();
    const bool refused = refused_threads() > 0;
    if (thrown ? failures == 0 : !same_bits(found, expected)) return WRONG;
    std::vector<T> again(expected.size());
    operation.run(again.data(), Threads{3}, go_on);
    if (!same_bits(again, expected)) return WRONG;
    return thrown ? THROWN : failures == 0 ? NONE_LEFT : refused ? FEWER_THREADS : WITHOUT_HELPER;
}

template <class Work>
int in_a_child(const Work& work) {
    const pid_t child = fork();
    if (child == 0) std::exit(work());  // with a look for leaks, where the sanitizer has one
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) < WRONG ? WEXITSTATUS(status) : WRONG;
}

template <class T>
void test_operation(const Operation<T>& operation) {
    std::vector<T> expected(size_t(operation.size));
    operation.run(expected.data(), Threads{1}, [] { return true; });
    for (const Failing kind : {Failing::one, Failing::all_from, Failing::of_helpers})
        for (int64_t k = 0;; k++) {
            const int outcome = in_a_child([&] { return outcome_of(operation, expected, k, kind); });
            counts[outcome]++;
            if (outcome == WRONG)
                std::cerr << "FAILED: " << operation.name << ", allocation " << k << ", kind " << int(kind) << "\n";
            if (outcome == NONE_LEFT || outcome == WRONG) break;
        }
}

// A training whose call fails stands at a whole step and goes on from there.
template <class T>
void test_training_goes_on(const Problem<T>& problem) {
    const Training<T> training{problem, true};
    const auto go_on = [] { return true; };
    std::vector<std::vector<T>> after;  // so many steps
    for (int64_t steps = 0; steps <= training.EPOCHS; steps++) {
        Trainer<T> trainer(problem.layers, training.settings(), problem.parameters.data(), Threads{1});
        if (steps > 0) training.run(trainer, steps, go_on);
        after.push_back(problem.parameters);
        trainer.parameters(after.back().data());
    }
    for (int64_t k = 0, outcome = THROWN; outcome != NONE_LEFT; k++) {
        outcome = in_a_child([&] {
            Trainer<T> trainer(problem.layers, training.settings(), problem.parameters.data(), Threads{3});
            std::vector<T> now(problem.parameters.size());
            fail_from(k, Failing::one);
            bool thrown = false;
            try {
                training.run(trainer, training.EPOCHS, go_on);
            } catch (const std::bad_alloc&) {
                thrown = true;
            }
            fail_no_more();
            trainer.parameters(now.data());
            if (!same_bits(now, after[size_t(trainer.steps())])) return WRONG;
            if (!thrown) return failures == 0 ? NONE_LEFT : WITHOUT_HELPER;
            training.run(trainer, training.EPOCHS - trainer.steps(), go_on);
            trainer.parameters(now.data());
            return same_bits(now, after.back()) ? THROWN : WRONG;
        });
        counts[outcome]++;
        if (outcome == WRONG) {
            std::cerr << "FAILED: a training does not go on, allocation " << k << "\n";
            return;
        }
    }
}

}  // namespace

int main() {
    const Problem<float> of_float({4, 40, 40, 2}, 1200);
    const Problem<double> small({3, 12, 8, 2}, 150);
    for (const Operation<float>& operation : operations(of_float)) test_operation(operation);
    for (const Operation<double>& operation : second_order(small)) test_operation(operation);
    for (const Operation<double>& operation : of_matrices()) test_operation(operation);
    test_training_goes_on(of_float);
    std::cout << level() << ", allocations that fail: " << counts[THROWN] << " calls ended, " << counts[FEWER_THREADS]
              << " went on with fewer threads, " << counts[WITHOUT_HELPER] << " without a helper, " << counts[WRONG]
              << " wrong\n";
    const bool passed = counts[WRONG] == 0 && counts[THROWN] > 0 && counts[FEWER_THREADS] > 0;
    return passed ? 0 : 1;
}
