// What is made at its first use and kept.
#pragma once

#include <atomic>
#include <memory>

namespace fitnet {

// Callers who come at once may each make one, and the first to be ready stays. So nobody waits for a thread that a
// forked child does not have, and where making one fails the next caller tries again.
template <class Value>
class MadeOnce {
public:
    MadeOnce() = default;
    MadeOnce(const MadeOnce&) = delete;
    MadeOnce& operator=(const MadeOnce&) = delete;
    ~MadeOnce() { delete value_.load(); }

    // make() gives a std::unique_ptr to one.
    template <class Make>
    const Value& get(const Make& make) const {
        const Value* kept = value_.load(std::memory_order_acquire);
        if (kept != nullptr) return *kept;
        std::unique_ptr<const Value> made = make();
        if (value_.compare_exchange_strong(kept, made.get(), std::memory_order_acq_rel)) return *made.release();
        return *kept;
    }

private:
    mutable std::atomic<const Value*> value_{nullptr};
};

}  // namespace fitnet
