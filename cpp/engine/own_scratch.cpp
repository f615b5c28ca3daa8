// A key of POSIX threads, not thread_local: where memory is short, that ends the process.
#include "engine/own_scratch.hpp"

#include <pthread.h>

#include <cstdlib>
#include <cstring>
#include <new>

#include "kernels/panels.hpp"

namespace fitnet {

namespace {

// Before the bytes, on a line of its own.
struct alignas(LINE_BYTES) Header {
    int64_t count;
};

struct Key {
    Key() : made(pthread_key_create(&key, [](void* kept) { std::free(kept); }) == 0) {}
    Header* kept() const { return static_cast<Header*>(made ? pthread_getspecific(key) : nullptr); }
    pthread_key_t key;
    const bool made;
};
const Key own;  // made when the library is loaded

}  // namespace

bool reserve_own_bytes(int64_t count) noexcept {
    Header* kept = own.kept();
    if (kept != nullptr && kept->count >= count) return true;
    void* larger = nullptr;
    if (!own.made || posix_memalign(&larger, LINE_BYTES, sizeof(Header) + size_t(count)) != 0) return false;
    if (pthread_setspecific(own.key, larger) != 0) {
        std::free(larger);
        return false;
    }
    std::free(kept);
    std::memset(larger, 0, sizeof(Header) + size_t(count));
    static_cast<Header*>(larger)->count = count;
    return true;
}

void* own_bytes(int64_t count) {
    if (!reserve_own_bytes(count)) throw std::bad_alloc();
    return own.kept() + 1;
}

}  // namespace fitnet
