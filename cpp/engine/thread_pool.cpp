#include "engine/thread_pool.hpp"

#include <pthread.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace fitnet {

namespace {

using Clock = std::chrono::steady_clock;
constexpr double WORTH_A_THREAD = 3e6;  // flops that another thread must find to do
constexpr int SPINS = 4000;  // some ten microseconds: longer than a step's hand-over, shorter than anyone notices
// So long a helper stays awake after a job: longer than Python takes between two epochs of a training.
constexpr auto AWAKE = std::chrono::microseconds(200);

inline void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

class Pool {
public:
    void run(int count, const std::function<void(int)>& job) {
        std::lock_guard<std::mutex> one_job(caller_);
        const int helpers = count - 1;
        while (int(workers_.size()) < helpers) {
            const int number = int(workers_.size());
            workers_.emplace_back([this, number, seen = number_.load()]() mutable { work(number, seen); });
        }
        job_ = &job;
        helpers_ = helpers;
        busy_.store(int(workers_.size()), std::memory_order_relaxed);
        {
            std::lock_guard<std::mutex> lock(mutex_);
            number_.fetch_add(1, std::memory_order_release);
        }
        wake_.notify_all();
        job(0);
        for (int i = 0; busy_.load(std::memory_order_acquire) != 0; i++) i < SPINS ? pause() : void(sched_yield());
    }

private:
    void work(int number, unsigned seen) {
        for (;;) {
            const auto asleep = Clock::now() + AWAKE;
            for (int i = 0; number_.load(std::memory_order_acquire) == seen; i++) {
                i < SPINS ? pause() : void(sched_yield());
                if (i % 64 == 0 && Clock::now() > asleep) break;
            }
            if (number_.load(std::memory_order_acquire) == seen) {
                std::unique_lock<std::mutex> lock(mutex_);
                wake_.wait(lock, [&] { return number_.load(std::memory_order_acquire) != seen; });
            }
            seen++;
            if (number < helpers_) (*job_)(number + 1);
            busy_.fetch_sub(1, std::memory_order_release);
        }
    }

    std::mutex caller_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<std::thread> workers_;
    const std::function<void(int)>* job_ = nullptr;
    int helpers_ = 0;
    std::atomic<int> busy_{0};
    std::atomic<unsigned> number_{0};  // of the job
};

// Never destroyed: its threads may outlive main. A forked child has none of them, so it starts another pool.
std::atomic<Pool*> pool{nullptr};

Pool& current_pool() {
    static const int registered = pthread_atfork(nullptr, nullptr, [] { pool.store(nullptr); });
    (void)registered;
    Pool* existing = pool.load(std::memory_order_acquire);
    if (existing == nullptr) {
        Pool* made = new Pool;
        if (pool.compare_exchange_strong(existing, made)) return *made;
        delete made;  // another caller was quicker; this one has no threads yet
    }
    return *pool.load(std::memory_order_acquire);
}

}  // namespace

int useful_threads(Threads allowed, int64_t tasks, double flops) {
    const int64_t work = 1 + int64_t(flops / WORTH_A_THREAD);
    int64_t useful = allowed.count;
    if (useful > tasks) useful = tasks;
    if (useful > work) useful = work;
    return useful < 1 ? 1 : int(useful);
}

bool Rounds::take(int thread) {
    uint64_t ticket = ticket_.load(std::memory_order_acquire);
    if ((ticket & MASK) >= ((ticket >> BITS) & MASK)) return false;  // all are taken
    ticket = ticket_.fetch_add(1, std::memory_order_acq_rel);        // perhaps of a later round by now
    const uint64_t task = ticket & MASK;
    if (task >= ((ticket >> BITS) & MASK)) return false;
    tasks_->call(tasks_->work, thread, int64_t(task));
    completed_.fetch_add(1, std::memory_order_acq_rel);
    return true;
}

void Rounds::lead(int64_t n, const Tasks& tasks) {
    tasks_ = &tasks;
    completed_.store(0, std::memory_order_relaxed);
    const uint64_t round = (ticket_.load(std::memory_order_relaxed) >> (2 * BITS)) + 1;
    ticket_.store(round << (2 * BITS) | uint64_t(n) << BITS, std::memory_order_release);
    while (take(0)) {}
    for (int i = 0; completed_.load(std::memory_order_acquire) != n; i++) i < SPINS ? pause() : void(sched_yield());
}

void Rounds::help(int thread) {
    for (int i = 0; !finished_.load(std::memory_order_acquire); i++) {
        if (take(thread))
            i = 0;
        else
            i < SPINS ? pause() : void(sched_yield());
    }
}

void run_on_threads(int count, const std::function<void(int)>& job) {
    if (count <= 1)
        job(0);
    else
        current_pool().run(count, job);
}

}  // namespace fitnet
