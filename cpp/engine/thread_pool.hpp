// Threads that stay: they spin a moment for the next job, then sleep.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>

#include "fitnet.hpp"

namespace fitnet {

// Rounds of tasks that one thread leads and others help with. The leader waits for tasks that were taken, never for
// a helper that took none: a helper that the system has put to sleep costs nothing, so more threads are not slower.
class Rounds {
public:
    // For the leader, thread 0: when this returns, work(thread, 0 .. n - 1) has been done, each task once. Where a task
    // throws, whichever thread did it, the others are done all the same, and one such exception is thrown here.
    template <class Work>
    void lead(int64_t n, const Work& work) {
        const auto call = [](const void* of, int thread, int64_t task) {
            (*static_cast<const Work*>(of))(thread, task);
        };
        lead(n, Tasks{&work, call});
    }
    // For the leader: no round follows.
    void finish() { finished_.store(true, std::memory_order_release); }
    // For the helpers: take tasks of every round until the leader is finished.
    void help(int thread);

private:
    // What is done, without a copy of it: a step must not allocate.
    struct Tasks {
        const void* work;
        void (*call)(const void* work, int thread, int64_t task);
    };
    void lead(int64_t n, const Tasks& tasks);
    bool take(int thread);

    // One number, so that a task is taken and its round known in one instruction: round | tasks | next task.
    static constexpr int BITS = 20;
    static constexpr uint64_t MASK = (uint64_t(1) << BITS) - 1;
    alignas(64) std::atomic<uint64_t> ticket_{0};
    alignas(64) std::atomic<int64_t> completed_{0};
    std::atomic<bool> finished_{false};
    std::atomic<bool> failed_{false};
    std::exception_ptr error_;      // of the first task that threw
    const Tasks* tasks_ = nullptr;  // of the round; stays while a task of it is taken and not completed
};

// Runs job(thread) for thread 0 (the caller) and, as far as helpers are free meanwhile and have room for so many bytes
// of scratch, for some of 1 to count - 1; returns when all that began are done, and throws what one of them threw.
// Nobody waits for another caller, who may himself wait for this one: a job must be whole whoever takes part in it. A
// job may begin another, and in a child that is forked meanwhile it goes on alone.
void run_on_threads(int count, int64_t scratch_bytes, const std::function<void(int)>& job);

// How many of the allowed threads are worth waking for so many tasks and flops.
int useful_threads(Threads allowed, int64_t tasks, double flops);

// `lead` on this thread, which gives out rounds of tasks; helpers on the others.
template <class Lead>
void with_helpers(int threads, int64_t scratch_bytes, const Lead& lead) {
    Rounds rounds;
    run_on_threads(threads, scratch_bytes, [&](int thread) {
        if (thread > 0) return rounds.help(thread);
        struct Finish {
            Rounds& rounds;
            ~Finish() { rounds.finish(); }
        } finish{rounds};
        lead(rounds);
    });
}

}  // namespace fitnet
