#include "engine/thread_pool.hpp"

#include <pthread.h>
#include <sched.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

#include "engine/own_scratch.hpp"

namespace fitnet {

namespace {

using Clock = std::chrono::steady_clock;
constexpr double WORTH_A_THREAD = 3e6;  // flops that another thread must find to do
constexpr int SPINS = 4000;  // some ten microseconds: longer than a step's hand-over, shorter than anyone notices
// So long a helper stays awake after a job: longer than Python takes between two epochs of a training.
constexpr auto AWAKE = std::chrono::microseconds(200);
constexpr int JOBS_WITHOUT_ASKING = 100;  // after the system has refused a thread

inline void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

template <class Condition>
inline void spin_until(const Condition& holds) {
    for (int i = 0; !holds(); i++) i < SPINS ? pause() : void(sched_yield());
}

// One call's work, for as long as the call lasts.
struct Job {
    const std::function<void(int)>& work;
    const int64_t scratch_bytes;
    const int helpers;           // at most
    const pthread_t leader;      // the calling thread
    int joined = 0;              // helpers so far
    std::atomic<int> active{0};  // helpers at work
    std::atomic<bool> failed{false};
    std::exception_ptr error{};  // the first that one of them threw
    Job* next = nullptr;         // among all that are open

    void do_part(int thread) {
        try {
            work(thread);
        } catch (...) {
            if (!failed.exchange(true)) error = std::current_exception();
        }
    }
};

class Pool {
public:
    explicit Pool(Job* open = nullptr) : open_(open) {}

    void run(int helpers, int64_t scratch_bytes, const std::function<void(int)>& work) {
        Job job{work, scratch_bytes, helpers, pthread_self()};
        open(job);
        job.do_part(0);
        close(job);
        spin_until([&] { return job.active.load(std::memory_order_acquire) == 0; });
        if (job.failed.load()) std::rethrow_exception(job.error);
    }

    // Around a fork: the list of jobs is whole in the child, where the leader's own go on without helpers. All else of
    // the pool is made anew, for its threads are not there.
    void before_fork() { mutex_.lock(); }
    void in_parent() { mutex_.unlock(); }
    void in_child() {
        Job** link = &open_;
        while (*link != nullptr) {
            Job* job = *link;
            job->active.store(0);
            if (pthread_equal(job->leader, pthread_self()))
                link = &job->next;
            else
                *link = job->next;  // of a thread that is not there
        }
        mutex_.unlock();
        new (this) Pool(open_);
    }

private:
    void open(Job& job) {
        {
            std::lock_guard<std::mutex> lock(mutex_);
            employ(job.helpers);
            Job** last = &open_;
            while (*last != nullptr) last = &(*last)->next;
            *last = &job;
        }
        number_.fetch_add(1, std::memory_order_release);
        wake_.notify_all();
    }
    void close(Job& job) {
        std::lock_guard<std::mutex> lock(mutex_);
        Job** link = &open_;
        while (*link != &job) link = &(*link)->next;
        *link = job.next;
    }

    // So many workers, or fewer where the system refuses them.
    void employ(int wanted) {
        if (workers_ < wanted && asks_again_ > 0 && --asks_again_ > 0) return;
        while (workers_ < wanted) {
            try {
                std::thread([this] { work(); }).detach();
            } catch (const std::system_error&) {
                return refuse(wanted);
            } catch (const std::bad_alloc&) {
                return refuse(wanted);
            }
            workers_++;
        }
    }
    void refuse(int wanted);

    // The oldest job with room for a helper, and as which thread; null: none has.
    Job* join(int& thread) {
        for (Job* job = open_; job != nullptr; job = job->next) {
            if (job->joined == job->helpers) continue;
            thread = ++job->joined;
            job->active.fetch_add(1, std::memory_order_relaxed);
            return job;
        }
        return nullptr;
    }

    void work() {
        for (;;) {
            const unsigned seen = number_.load(std::memory_order_acquire);
            int thread = 0;
            std::unique_lock<std::mutex> lock(mutex_);
            Job* job = join(thread);
            lock.unlock();
            if (job == nullptr) {
                const auto asleep = Clock::now() + AWAKE;
                for (int i = 0; number_.load(std::memory_order_acquire) == seen; i++) {
                    i < SPINS ? pause() : void(sched_yield());
                    if (i % 64 == 0 && Clock::now() > asleep) break;
                }
                if (number_.load(std::memory_order_acquire) != seen) continue;
                lock.lock();
                wake_.wait(lock, [&] { return (job = join(thread)) != nullptr; });
                lock.unlock();
            }
            if (reserve_own_bytes(job->scratch_bytes)) job->do_part(thread);
            job->active.fetch_sub(1, std::memory_order_release);  // the leader may be gone now, and the job with him
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    int workers_ = 0;
    int asks_again_ = 0;               // after so many jobs
    Job* open_;                        // all jobs that are under way, the oldest first
    std::atomic<unsigned> number_{0};  // of jobs so far
};

std::atomic<int> refused{0};

void Pool::refuse(int wanted) {
    refused.store(wanted - workers_);
    asks_again_ = JOBS_WITHOUT_ASKING;
}

// There from the library's loading on, and never destroyed: its threads may outlive main.
alignas(Pool) char room[sizeof(Pool)];
Pool& pool() { return *std::launder(reinterpret_cast<Pool*>(room)); }

const int watches_forks = (new (room) Pool, pthread_atfork([] { pool().before_fork(); }, [] { pool().in_parent(); },
                                                           [] { pool().in_child(); }));

}  // namespace

int refused_threads() { return refused.load(std::memory_order_relaxed) == 0 ? 0 : refused.exchange(0); }

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
    try {
        tasks_->call(tasks_->work, thread, int64_t(task));
    } catch (...) {
        if (!failed_.exchange(true)) error_ = std::current_exception();
    }
    completed_.fetch_add(1, std::memory_order_acq_rel);
    return true;
}

void Rounds::lead(int64_t n, const Tasks& tasks) {
    tasks_ = &tasks;
    completed_.store(0, std::memory_order_relaxed);
    const uint64_t round = (ticket_.load(std::memory_order_relaxed) >> (2 * BITS)) + 1;
    ticket_.store(round << (2 * BITS) | uint64_t(n) << BITS, std::memory_order_release);
    while (take(0)) {}
    spin_until([&] { return completed_.load(std::memory_order_acquire) == n; });
    if (failed_.load(std::memory_order_relaxed)) {
        failed_.store(false, std::memory_order_relaxed);
        std::rethrow_exception(std::exchange(error_, nullptr));
    }
}

void Rounds::help(int thread) {
    for (int i = 0; !finished_.load(std::memory_order_acquire); i++) {
        if (take(thread))
            i = 0;
        else
            i < SPINS ? pause() : void(sched_yield());
    }
}

void run_on_threads(int count, int64_t scratch_bytes, const std::function<void(int)>& job) {
    if (count <= 1)
        job(0);
    else
        pool().run(count - 1, scratch_bytes, job);
}

}  // namespace fitnet
